/// What the keys do, and how filters are written.
enum HelpPage {
  static let lines: [String] =
    [
      "↑ ↓ k j        select a connection       PgUp PgDn    a screen of them",
      "Home End g G   the first, the last       Enter        open its ladder",
      "s S            the next order, the last  r            turn it round",
      "/              filter                    Esc          no selection, no filter",
      "p Space        pause, go on              Ctrl-L       draw the screen anew",
      "? h            this help                 q Ctrl-C     end the capture",
      "",
      "In a ladder and here: ↑ ↓ PgUp PgDn Home End ← →, and q or Esc to go back.",
      "",
      "A filter is words that must all fit:",
      "",
    ]
    + FilterField.allCases.map { field in
      let word = "\(field.rawValue):\(field.meaning.value)"
      return "  " + word.padded(to: 24) + field.meaning.shows
    } + [
      "  192.0.2.1               as address:192.0.2.1; a network as 192.0.2.0/24 too",
      "  #7                      connection 7",
      "  anything else           a text that stands somewhere in the row",
      "",
      "- or ! before a word shows the others: -state:established !port:443",
      "Names may be short: state:syn is SYN-SENT and SYN-RECEIVED.",
    ]
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}

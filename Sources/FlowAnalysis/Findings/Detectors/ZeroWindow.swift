import FlowTracker

/// `zero-window`: an end had no room for more.
struct ZeroWindow: Detector {
  static let rule = FindingRule(
    id: "zero-window", severity: .warning, title: "a receiver shut its window",
    condition: """
      A window of 0 on a segment that is no SYN, FIN or RST. It is a note where it was open again within 50 \
      milliseconds each time.
      """,
    advice: """
      The program at that end reads more slowly than its peer sends, so its host tells the peer to \
      wait. The network is not to blame.
      """,
    references: ["RFC 9293 §3.8.6"])
  static let needs: Aspects = [.irregular, .open]
  static let fact: SegmentFacts? = .zeroWindow

  /// In nanoseconds; what is shorter nobody has waited for.
  private static let briefly: Int64 = 50_000_000

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard subject.wasOpen, let seen = subject.sightings(of: .zeroWindow, by: side) else {
        return nil
      }
      // When its peer has closed, nothing is to come: `window-slam` tells.
      guard subject.sightings(of: .shutsWindowOnFIN, by: side)?.count != seen.count else {
        return nil
      }
      let shut = subject[irregularities: side].shutWindow
      // How long that lasts is known when it is open again.
      guard subject.isOver || !shut.endsShut else { return nil }
      let total = Quantity.duration(nanoseconds: shut.totalNanoseconds)
      let longest = Quantity.duration(nanoseconds: shut.longestNanoseconds)
      let times =
        shut.spells == 1
        ? "for \(total)"
        : "\(Quantity.count(shut.spells)) times, for \(total) in all and \(longest) at the longest"
      let isBrief = !shut.endsShut && shut.longestNanoseconds < briefly
      return Finding(
        rule, isBrief ? .note : .warning, blame: .init(side), frames: [seen.first, seen.last],
        "The \(side.name) had no room for more data \(times): its program reads too slowly.")
    }
  }
}

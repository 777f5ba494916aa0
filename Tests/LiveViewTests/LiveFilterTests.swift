import FlowAnalysis
import LiveView
import Testing

struct LiveFilterTests {
  private func shown(_ text: String) throws -> [Int] {
    let filter = try LiveFilter(text)
    return Sample.story.after.rows.filter { filter.shows($0) }.map(\.number)
  }

  @Test(arguments: [
    ("", [1, 2, 3, 4, 5, 6, 7]),
    ("state:syn-received", [3]), ("STATE:Syn-Received", [3]), ("state:syn", [2, 3]),
    ("state:closed", [5, 6]), ("-state:established", [2, 4, 5, 6]),
    ("!state:established", [2, 4, 5, 6]),
    ("port:443", [2, 5]), ("port:50003", [3]), ("port:443 state:listen", [2]),
    ("192.0.2.10", [1, 2, 4, 6, 7]), ("198.51.100.21", [2]), ("203.0.113.0/24", [3]),
    ("2001:db8::/32", [5]), ("2001:db8::10", [5]), ("address:2001:db8:1::20", [5]),
    ("client:203.0.113.77", [3]), ("server:203.0.113.77", []), ("server:198.51.100.21", [2]),
    ("finding:half-open-handshake", [3]), ("finding:half", [3]), ("severity:error", [5]),
    ("severity:warning", [3, 5]), ("severity:note", [3, 5]),
    ("handshake:refused", [6]), ("handshake:half-open", [3]),
    ("handshake:three-way", [1, 2, 3, 4, 5, 6]),
    ("close:reset", [5, 6]), ("close:half", [4]), ("is:ended", [5, 6]), ("is:open -port:8080", [2]),
    ("#4", [4]), ("-#4", [1, 2, 3, 5, 6, 7]),
    ("8080", [1, 3, 4, 7]), ("192.0.2.10:50001", [1]), ("[2001:db8::10]:50005", [5]),
    ("FIN-wait", [4]), ("reset by server", [5]), ("unanswered", [2]), ("no-such-text", []),
  ])
  func `words show what fits them all`(text: String, expected: [Int]) throws {
    #expect(try shown(text) == expected)
  }

  @Test(arguments: [
    ("stat:closed", "no field 'stat': did you mean state?"),
    ("xyzzy:1", "no field 'xyzzy' (? lists them)"),
    (
      "state:",
      "which state? closed, listen, syn-sent, syn-received, established, fin-wait-1, "
        + "fin-wait-2, close-wait, closing, last-ack, time-wait"
    ),
    ("state:estabilshed", "no state 'estabilshed': did you mean established?"),
    ("port:http", "port: needs a number up to 65535"),
    ("port:65536", "port: needs a number up to 65535"),
    ("port:", "port: needs a number up to 65535"),
    ("client:192.0.2", "client: needs an address or a network"),
    ("address:10.0.0.0/33", "address: needs an address or a network"),
    (
      "finding:half-closed-handshake",
      "no finding 'half-closed-handshake': did you mean half-open-handshake?"
    ),
    ("severity:bad", "no severity 'bad'"), ("is:closed", "no word 'closed'"),
    ("#", "# needs the number of a connection"), ("#x", "# needs the number of a connection"),
    ("-", "nothing to leave out"), ("port:443 !", "nothing to leave out"),
    ("handshake:maybe", "no handshake 'maybe'"), ("close:x", "no close 'x'"),
  ])
  func `a mistake is told, with what was probably meant`(text: String, expected: String) {
    #expect(throws: LiveFilter.Mistake.self) { try LiveFilter(text) }
    do throws(LiveFilter.Mistake) {
      _ = try LiveFilter(text)
    } catch {
      #expect(error.description == expected)
    }
  }

  @Test func `a name that another one begins with is not that one`() throws {
    var row = Sample.row(1)
    (row.severity, row.findings) = (.note, ["zero-window-probe"])
    #expect(try !LiveFilter("finding:zero-window").shows(row))
    #expect(try LiveFilter("finding:zero-window-").shows(row))
  }
}

import FlowAnalysis
import PacketParser
import TraceScript

/// Tests whose scripts are made of many connections.
protocol TrafficScripts {}

extension TrafficScripts {
  /// A SYN as operating systems send it, and one that a scanner made.
  static var ordinary: String { "<mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>" }
  static var crafted: String { "<mss 1460>" }

  static func lines(_ range: Range<Int>, _ line: (Int) -> String) -> String {
    range.map(line).joined(separator: "\n") + "\n"
  }

  static func refused(_ place: String, _ options: String = ordinary) -> String {
    "> S 0:0(0) \(options) \(place)\n< R. 0:0(0) ack 1 \(place)"
  }

  static func unanswered(_ place: String, _ options: String = ordinary) -> String {
    "> S 0:0(0) \(options) \(place)"
  }

  static func brokenOff(_ place: String) -> String {
    "> S 0:0(0) \(crafted) \(place)\n< S. 0:0(0) ack 1 <mss 1460> \(place)\n> R 1:1(0) \(place)"
  }

  static func opened(_ place: String) -> String {
    """
    > S 0:0(0) \(ordinary) \(place)
    < S. 0:0(0) ack 1 \(ordinary) \(place)
    > . 1:1(0) ack 1 \(place)
    """
  }

  static func closed(_ place: String, sent: Int = 0) -> String {
    let end = sent + 1
    return """
      > F. \(end):\(end)(0) ack 1 \(place)
      < F. 1:1(0) ack \(end + 1) \(place)
      > . \(end + 1):\(end + 1)(0) ack 2 \(place)
      """
  }

  static func connected(_ place: String) -> String {
    opened(place) + "\n" + closed(place)
  }

  static func used(_ place: String) -> String {
    opened(place) + "\n> P. 1:101(100) ack 1 \(place)\n< . 1:1(0) ack 101 \(place)\n"
      + closed(place, sent: 100)
  }

  /// Asks for something and then has no room for the answer.
  static func stalled(_ place: String) -> String {
    """
    \(opened(place))
    > P. 1:101(100) ack 1 \(place)
    < P. 1:1001(1000) ack 101 \(place)
    > . 101:101(0) ack 1001 win 0 \(place)
    """
  }

  /// Takes it after all.
  static func goesOn(_ place: String) -> String {
    """
    > . 101:101(0) ack 1001 win 500 \(place)
    > F. 101:101(0) ack 1001 \(place)
    < F. 1001:1001(0) ack 102 \(place)
    > . 102:102(0) ack 1002 \(place)
    """
  }

  /// The capture goes on for so long that silence means something.
  static var later: String { "+5 > S 0:0(0) <mss 1460> client 250 server 251 service 9\n" }

  static func findings(_ script: String) throws -> [CaptureFinding] {
    try Analysis(script: script).findings
  }

  static func ids(_ script: String) throws -> [String] {
    try findings(script).map(\.rule.id)
  }

  static func flood(_ count: Int, sources: Int = 300, answered: Bool = true) -> String {
    lines(0..<count) {
      let place = "client \(300 + $0 * 37 % sources) port \(1024 + $0)"
      let syn = "> S 0:0(0) <mss 1460> \(place)"
      return answered ? "\(syn)\n< S. 0:0(0) ack 1 <mss 1460> \(place)" : syn
    }
  }

  static func answers(_ count: Int, _ answer: String) -> String {
    lines(0..<count) { "\(answer) client \(10 + $0) port \(1024 + $0)" }
  }
}

extension CaptureFinding {
  var blameAddress: String? {
    if case .host(let address) = blame { address.description } else { nil }
  }
}

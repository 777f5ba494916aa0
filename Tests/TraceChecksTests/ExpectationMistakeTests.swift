import Testing
import TraceChecks

/// Every kind of mistake in a file of expectations: where it stands, and what would be right.
struct ExpectationMistakeTests {
  struct Mistake: CustomTestStringConvertible {
    var text: String
    var line: Int
    var column: Int
    var says: String
    var testDescription: String { says }

    init(_ text: String, _ line: Int, _ column: Int, _ says: String) {
      self.text = text
      self.line = line
      self.column = column
      self.says = says
    }
  }

  static let mistakes = [
    // The file.
    Mistake("", 1, 1, "the file is empty"),
    Mistake("- a\n- b\n", 1, 1, "a file of expectations must be a mapping"),
    Mistake("quality: any\n", 1, 1, "nothing is expected"),
    Mistake("each: {a: [}\n", 1, 12, "this is no YAML"),
    Mistake(
      "each:\n  duration: > 5s\n", 2, 15, "a value that begins with '>' needs quotation marks"),
    Mistake("each:\n  duration: < 5s\n  duration: < 6s\n", 2, 3, "'duration' stands here twice"),
    // Names.
    Mistake("eahc: {duration: < 1s}\n", 1, 1, "there is no section 'eahc'; did you mean 'each'?"),
    Mistake(
      "each:\n  handshake.outcom: complete\n", 2, 3,
      "there is no field 'handshake.outcom'; did you mean 'handshake.outcome'?"),
    Mistake(
      "each:\n  handshake:\n    kidn: three-way\n", 3, 5,
      "there is no field 'handshake.kidn'; did you mean 'handshake.kind'?"),
    Mistake(
      "each: {forbit: [keep-alive]}\n", 1, 8, "there is no field 'forbit'; did you mean 'forbid'?"),
    Mistake("connections: {cuont: 3}\n", 1, 15, "there is no key 'cuont'; did you mean 'count'?"),
    Mistake(
      "findings: {forbid: [half-open-handshak]}\n", 1, 21,
      "there is no finding 'half-open-handshak'; did you mean 'half-open-handshake'?"),
    Mistake(
      "findings:\n  none_at_or_above: warn\n", 2, 21,
      "there is no severity 'warn'; did you mean 'warning'?"),
    Mistake(
      "quality: compleet\n", 1, 10, "there is no quality 'compleet'; did you mean 'complete'?"),
    Mistake(
      "profile: rfc9294\n", 1, 10, "there is no profile 'rfc9294'; did you mean 'rfc9293'?"),
    Mistake("profile: {end: server}\n", 1, 10, "the profile has no name"),
    Mistake(
      "profile: {name: rfc9293, end: sever}\n", 1, 31,
      "there is no end 'sever'; did you mean 'server'?"),
    // Values.
    Mistake(
      "each:\n  handshake.outcome: compleet\n", 2, 22,
      "'compleet' is not possible here; did you mean 'complete'?"),
    Mistake(
      "each:\n  close.kind: [orderly, sideways]\n", 2, 25, "'sideways' is not possible here"),
    Mistake(
      "each:\n  states.client: [SYN-SENT, ESTABLISHD]\n", 2, 29,
      "'ESTABLISHD' is not possible here; did you mean 'ESTABLISHED'?"),
    Mistake(
      "each:\n  states.client: [SYN-SENT, TIME-WAIT]\n", 2, 29,
      "no end goes from SYN-SENT to TIME-WAIT"),
    Mistake(
      "each:\n  states.server.through: [CLOSE-WAIT, FIN-WAIT-1]\n", 2, 39,
      "no end goes from CLOSE-WAIT to FIN-WAIT-1"),
    Mistake(
      "each:\n  handshake.options.client.timestamps: maybe\n", 2, 40,
      "'maybe' is neither true nor false"),
    Mistake("each:\n  client.address: 10.0.0.256\n", 2, 19, "'10.0.0.256' is no address"),
    Mistake("each:\n  client.address: 10.0.0.0/33\n", 2, 19, "'10.0.0.0/33' is no address"),
    Mistake(
      "each:\n  order: client FIN before server FNI\n", 2, 10,
      "'server FNI' is no event; did you mean 'server FIN'?"),
    Mistake(
      "each:\n  order: client FIN before client FIN\n", 2, 10, "'client FIN' stands here twice"),
    Mistake("capture:\nquality: complete\n", 1, 9, "the capture's name is missing"),
    Mistake("each:\n  order: client FIN\n", 2, 10, "'client FIN' is no order"),
    Mistake(
      "each:\n  handshake.outcome: {a: b}\n", 2, 22,
      "'handshake.outcome' is a single value, not a mapping"),
    Mistake("each:\n  handshake.outcome:\n", 2, 21, "a value is missing"),
    Mistake("each:\n  close.kind: []\n", 2, 15, "the list is empty"),
    Mistake("each:\n  close.kind: [not reset]\n", 2, 15, "'not' within a list excludes nothing"),
    Mistake("each:\n  states.client.never: []\n", 2, 24, "the list is empty"),
    Mistake("each: {where: {server.port: 9}}\n", 1, 7, "nothing is expected of each"),
    Mistake("each: []\nquality: complete\n", 1, 7, "the list is empty"),
    Mistake("some: [{}]\n", 1, 8, "nothing is said of which connection is meant"),
    Mistake("findings: {allow: [keep-alive]}\n", 1, 11, "nothing is expected of the findings"),
    Mistake(
      "each:\n  traffic.client.payload: \"> 9223372036854775807\"\n", 2, 27,
      "nothing is more than that"),
    // Units.
    Mistake("each:\n  duration: < 50\n", 2, 13, "'50' needs a unit"),
    Mistake("each:\n  duration: < 50mss\n", 2, 13, "'mss' is no unit here; did you mean 'ms'?"),
    Mistake("each:\n  traffic.client.packets: < 5 kB\n", 2, 27, "this is a count: it has no unit"),
    Mistake("each:\n  traffic.client.payload: < 5 MBit\n", 2, 27, "'MBit' is no unit here"),
    Mistake("each:\n  traffic.client.payload: about 5\n", 2, 27, "'about 5' is no number"),
    Mistake("each:\n  traffic.client.payload: 9..3\n", 2, 27, "the range '9..3' is empty"),
    Mistake("each:\n  traffic.client.payload: < 0\n", 2, 27, "nothing is less than 0"),
    Mistake(
      "each:\n  traffic.client.packets: 1.5\n", 2, 27, "'1.5' is finer than what is counted here"),
    Mistake("each:\n  duration: < 99999999999999 h\n", 2, 13, "'99999999999999 h' is too large"),
    Mistake("patience: soon\n", 1, 11, "'soon' is no number"),
  ]

  @Test(arguments: mistakes)
  func `a mistake is told where it stands`(mistake: Mistake) throws {
    let error = try #require(throws: ExpectationsError.self) {
      try Expectations(reading: mistake.text, file: "expect.yml")
    }
    let first = try #require(error.mistakes.first)
    #expect(
      first.position == TextPosition(file: "expect.yml", line: mistake.line, column: mistake.column)
    )
    let said = error.description
    #expect(said.contains(mistake.says), "\(said)")
    #expect(said.hasPrefix("expect.yml:\(mistake.line):\(mistake.column): "))
  }

  @Test func `all mistakes are told, in the order of the file`() throws {
    let error = try #require(throws: ExpectationsError.self) {
      try Expectations(
        reading: "each:\n  nope: 1\n  duration: 3\nquality: bad\n", file: "expect.yml")
    }
    #expect(error.mistakes.map(\.position.line) == [2, 3, 4])
  }

  @Test func `JSON is read as well as YAML, nested as well as with dots`() throws {
    let json = #"{"each": {"handshake": {"outcome": "complete"}, "close.kind": ["orderly"]}}"#
    let yaml = "each:\n  handshake:\n    outcome: complete\n  close: {kind: [orderly]}\n"
    for text in [json, yaml] {
      let verdicts = try Checking.verdicts(text, Checking.whole)
      #expect(
        verdicts == ["each: handshake.outcome": .pass, "each: close.kind": .pass], "\(text)")
    }
  }

  @Test func `aliases within aliases end`() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let items = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(items)]\n"
    }
    text += "capture: *a9\n"
    let error = #expect(throws: ExpectationsError.self) {
      try Expectations(reading: text, file: "expect.yml")
    }
    #expect(error?.mistakes.isEmpty == false)
  }

  @Test func `aliases within keys end`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...8 {
      let items = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(items)]\n"
    }
    text += "? *a8\n: 1\n? *a7\n: 1\n"
    #expect(throws: ExpectationsError.self) {
      try Expectations(reading: text, file: "expect.yml")
    }
  }

  @Test func `a file that is too large or too deep is refused`() {
    for text in [
      String(repeating: "#", count: 2 << 20), String(repeating: "[", count: 100_000),
      "each: " + String(repeating: "{a: ", count: 5_000),
    ] {
      #expect(throws: ExpectationsError.self) {
        try Expectations(reading: text, file: "expect.yml")
      }
    }
  }

  @Test(arguments: 0..<200)
  func `every beginning of a file is read or refused`(length: Int) {
    let text = """
      quality: complete
      connections: {count: 1, where: {server.port: 443}}
      each:
        handshake.rtt.server: < 50ms
        states.client: [SYN-SENT, ESTABLISHED]
        order: [client FIN before server FIN]
        forbid: [half-open-handshake]
      """
    _ = try? Expectations(reading: String(text.prefix(length)), file: "expect.yml")
  }
}

import FlowTracker
import Foundation
import Testing
import TraceScript

struct EndpointStateTests {
  /// No arrow of the state machine changes unseen.
  @Test func `every state and every event`() throws {
    var table = "The state after each event, in each state; \"-\" where RFC 9293 draws no arrow.\n"
    for state in EndpointState.allCases {
      table += "\n\(state.name)\n"
      for event in EndpointEvent.allCases {
        let name = "\(event)".padding(to: 30)
        table += "  \(name)\(state.next(on: event)?.name ?? "-")\n"
      }
    }
    try expectGolden(table, "transitions.txt")
  }

  /// The article shows the arrows that the function has; `UPDATE_GOLDEN=1` draws them anew.
  @Test func `the graph in the documentation is that of the function`() throws {
    let article = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/FlowTracker/FlowTracker.docc/EndpointStates.md")
    let text = try String(contentsOf: article, encoding: .utf8)
    let parts = text.components(separatedBy: "```")
    try #require(parts.count == 3, "one code block, the graph")
    let drawn = [parts[0], "mermaid\n" + graph(), parts[2]].joined(separator: "```")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try Data(drawn.utf8).write(to: article)
    }
    let isTrue = drawn == text
    #expect(isTrue, "the arrows are now:\n\(graph())")
  }

  /// A Mermaid state diagram.
  ///
  /// What a RST does is the same in every synchronized state (the test below
  /// holds that), and drawn once.
  private func graph() -> String {
    var lines = ["stateDiagram-v2"]
    lines += EndpointState.allCases.map { "  \(node($0)): \($0.name)" }
    lines.append("  state synchronized {")
    for state in EndpointState.allCases where state.isSynchronized {
      lines += arrows(from: state) { !Self.resets.contains($0) }.map { "    \($0)" }
    }
    lines.append("  }")
    lines.append("  synchronized --> closed: sends RST, receives RST")
    for state in EndpointState.allCases where !state.isSynchronized {
      lines += arrows(from: state) { _ in true }.map { "  \($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let resets: [EndpointEvent] = [
    .sendsRST, .receivesRST, .receivesRSTAfterPassiveOpen,
  ]

  /// The arrows from a state, those to one target in one line.
  private func arrows(
    from state: EndpointState, where isDrawn: (EndpointEvent) -> Bool
  ) -> [String] {
    EndpointState.allCases.compactMap { target in
      let events = EndpointEvent.allCases.filter { state.next(on: $0) == target && isDrawn($0) }
      guard !events.isEmpty else { return nil }
      return "\(node(state)) --> \(node(target)): \(events.map(words).joined(separator: ", "))"
    }
  }

  private func node(_ state: EndpointState) -> String { "\(state)" }

  /// `receives SYNACK` for `receivesSYNACK`.
  private func words(_ event: EndpointEvent) -> String {
    guard event != .timeWaitEnds else { return "2·MSL pass" }
    let name = "\(event)"
    let verb = name.prefix { $0.isLowercase }
    return "\(verb) \(name.dropFirst(verb.count))"
      .replacing("ACKOf", with: "ACK of ").replacing("AndACK", with: " and ACK")
      .replacing("AfterPassiveOpen", with: " after a passive open").replacing(
        "SYNACK", with: "SYN-ACK")
  }

  @Test func `what is sent in CLOSED and LISTEN is never an answer that was not asked for`() {
    #expect(EndpointState.closed.next(on: .sendsSYNACK) == nil)
    #expect(EndpointState.closed.next(on: .sendsFIN) == nil)
    #expect(EndpointState.listen.next(on: .sendsFIN) == nil)
  }

  @Test(arguments: EndpointState.allCases.filter(\.isSynchronized))
  func `a reset ends every synchronized state`(state: EndpointState) {
    #expect(state.next(on: .receivesRST) == .closed)
    #expect(state.next(on: .receivesRSTAfterPassiveOpen) == .closed)
    #expect(state.next(on: .sendsRST) == .closed)
  }

  @Test func `every state can be reached from CLOSED or LISTEN, and left`() {
    var reached: Set<EndpointState> = [.closed, .listen]
    for _ in EndpointState.allCases {
      for state in reached {
        reached.formUnion(EndpointEvent.allCases.compactMap { state.next(on: $0) })
      }
    }
    #expect(reached == Set(EndpointState.allCases))
    for state in EndpointState.allCases {
      #expect(EndpointEvent.allCases.contains { state.next(on: $0) != nil })
    }
  }
}

extension String {
  fileprivate func padding(to length: Int) -> String {
    self + String(repeating: " ", count: max(0, length - count))
  }
}

import FlowTracker
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

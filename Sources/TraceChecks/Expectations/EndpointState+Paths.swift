import FlowTracker

extension EndpointState {
  /// The states that one event leads to.
  var followers: [EndpointState] {
    EndpointState.allCases.filter { next in
      EndpointEvent.allCases.contains { self.next(on: $0) == next }
    }
  }

  /// Whether a timeline may have the two next to each other: what is closed may begin anew.
  func canBeFollowed(by next: EndpointState) -> Bool {
    followers.contains(next) || self == .closed && (next == .listen || next == .synSent)
  }

  /// Whether some way leads from one to the other; one that was closed on the way is another connection.
  func reaches(_ other: EndpointState) -> Bool {
    var reached = EndpointState.allCases.filter { canBeFollowed(by: $0) }
    var index = 0
    while index < reached.count {
      if reached[index] == other { return true }
      if reached[index] != .closed {
        reached += reached[index].followers.filter { !reached.contains($0) }
      }
      index += 1
    }
    return false
  }
}

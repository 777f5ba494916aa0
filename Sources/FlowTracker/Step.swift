/// What one segment did.
public struct Step: BitwiseCopyable, Sendable {
  /// The connection it belongs to, until the next call that changes the table.
  public var connection: ConnectionID
  public var sender: Side
  public var facts: SegmentFacts

  init(connection: ConnectionID, sender: Side, facts: SegmentFacts) {
    self.connection = connection
    self.sender = sender
    self.facts = facts
  }
}

/// A place in the connection table; reused after its connection was put away.
public struct ConnectionID: Hashable, BitwiseCopyable, Sendable {
  package var rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  static let none = ConnectionID(rawValue: .max)
}

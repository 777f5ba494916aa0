extension ConnectionTable {
  /// The number of a connection, without a copy of the rest of it.
  package func number(of id: ConnectionID) -> Int { arena[id].history.number }
}

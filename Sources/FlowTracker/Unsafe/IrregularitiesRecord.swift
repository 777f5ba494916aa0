import PacketParser

/// What was remarkable of both ends of a connection that was taken out of the table.
///
/// Plain memory, lent where it lies: it is a kilobyte for each end, and who reads a number of it would copy all
/// of them before.
@safe
final class IrregularitiesRecord: @unchecked Sendable {
  /// Of the client, then of the server.
  private let ends: UnsafeMutablePointer<EndpointIrregularities>

  /// What there is to tell of a connection that is regular.
  static let regular = IrregularitiesRecord(
    InlineArray(repeating: EndpointIrregularities()), until: Timestamp(nanoseconds: 0))

  /// What the table knew when the connection's latest segment had come, at `last`.
  init(_ known: borrowing InlineArray<2, EndpointIrregularities>, until last: Timestamp) {
    unsafe ends = .allocate(capacity: 2)
    for end in 0..<2 {
      unsafe (ends + end).initialize(to: known[end])
      unsafe ends[end].shutWindow.finish(at: last)
    }
  }

  deinit {
    unsafe ends.deallocate()
  }

  subscript(side: Side) -> EndpointIrregularities {
    unsafeAddress { unsafe address(of: side) }
  }

  /// Valid as long as the record is kept.
  fileprivate func address(of side: Side) -> UnsafePointer<EndpointIrregularities> {
    unsafe UnsafePointer(ends + Int(side.rawValue))
  }
}

extension Connection {
  /// What was irregular of an end, which is nothing of most; it is lent, being a kilobyte.
  public subscript(irregularities side: Side) -> EndpointIrregularities {
    // Whoever borrows it borrows the connection, which keeps the record.
    unsafeAddress { unsafe (record.irregularities ?? .regular).address(of: side) }
  }
}

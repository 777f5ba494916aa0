/// Where a report's bytes go: gathered here, written in large pieces.
public final class ReportOutput {
  private static let pieceSize = 256 * 1024

  private var pending: [UInt8] = []
  private let writePiece: ([UInt8]) throws -> Void
  /// Whether anything has been written before, be it dropped later.
  private(set) var hasBegun: Bool
  /// The first error of a write; what comes after it is dropped.
  public private(set) var failure: (any Error)?

  /// An output that hands its bytes to `writePiece`, in order.
  ///
  /// - Parameters:
  ///   - isContinued: Whether the report has begun elsewhere, with other captures.
  ///   - writePiece: Writes the next bytes.
  public init(isContinued: Bool = false, _ writePiece: @escaping ([UInt8]) throws -> Void) {
    self.writePiece = writePiece
    hasBegun = isContinued
    pending.reserveCapacity(Self.pieceSize + 4096)
  }

  public func write(_ text: String) {
    hasBegun = true
    pending.append(contentsOf: text.utf8)
    if pending.count >= Self.pieceSize { flush() }
  }

  func write(_ text: borrowing RecordText) {
    hasBegun = true
    text.append(to: &pending)
    if pending.count >= Self.pieceSize { flush() }
  }

  public func flush() {
    defer { pending.removeAll(keepingCapacity: true) }
    guard failure == nil, !pending.isEmpty else { return }
    do {
      try writePiece(pending)
    } catch {
      failure = error
    }
  }
}

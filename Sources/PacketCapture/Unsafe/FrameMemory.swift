internal import PacketParser

/// Memory for frames, in pieces of one size, which the system gives as it is written to.
@safe
struct FrameMemory: ~Copyable {
  private static let headerSize = 24

  let pieceSize: Int
  private let base: UnsafeMutableRawPointer

  init(pieces: Int, of pieceSize: Int) {
    self.pieceSize = pieceSize
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: pieces * pieceSize, alignment: 16)
  }

  deinit {
    unsafe base.deallocate()
  }

  /// How many bytes it takes to keep `frame`.
  static func size(of frame: RawSpan) -> Int { headerSize + frame.byteCount }

  /// Puts a frame at `offset` of a piece, where there must be room for it.
  mutating func store(_ frame: RawSpan, _ info: FrameInfo, at offset: Int, of piece: Int) {
    precondition(offset >= 0 && offset + Self.size(of: frame) <= pieceSize)
    let record = unsafe base + (piece * pieceSize + offset)
    unsafe record.storeBytes(of: info.number, as: Int.self)
    unsafe record.storeBytes(of: info.time.nanoseconds, toByteOffset: 8, as: Int64.self)
    unsafe record.storeBytes(
      of: UInt32(clamping: info.wireLength), toByteOffset: 16, as: UInt32.self)
    unsafe record.storeBytes(of: UInt32(frame.byteCount), toByteOffset: 20, as: UInt32.self)
    unsafe frame.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress else { return }
      unsafe (record + Self.headerSize).copyMemory(from: source, byteCount: bytes.count)
    }
  }

  /// Lends the frame that was put at `offset` of a piece.
  func withFrame<Result, Failure: Error>(
    at offset: Int, of piece: Int, _ body: (RawSpan, FrameInfo) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let record = unsafe base + (piece * pieceSize + offset)
    let info = unsafe FrameInfo(
      number: record.loadUnaligned(as: Int.self),
      time: Timestamp(nanoseconds: record.loadUnaligned(fromByteOffset: 8, as: Int64.self)),
      wireLength: Int(record.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
    let length = Int(unsafe record.loadUnaligned(fromByteOffset: 20, as: UInt32.self))
    precondition(offset + Self.headerSize + length <= pieceSize)
    let frame = unsafe RawSpan(_unsafeStart: record + Self.headerSize, byteCount: length)
    return try body(frame, info)
  }
}

public import PacketParser

/// The latest frames, as many as a time and a space allow.
///
/// Frames lie one after the other in a few pieces of memory that are used in turn, so nothing is allocated
/// for them. The oldest go when there is no more room, a piece at a time.
public struct FrameRing: ~Copyable {
  /// Frames older than this, seen from the newest, are not given out.
  public let windowNanoseconds: Int64
  /// Frames that went because there was no room, not because they were too old.
  public private(set) var framesEvicted = 0
  /// Frames that are longer than a piece and were not kept at all.
  public private(set) var framesTooLong = 0

  private var memory: FrameMemory
  /// What is in the pieces, by their places in memory.
  private var pieces: [Piece]
  /// The place of the oldest piece in use, and how many are.
  private var first = 0
  private var used = 0
  private var newest = Timestamp(nanoseconds: .min)

  /// What is in a piece of memory.
  private struct Piece {
    var frames = 0
    /// How much of it is full.
    var bytes = 0
    var newest = Timestamp(nanoseconds: .min)
  }

  private static let piecesWanted = 32
  /// The longest frame that libpcap reads (256 KiB), and what is noted of it.
  private static let leastPieceSize = (1 << 18) + 64

  /// A ring that keeps frames for `windowNanoseconds`, if they and what is noted of them (24 bytes each)
  /// need no more than `bytes`; a megabyte is the least.
  ///
  /// The system gives the memory as it is first needed.
  public init(windowNanoseconds: Int64, bytes: Int) {
    let size = max(bytes / Self.piecesWanted, Self.leastPieceSize)
    let count = max(4, bytes / size)
    self.windowNanoseconds = windowNanoseconds
    memory = FrameMemory(pieces: count, of: size)
    pieces = [Piece](repeating: Piece(), count: count)
  }

  /// Keeps a frame.
  public mutating func append(_ frame: RawSpan, _ info: FrameInfo) {
    advance(to: info.time)
    let size = FrameMemory.size(of: frame)
    guard size <= memory.pieceSize else {
      framesTooLong += 1
      return
    }
    if used == 0 || pieces[last].bytes + size > memory.pieceSize { beginPiece() }
    let place = last
    memory.store(frame, info, at: pieces[place].bytes, of: place)
    pieces[place].bytes += size
    pieces[place].frames += 1
    pieces[place].newest = max(pieces[place].newest, info.time)
  }

  /// Lets go of what is too old when the capture's clock shows `time`.
  public mutating func advance(to time: Timestamp) {
    newest = max(newest, time)
    while used > 0, !isRecent(pieces[first].newest) { dropPiece() }
  }

  /// Whether no frame is kept.
  public var isEmpty: Bool { used == 0 }

  /// Gives the frames that are kept to `receiver`, the oldest first, under the numbers that they came with.
  public func forEachFrame<Receiver: FrameReceiver & ~Copyable>(_ receiver: inout Receiver) {
    visit { frame, info in receiver.receive(frame, info) }
  }

  /// Writes the frames that are kept, the oldest first.
  ///
  /// - Returns: How many there were.
  /// - Throws: What `writer` throws.
  public func write(to writer: inout CaptureWriter) throws(CaptureWriterError) -> Int {
    var (count, failure) = (0, CaptureWriterError?.none)
    visit { frame, info in
      do throws(CaptureWriterError) {
        try writer.write(frame, info)
        count += 1
        return .next
      } catch {
        failure = error
        return .stop
      }
    }
    if let failure { throw failure }
    return count
  }

  // MARK: - Pieces

  private func visit(_ body: (RawSpan, FrameInfo) -> FrameDemand) {
    for turn in 0..<used {
      let place = (first + turn) % pieces.count
      var offset = 0
      while offset < pieces[place].bytes {
        let demand = memory.withFrame(at: offset, of: place) { frame, info in
          offset += FrameMemory.size(of: frame)
          return isRecent(info.time) ? body(frame, info) : .next
        }
        if demand == .stop { return }
      }
    }
  }

  private func isRecent(_ time: Timestamp) -> Bool {
    newest.nanoseconds(since: time) <= windowNanoseconds
  }

  /// The place of the piece that frames are put into.
  private var last: Int { (first + used - 1) % pieces.count }

  private mutating func beginPiece() {
    if used == pieces.count {
      framesEvicted += pieces[first].frames
      dropPiece()
    }
    used += 1
    pieces[last] = Piece()
  }

  private mutating func dropPiece() {
    first = (first + 1) % pieces.count
    used -= 1
  }
}

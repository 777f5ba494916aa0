/// A capture in a file or on standard input: pcap or pcapng, as it is or compressed with gzip or zstd.
public struct CaptureFile: FrameSource, ~Copyable {
  /// As it was given; "-" is standard input.
  public let path: String
  /// Frames read so far, whether or not a filter hides them.
  public private(set) var framesRead = 0
  public private(set) var framesSkippedByFilter = 0

  private let handle: PcapHandle
  private var filter: CaptureFilter?
  /// What reading failed with: it cannot go on behind damage.
  private var failure: CaptureError?

  /// Opens the capture at `path`, or on standard input when that is "-".
  public init(path: String) throws(CaptureError) {
    do throws(OpeningFailure) {
      handle = try PcapHandle(path: path == "-" ? nil : path)
    } catch {
      throw CaptureError(error, path)
    }
    self.path = path
  }

  public var linkTypeNumber: Int32 { handle.linkTypeNumber }
  /// libpcap's name of the link type, such as "EN10MB", or "DLT_n" where it has none.
  public var linkTypeName: String { LinkTypeText.name(linkTypeNumber) }
  /// libpcap's description of the link type, such as "Ethernet".
  public var linkTypeDescription: String { LinkTypeText.description(linkTypeNumber) }
  /// The most bytes of a frame that were kept when the capture was made.
  public var snapLength: Int { handle.snapLength }
  /// The file's format and the version of it, such as "pcap 2.4".
  public var formatName: String {
    "\(handle.isPcapng ? "pcapng" : "pcap") \(handle.majorVersion).\(handle.minorVersion)"
  }

  /// The length of the file as it is stored, in bytes; `nil` for a pipe.
  public var byteCount: Int? { handle.byteCount }
  /// How many bytes of the file as it is stored were used, out of `byteCount`.
  public var bytesConsumed: Int { handle.bytesConsumed }

  /// Gives only frames that match `expression` to receivers from now on.
  ///
  /// Frames keep the numbers that they have in the file.
  public mutating func setFilter(_ expression: String) throws(CaptureError) {
    filter = try CaptureFilter(
      expression, linkTypeNumber: linkTypeNumber, snapLength: snapLength)
  }

  public mutating func readFrames<Receiver: FrameReceiver & ~Copyable>(
    atMost limit: Int, into receiver: inout Receiver
  ) throws(CaptureError) -> ReadingPause {
    if let failure { throw failure }
    var start = (position: 0, frames: 0)
    let pause = FrameLoop.with(
      &receiver, filter, framesRead: framesRead, framesSkippedByFilter: framesSkippedByFilter
    ) { loop in
      let end = loop.framesRead + min(limit, .max - loop.framesRead)
      var pause: ReadingPause? = .limit
      while loop.framesRead < end {
        start = (handle.position, loop.framesRead)
        let count = min(end - loop.framesRead, handle.canSeek ? Self.stride : 1)
        pause = handle.read(count, into: &loop)
        if pause != .limit { break }
      }
      framesRead = loop.framesRead
      framesSkippedByFilter = loop.framesSkippedByFilter
      return pause
    }
    if let pause { return pause }
    let failure = failure(from: start)
    self.failure = failure
    throw failure
  }

  /// How many frames of a regular file are read before the position is noted again.
  ///
  /// A note costs a system call there and only serves to tell where damage is, which is found by reading
  /// the frames after the last note once more. What comes through a pipe or a decompressor cannot be read
  /// again, but a note of it is cheap, so there one is taken for each frame.
  private static let stride = 4096

  private func failure(from start: (position: Int, frames: Int)) -> CaptureError {
    let (message, problem) = (handle.errorMessage, handle.streamProblem)
    let packet = framesRead + 1
    if problem == nil, let difference = InterfaceDifference(message: message) {
      return .mixedInterfaces(
        path: path, packet: packet, difference: difference, reason: message)
    }
    let framesSinceStart = framesRead - start.frames
    let byteOffset =
      framesSinceStart == 0
      ? start.position : handle.position(after: framesSinceStart, framesFrom: start.position)
    return .damaged(
      CaptureDamage(
        path: path, packet: packet, byteOffset: byteOffset, reason: problem ?? message,
        compressedOffset: handle.isCompressed ? handle.bytesConsumed : nil))
  }
}

extension InterfaceDifference {
  /// What libpcap complains of; pcapng declares its interfaces one by one.
  fileprivate init?(message: String) {
    if message.hasPrefix("an interface has a type ") {
      self = .linkType
    } else if message.hasPrefix("an interface has a snapshot length ") {
      self = .snapLength
    } else {
      return nil
    }
  }
}

extension CaptureError {
  fileprivate init(_ failure: OpeningFailure, _ path: String) {
    self =
      switch failure {
      case .cannotOpen(let reason): .cannotOpen(path: path, reason: reason)
      case .damagedStream(let reason, let offset):
        .notACapture(path: path, reason: "\(reason), at byte \(offset)", kind: nil)
      case .notACapture(_, firstBytes: []): .empty(path: path)
      case .notACapture(let reason, _) where reason.hasPrefix("truncated dump file"):
        // libpcap counts here without the magic number, so its own words would mislead.
        .notACapture(path: path, reason: "it ends within its file header", kind: nil)
      case .notACapture(let reason, let bytes):
        .notACapture(path: path, reason: reason, kind: ForeignFile(firstBytes: bytes))
      }
  }
}

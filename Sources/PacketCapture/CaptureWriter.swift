public import PacketParser

/// Frames on their way into pcap files.
///
/// What is written can be read at any time, even if the process is killed: a file gets whole records only,
/// each at most a second of capture time after its frame (`advance(to:)` sees to that when no frames come).
/// What can still leave half a record is what stops the system in the middle of a write: its own end, or a
/// full disk, and of that the file is mended.
public struct CaptureWriter: ~Copyable {
  /// The file that is being written.
  public private(set) var path: String
  public private(set) var framesWritten = 0
  /// How many files have been begun.
  public private(set) var filesBegun = 1

  private let format: CaptureFormat
  private let names: CaptureFileNames?
  private let rotation: CaptureRotation
  private var file: DumpFile
  /// When the file was to begin: those cut by time begin in step with the first one.
  private var beginning: Timestamp
  private var framesInFile = 0
  /// The time of the oldest frame that may not have been handed to the system yet.
  private var pendingSince: Timestamp?
  /// The files that are kept, the oldest first, if not all are.
  private var kept: [String] = []
  /// Why no more can be written.
  private var failure: CaptureWriterError?

  /// Begins a capture file at `path`, in place of what is there, or with rotation a first one named after it.
  ///
  /// - Parameters:
  ///   - path: With rotation, `trace.pcap` stands for `trace_20231114221320_00001.pcap` and so on: when the
  ///     file begins, in UTC, and its number. So names sort as the files follow one another, those of several
  ///     runs, too (dumpcap's `nametimenum:2`).
  ///   - format: What the frames are.
  ///   - rotation: When another file begins, and how many are kept.
  ///   - start: The time of the capture's beginning.
  /// - Throws: `CaptureWriterError.cannotCreate`.
  public init(
    path: String, format: CaptureFormat, rotation: CaptureRotation = CaptureRotation(),
    startingAt start: Timestamp
  ) throws(CaptureWriterError) {
    let names = rotation.isNone ? nil : CaptureFileNames(path)
    let first = names?.name(1, at: start) ?? path
    do throws(DumpFailure) {
      file = try DumpFile.open(first, format)
    } catch {
      throw .cannotCreate(path: first, reason: error.reason)
    }
    self.path = first
    self.format = format
    self.names = names
    self.rotation = rotation
    beginning = start
    if rotation.filesKept != nil { kept = [first] }
  }

  /// Writes into a file, pipe or socket that is open, and closes it in the end; errors name it as `path`.
  ///
  /// - Throws: `CaptureWriterError.cannotWrite`.
  public init(
    descriptor: Int32, path: String, format: CaptureFormat
  ) throws(CaptureWriterError) {
    do throws(DumpFailure) {
      file = try DumpFile.open(descriptor: descriptor, format)
    } catch {
      throw .cannotWrite(path: path, reason: error.reason)
    }
    self.path = path
    self.format = format
    names = nil
    rotation = CaptureRotation()
    beginning = Timestamp(nanoseconds: 0)
  }

  /// Writes a frame, into another file if it is time for that.
  ///
  /// - Throws: `CaptureWriterError`, now and at each later call: nothing is written any more. A file that the
  ///   writer opened ends with a whole record.
  public mutating func write(_ frame: RawSpan, _ info: FrameInfo) throws(CaptureWriterError) {
    if let failure { throw failure }
    if let names, isFull(for: frame, info) { try beginFile(names, at: info.time) }
    try attempt { (file) throws(DumpFailure) in try file.write(frame, info) }
    framesWritten += 1
    framesInFile += 1
    if pendingSince == nil { pendingSince = info.time }
    try advance(to: info.time)
  }

  /// Hands to the system what has waited for a second when the capture's clock shows `time`.
  public mutating func advance(to time: Timestamp) throws(CaptureWriterError) {
    if let failure { throw failure }
    // A clock that was set back is no reason to wait longer.
    guard let pendingSince,
      time.nanoseconds(since: pendingSince).magnitude >= Self.longestWaitNanoseconds
    else { return }
    try flush()
  }

  private static let longestWaitNanoseconds: UInt64 = 1_000_000_000

  /// Hands to the system all that was written.
  public mutating func flush() throws(CaptureWriterError) {
    if let failure { throw failure }
    try attempt { (file) throws(DumpFailure) in try file.flush() }
    pendingSince = nil
  }

  /// Hands to the system all that was written, and closes the file.
  ///
  /// Without it that happens, too, but no error is told.
  public consuming func finish() throws(CaptureWriterError) {
    try flush()
  }

  // MARK: - Files

  private func isFull(for frame: RawSpan, _ info: FrameInfo) -> Bool {
    // A file that was just begun takes the frame in any case.
    if let limit = rotation.bytes, framesInFile > 0,
      file.byteCount + DumpFile.recordHeaderSize + frame.byteCount > limit
    {
      return true
    }
    guard let interval = rotation.intervalNanoseconds else { return false }
    return info.time.nanoseconds(since: beginning) >= interval
  }

  private mutating func beginFile(
    _ names: CaptureFileNames, at time: Timestamp
  ) throws(CaptureWriterError) {
    try flush()
    if let interval = rotation.intervalNanoseconds {
      let elapsed = time.nanoseconds(since: beginning)
      if elapsed >= interval { beginning.nanoseconds += elapsed - elapsed % interval }
    }
    let next = names.name(filesBegun + 1, at: time)
    do throws(DumpFailure) {
      file = try DumpFile.open(next, format)
    } catch {
      try fail(.cannotCreate(path: next, reason: error.reason))
    }
    path = next
    filesBegun += 1
    framesInFile = 0
    guard let limit = rotation.filesKept else { return }
    kept.append(next)
    while kept.count > limit {
      let oldest = kept.removeFirst()
      do throws(DumpFailure) {
        try FileNames.remove(oldest)
      } catch {
        try fail(.cannotRemove(path: oldest, reason: error.reason))
      }
    }
  }

  private mutating func attempt(
    _ body: (inout DumpFile) throws(DumpFailure) -> Void
  ) throws(CaptureWriterError) {
    do throws(DumpFailure) {
      try body(&file)
    } catch {
      try fail(.cannotWrite(path: path, reason: error.reason))
    }
  }

  private mutating func fail(_ failure: CaptureWriterError) throws(CaptureWriterError) {
    self.failure = failure
    throw failure
  }
}

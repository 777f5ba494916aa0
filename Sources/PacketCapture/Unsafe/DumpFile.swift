internal import CPcap
internal import Glibc
internal import PacketParser

/// A pcap file that libpcap writes, through a buffer that only ever holds whole records.
@safe
struct DumpFile: ~Copyable {
  private let handle: OpaquePointer
  private let dumper: OpaquePointer
  private let buffer: UnsafeMutablePointer<CChar>
  private let nanosecondsPerUnit: Int64
  /// Whether there is nothing in the file but what was written here.
  private let isAlone: Bool
  /// What the file is as far as it was flushed, and what waits in the buffer, in bytes.
  private(set) var flushedBytes: Int
  private(set) var pendingBytes = 0

  var byteCount: Int { flushedBytes + pendingBytes }

  /// More than the longest frame that libpcap reads, 256 KiB.
  private static let bufferSize = 1 << 20
  static let fileHeaderSize = 24
  static let recordHeaderSize = 16

  /// Opens the file at `path` for writing, anew; it is for its owner's eyes.
  static func open(_ path: String, _ format: CaptureFormat) throws(DumpFailure) -> DumpFile {
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .latest }
    return try open(descriptor: descriptor, format, isAlone: true)
  }

  /// Takes an open file, which gets its header at once and is closed in the end.
  static func open(
    descriptor: Int32, _ format: CaptureFormat, isAlone: Bool = false
  ) throws(DumpFailure) -> DumpFile {
    var file = try DumpFile(descriptor: descriptor, format, isAlone: isAlone)
    try file.flush()
    return file
  }

  private init(
    descriptor: Int32, _ format: CaptureFormat, isAlone: Bool
  ) throws(DumpFailure) {
    let precision =
      format.hasNanoseconds ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO
    guard
      let handle = unsafe pcap_open_dead_with_tstamp_precision(
        format.linkTypeNumber, Int32(clamping: format.snapLength), UInt32(precision))
    else {
      close(descriptor)
      throw DumpFailure(reason: "out of memory")
    }
    guard let stream = unsafe fdopen(descriptor, "w") else {
      let failure = DumpFailure.latest
      close(descriptor)
      unsafe pcap_close(handle)
      throw failure
    }
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: Self.bufferSize)
    unsafe setvbuf(stream, buffer, _IOFBF, Self.bufferSize)
    guard let dumper = unsafe pcap_dump_fopen(handle, stream) else {
      let failure = DumpFailure(reason: unsafe String(cString: pcap_geterr(handle)))
      unsafe fclose(stream)
      unsafe buffer.deallocate()
      unsafe pcap_close(handle)
      throw failure
    }
    unsafe self.handle = handle
    unsafe self.dumper = dumper
    unsafe self.buffer = buffer
    self.isAlone = isAlone
    nanosecondsPerUnit = format.hasNanoseconds ? 1 : 1000
    flushedBytes = 0
    pendingBytes = Self.fileHeaderSize
  }

  deinit {
    unsafe pcap_dump_close(dumper)
    unsafe buffer.deallocate()
    unsafe pcap_close(handle)
  }

  /// Puts a frame into the buffer, and out of it what was there before where it does not fit.
  mutating func write(_ frame: RawSpan, _ info: FrameInfo) throws(DumpFailure) {
    let recordSize = Self.recordHeaderSize + frame.byteCount
    // Else stdio would write when the buffer is full, in the middle of a record.
    if pendingBytes + recordSize > Self.bufferSize { try flush() }
    // The fraction is positive, also before 1970.
    var (seconds, fraction) = info.time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    if fraction < 0 { (seconds, fraction) = (seconds - 1, fraction + 1_000_000_000) }
    var header = pcap_pkthdr()
    header.ts.tv_sec = Int(seconds)
    header.ts.tv_usec = Int(fraction / nanosecondsPerUnit)
    header.caplen = UInt32(clamping: frame.byteCount)
    header.len = UInt32(clamping: info.wireLength)
    unsafe frame.withUnsafeBytes { bytes in
      let bytes = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let user = unsafe UnsafeMutableRawPointer(dumper).assumingMemoryBound(to: UInt8.self)
      unsafe pcap_dump(user, &header, bytes)
    }
    pendingBytes += recordSize
  }

  /// Hands to the system what waits in the buffer.
  ///
  /// Where that fails, what was in the buffer is lost, and a file that was opened here ends with the last
  /// frame that was handed over before.
  mutating func flush() throws(DumpFailure) {
    guard pendingBytes > 0 else { return }
    guard unsafe pcap_dump_flush(dumper) == 0 else {
      let failure = DumpFailure.latest
      abandon()
      throw failure
    }
    flushedBytes += pendingBytes
    pendingBytes = 0
  }

  /// Cuts off the record that was written in part, and has nothing more be written.
  private mutating func abandon() {
    let descriptor = unsafe fileno(pcap_dump_file(dumper))
    if isAlone { _ = ftruncate(descriptor, flushedBytes) }
    let nowhere = unsafe Glibc.open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard nowhere >= 0 else { return }
    // stdio keeps what it could not write, and tries again when the stream is closed.
    dup2(nowhere, descriptor)
    close(nowhere)
    pendingBytes = 0
  }
}

/// The system's words on why a capture file cannot be written.
struct DumpFailure: Error {
  let reason: String

  /// The failure of the system call that was made last.
  static var latest: DumpFailure { DumpFailure(reason: unsafe String(cString: strerror(errno))) }
}

internal import CCompressedFile
internal import CPcap
internal import Glibc

/// libpcap's handle on an offline capture, with the stream it reads from.
///
/// Every `pcap_` call on it is here, once; those of filters, of the callback and of interfaces stand beside.
@safe
struct PcapHandle: ~Copyable {
  private let handle: OpaquePointer
  private let file: OpaquePointer
  let isPcapng: Bool

  /// Opens the capture at `path`, or on standard input when that is `nil`.
  init(path: String?) throws(OpeningFailure) {
    guard let file = unsafe Self.openFile(path) else {
      throw .cannotOpen(unsafe String(cString: strerror(errno)))
    }
    let firstBytes = unsafe Self.firstBytes(of: file)
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let stream = unsafe compressed_file_stream(file)
    guard
      let handle = unsafe pcap_fopen_offline_with_tstamp_precision(
        stream, UInt32(PCAP_TSTAMP_PRECISION_NANO), &message)
    else {
      let problem = unsafe Self.problem(of: file)
      let offset = Int(unsafe compressed_file_bytes_consumed(file))
      unsafe fclose(stream)
      unsafe compressed_file_free(file)
      if let problem { throw .damagedStream(problem, offset: offset) }
      throw .notACapture(String(errorBuffer: message), firstBytes: firstBytes)
    }
    unsafe self.handle = handle
    unsafe self.file = file
    // pcap has version 2 (or 543, on DG/UX).
    isPcapng = unsafe pcap_major_version(handle) == 1
  }

  deinit {
    unsafe pcap_close(handle)
    unsafe compressed_file_free(file)
  }

  var linkTypeNumber: Int32 { unsafe pcap_datalink(handle) }
  var snapLength: Int { Int(unsafe pcap_snapshot(handle)) }
  var majorVersion: Int { Int(unsafe pcap_major_version(handle)) }
  var minorVersion: Int { Int(unsafe pcap_minor_version(handle)) }
  /// libpcap's message on the last call that failed.
  var errorMessage: String { unsafe String(cString: pcap_geterr(handle)) }

  var canSeek: Bool { unsafe compressed_file_can_seek(file) }
  var isCompressed: Bool { unsafe compressed_file_format_of(file) != compressed_file_plain }
  var bytesConsumed: Int { Int(unsafe compressed_file_bytes_consumed(file)) }
  var byteCount: Int? {
    let count = unsafe compressed_file_byte_count(file)
    return count < 0 ? nil : Int(count)
  }
  /// Why the file cannot be read or decompressed further.
  var streamProblem: String? { unsafe Self.problem(of: file) }

  /// The position in the (decompressed) capture, in bytes.
  var position: Int { Int(unsafe ftello(pcap_file(handle))) }

  /// Reads up to `count` frames into `loop`; `nil` says that reading failed.
  func read(_ count: Int, into loop: inout FrameLoop) -> ReadingPause? {
    loop.secondsMask = isPcapng ? ~0 : 0xffff_ffff
    let status = unsafe loop.dispatch(count, from: handle)
    if loop.isStopped {
      // libpcap has kept the wish to stop for the next call. Fulfil it, so that reading can go on.
      if status != PCAP_ERROR_BREAK { unsafe pcap_dispatch(handle, 1, { _, _, _ in }, nil) }
      loop.isStopped = false
      return .stopped
    }
    return status > 0 ? .limit : status == 0 ? .end : nil
  }

  /// Reads the next `count` frames after `position` once more, to find where the one behind them begins.
  func position(after count: Int, framesFrom position: Int) -> Int {
    guard unsafe fseeko(pcap_file(handle), off_t(position), SEEK_SET) == 0 else { return position }
    for _ in 0..<count {
      let frames = unsafe pcap_dispatch(handle, 1, { _, _, _ in }, nil)
      guard frames > 0 else { break }
    }
    return self.position
  }

  private static func openFile(_ path: String?) -> OpaquePointer? {
    guard let path else { return unsafe compressed_file_open(nil) }
    return unsafe compressed_file_open(path)
  }

  private static func firstBytes(of file: OpaquePointer) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 8) { bytes, count in
      count = unsafe compressed_file_first_bytes(file, bytes.baseAddress, bytes.count)
    }
  }

  private static func problem(of file: OpaquePointer) -> String? {
    guard let problem = unsafe compressed_file_problem(file) else { return nil }
    return unsafe String(cString: problem)
  }
}

extension String {
  /// What libpcap has written into an error buffer.
  init(errorBuffer: [CChar]) {
    self.init(
      decoding: errorBuffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// Why a capture could not be opened.
enum OpeningFailure: Error {
  case cannotOpen(String)
  case damagedStream(String, offset: Int)
  case notACapture(String, firstBytes: [UInt8])
}

/// What libpcap calls a link type.
enum LinkTypeText {
  static func name(_ number: Int32) -> String {
    guard let name = unsafe pcap_datalink_val_to_name(number) else { return "DLT_\(number)" }
    return unsafe String(cString: name)
  }

  static func description(_ number: Int32) -> String {
    unsafe String(cString: pcap_datalink_val_to_description_or_dlt(number))
  }
}

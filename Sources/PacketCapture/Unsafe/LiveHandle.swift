internal import CPcap
internal import Glibc
import PacketParser

/// libpcap's handle on an interface, activated, and never waiting by itself.
///
/// Every `pcap_` call on it is here, once; those of filters and of the callback stand beside.
@safe
struct LiveHandle: ~Copyable {
  private let handle: OpaquePointer
  /// What becomes readable when frames are there.
  let descriptor: Int32
  let hasNanoseconds: Bool
  /// libpcap's words on what it activated otherwise than it was asked to.
  let warning: String?

  /// Opens an interface.
  init(_ interface: String, _ settings: LiveCaptureSettings) throws(ActivationFailure) {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(interface, &message) else {
      throw .failed(PCAP_ERROR, String(errorBuffer: message))
    }
    do throws(ActivationFailure) {
      let precision = unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
      let warning = try unsafe Self.activate(handle, interface, settings)
      guard unsafe pcap_setnonblock(handle, 1, &message) == 0 else {
        throw .failed(PCAP_ERROR, String(errorBuffer: message))
      }
      let descriptor = unsafe pcap_get_selectable_fd(handle)
      guard descriptor >= 0 else { throw .failed(PCAP_ERROR, "nobody can wait for its frames") }
      unsafe self.init(
        handle: handle, descriptor: descriptor, hasNanoseconds: precision == 0, warning: warning)
    } catch {
      unsafe pcap_close(handle)
      throw error
    }
  }

  private init(handle: OpaquePointer, descriptor: Int32, hasNanoseconds: Bool, warning: String?) {
    unsafe self.handle = unsafe handle
    self.descriptor = descriptor
    self.hasNanoseconds = hasNanoseconds
    self.warning = warning
  }

  private static func activate(
    _ handle: OpaquePointer, _ interface: String, _ settings: LiveCaptureSettings
  ) throws(ActivationFailure) -> String? {
    if let type = settings.timestampType {
      let number = unsafe pcap_tstamp_type_name_to_val(type)
      guard number >= 0, unsafe pcap_set_tstamp_type(handle, number) == 0 else {
        throw .unsupportedTimestampType(type, offered: unsafe timestampTypes(of: handle))
      }
    }
    unsafe pcap_set_snaplen(handle, Int32(clamping: settings.snapLength))
    // All interfaces together cannot be told to take frames that are for others.
    let isPromiscuous = settings.isPromiscuous && interface != "any"
    unsafe pcap_set_promisc(handle, isPromiscuous ? 1 : 0)
    unsafe pcap_set_buffer_size(handle, Int32(clamping: settings.bufferBytes))
    unsafe pcap_set_immediate_mode(handle, settings.isImmediate ? 1 : 0)
    unsafe pcap_set_timeout(handle, Int32(clamping: max(1, settings.gatheringMilliseconds)))
    let status = unsafe pcap_activate(handle)
    guard status >= 0 else {
      throw .failed(status, unsafe String(cString: pcap_geterr(handle)))
    }
    if status == PCAP_WARNING_TSTAMP_TYPE_NOTSUP, let type = settings.timestampType {
      throw .unsupportedTimestampType(type, offered: unsafe timestampTypes(of: handle))
    }
    // libpcap has two headers for frames of all interfaces, and takes the one that does not tell which it was; that
    // is all it had before 1.10.
    if interface == "any" {
      _ = unsafe pcap_set_datalink(handle, LinkType.linuxCookedVersion2.numbers[0])
    }
    let direction =
      switch settings.direction {
      case .both: PCAP_D_INOUT
      case .incoming: PCAP_D_IN
      case .outgoing: PCAP_D_OUT
      }
    // Both are what there is in any case, also where libpcap cannot tell them apart.
    if settings.direction != .both {
      guard unsafe pcap_setdirection(handle, direction) == 0 else {
        throw .unsupportedDirection(unsafe String(cString: pcap_geterr(handle)))
      }
    }
    guard status > 0 else { return nil }
    let message = unsafe String(cString: pcap_geterr(handle))
    return message.isEmpty ? unsafe String(cString: pcap_statustostr(status)) : message
  }

  private static func timestampTypes(of handle: OpaquePointer) -> [String] {
    var types: UnsafeMutablePointer<Int32>?
    let count = unsafe pcap_list_tstamp_types(handle, &types)
    guard count > 0, let types = unsafe types else { return [] }
    defer { unsafe pcap_free_tstamp_types(types) }
    return (0..<Int(count)).compactMap { index in
      guard let name = unsafe pcap_tstamp_type_val_to_name(types[index]) else { return nil }
      return unsafe String(cString: name)
    }
  }

  deinit {
    unsafe pcap_close(handle)
  }

  var linkTypeNumber: Int32 { unsafe pcap_datalink(handle) }
  var snapLength: Int { Int(unsafe pcap_snapshot(handle)) }
  /// libpcap's message on the last call that failed.
  var errorMessage: String { unsafe String(cString: pcap_geterr(handle)) }

  /// The numbers of the link types that the interface can be captured with.
  var linkTypeNumbers: [Int32] {
    var types: UnsafeMutablePointer<Int32>?
    let count = unsafe pcap_list_datalinks(handle, &types)
    guard count > 0, let types = unsafe types else { return [linkTypeNumber] }
    defer { unsafe pcap_free_datalinks(types) }
    return (0..<Int(count)).map { unsafe types[$0] }
  }

  /// Whether libpcap wants to look again soon if the interface is still there: it is down.
  var isDown: Bool { unsafe pcap_get_required_select_timeout(handle) != nil }

  /// Compiles `expression` for this interface, of which the kernel knows more than frames hold (the tags
  /// of VLANs, the direction).
  func compile(_ expression: String) throws(FilterMistake) -> FilterProgram {
    let handle = unsafe handle
    return try FilterProgram(checking: expression) { (expression) throws(FilterRefusal) in
      try unsafe FilterProgram(expression, for: handle)
    }
  }

  /// Has the kernel keep only frames that the filter lets through; `false` with a message when it fails.
  func setFilter(_ filter: borrowing FilterProgram) -> Bool {
    unsafe pcap_setfilter(handle, UnsafeMutablePointer(mutating: filter.pointer)) == 0
  }

  /// Reads up to `count` frames that are there into `loop`; `nil` says that reading failed.
  func read(_ count: Int, into loop: inout FrameLoop) -> LiveReading? {
    loop.hasMicroseconds = !hasNanoseconds
    errno = 0
    let status = unsafe loop.dispatch(count, from: handle)
    if loop.isStopped {
      loop.isStopped = false
      return .stopped
    }
    // A wish to stop that came with the last frame may be kept for the call after it. And of what is no
    // network device, such as nflog, libpcap calls it an error that there is nothing to read.
    let isWell = status >= 0 || status == PCAP_ERROR_BREAK || errno == EAGAIN
    return isWell ? .frames : nil
  }

  /// libpcap's counts, which begin anew beyond 32 bits.
  var counts: (received: UInt32, droppedByKernel: UInt32, droppedByInterface: UInt32)? {
    var statistics = pcap_stat()
    guard unsafe pcap_stats(handle, &statistics) == 0 else { return nil }
    return (statistics.ps_recv, statistics.ps_drop, statistics.ps_ifdrop)
  }
}

/// What came of a read that does not wait.
enum LiveReading {
  /// As many frames as were there, or were asked for.
  case frames
  /// The receiver wanted no more.
  case stopped
}

/// Why an interface could not be opened.
enum ActivationFailure: Error {
  /// libpcap's status and message.
  case failed(Int32, String)
  case unsupportedTimestampType(String, offered: [String])
  case unsupportedDirection(String)
}

extension ActivationFailure {
  var isMissingPermission: Bool {
    guard case .failed(let status, _) = self else { return false }
    return status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED
  }

  var isMissingInterface: Bool {
    guard case .failed(PCAP_ERROR_NO_SUCH_DEVICE, _) = self else { return false }
    return true
  }

  var isInterfaceDown: Bool {
    guard case .failed(PCAP_ERROR_IFACE_NOT_UP, _) = self else { return false }
    return true
  }
}

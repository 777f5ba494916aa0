internal import CPcap
internal import PacketParser

/// What libpcap's callback finds behind its user pointer.
@safe
struct FrameLoop {
  fileprivate let receiver: UnsafeMutableRawPointer
  fileprivate let receiverType: any (FrameReceiver & ~Copyable).Type
  fileprivate let filter: UnsafePointer<bpf_program>?
  fileprivate var handle: OpaquePointer?
  /// Fractions of a second come as microseconds, which only some interfaces have.
  var hasMicroseconds = false
  /// libpcap 1.10 takes the seconds of a pcap file as signed, where the format has them unsigned
  /// (draft-ietf-opsawg-pcap §5): the mask makes the years after 2038 right.
  var secondsMask = ~0
  /// The receiver wants no more frames.
  var isStopped = false
  /// Every frame, also those that the filter hides.
  var framesRead: Int
  var framesSkippedByFilter: Int

  /// What libpcap is to call for each frame.
  private var callback: pcap_handler {
    if hasMicroseconds { return unsafe receiveFrameInMicroseconds }
    return if unsafe filter == nil { unsafe receiveFrame } else { unsafe receiveFilteredFrame }
  }

  /// Runs `body` with a loop that gives the frames `filter` lets through to `receiver`.
  static func with<Receiver: FrameReceiver & ~Copyable, Result>(
    _ receiver: inout Receiver, _ filter: borrowing CaptureFilter?,
    framesRead: Int, framesSkippedByFilter: Int,
    _ body: (inout FrameLoop) -> Result
  ) -> Result {
    let program: UnsafePointer<bpf_program>? =
      switch filter {
      case .some(let filter): unsafe filter.program.pointer
      case .none: nil
      }
    return unsafe withUnsafeMutablePointer(to: &receiver) { receiver in
      var loop = unsafe FrameLoop(
        receiver: receiver, receiverType: Receiver.self, filter: program, handle: nil,
        framesRead: framesRead, framesSkippedByFilter: framesSkippedByFilter)
      return body(&loop)
    }
  }

  /// Has libpcap give up to `count` frames to the receiver.
  ///
  /// - Returns: What `pcap_dispatch` returns: how many frames, or an error.
  mutating func dispatch(_ count: Int, from handle: OpaquePointer) -> Int32 {
    unsafe self.handle = unsafe handle
    let callback = unsafe self.callback
    return unsafe withUnsafeMutablePointer(to: &self) { loop in
      let context = unsafe UnsafeMutableRawPointer(loop).assumingMemoryBound(to: UInt8.self)
      return unsafe pcap_dispatch(handle, Int32(clamping: count), callback, context)
    }
  }
}

/// The way from the callback, which as a C function cannot be generic, to a receiver of any type.
///
/// A call through the metatype, which the caller opens: it counts no reference, and costs 10
/// instructions a frame where a generic loop around `pcap_next_ex` costs 70 (callgrind).
@inline(__always)
private func deliver<Receiver: FrameReceiver & ~Copyable>(
  _ frame: RawSpan, _ info: FrameInfo, to receiver: UnsafeMutableRawPointer,
  as type: Receiver.Type
) -> FrameDemand {
  unsafe receiver.assumingMemoryBound(to: type).pointee.receive(frame, info)
}

/// libpcap's callback: one frame, lent until it returns.
///
/// None of the pointers is ever null.
func receiveFrame(
  context: UnsafeMutablePointer<UInt8>?, header: UnsafePointer<pcap_pkthdr>?,
  bytes: UnsafePointer<UInt8>?
) {
  let loop = unsafe frameLoop(context)
  let header = unsafe header.unsafelyUnwrapped
  let bytes = unsafe bytes.unsafelyUnwrapped
  unsafe loop.pointee.framesRead &+= 1
  let info = unsafe FrameInfo(
    number: loop.pointee.framesRead,
    time: Timestamp(
      seconds: header.pointee.ts.tv_sec & loop.pointee.secondsMask,
      nanoseconds: header.pointee.ts.tv_usec),
    wireLength: Int(header.pointee.len))
  let frame = unsafe RawSpan(_unsafeStart: bytes, byteCount: Int(header.pointee.caplen))
  let demand = unsafe deliver(
    frame, info, to: loop.pointee.receiver, as: loop.pointee.receiverType)
  if demand == .stop, let handle = unsafe loop.pointee.handle {
    unsafe loop.pointee.isStopped = true
    unsafe pcap_breakloop(handle)
  }
}

/// The loop that a callback's user pointer points to.
@inline(__always)
private func frameLoop(
  _ context: UnsafeMutablePointer<UInt8>?
) -> UnsafeMutablePointer<FrameLoop> {
  let context = unsafe UnsafeMutableRawPointer(context.unsafelyUnwrapped)
  return unsafe context.assumingMemoryBound(to: FrameLoop.self)
}

/// The callback of a loop with a filter, so that one without need not look for it at each frame.
private func receiveFilteredFrame(
  context: UnsafeMutablePointer<UInt8>?, header: UnsafePointer<pcap_pkthdr>?,
  bytes: UnsafePointer<UInt8>?
) {
  let loop = unsafe frameLoop(context)
  if unsafe pcap_offline_filter(loop.pointee.filter, header, bytes) == 0 {
    unsafe loop.pointee.framesRead &+= 1
    unsafe loop.pointee.framesSkippedByFilter &+= 1
  } else {
    unsafe receiveFrame(context: context, header: header, bytes: bytes)
  }
}

/// The callback of a loop with microseconds, so that one with nanoseconds need not ask at each frame.
private func receiveFrameInMicroseconds(
  context: UnsafeMutablePointer<UInt8>?, header: UnsafePointer<pcap_pkthdr>?,
  bytes: UnsafePointer<UInt8>?
) {
  var precise = unsafe header.unsafelyUnwrapped.pointee
  precise.ts.tv_usec *= 1000
  unsafe receiveFrame(context: context, header: &precise, bytes: bytes)
}

internal import CPcap
internal import PacketParser

/// What libpcap's callback finds behind its user pointer.
@safe
struct FrameLoop {
  fileprivate let receiver: UnsafeMutableRawPointer
  fileprivate let delivery: any FrameDelivery.Type
  fileprivate let filter: UnsafePointer<bpf_program>?
  var handle: OpaquePointer?
  /// libpcap 1.10 takes the seconds of a pcap file as signed, where the format has them unsigned
  /// (draft-ietf-opsawg-pcap §5): the mask makes the years after 2038 right.
  var secondsMask = ~0
  /// The receiver wants no more frames.
  var isStopped = false
  /// Every frame, also those that the filter hides.
  var framesRead: Int
  var framesSkippedByFilter: Int

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
        receiver: receiver, delivery: Delivery<Receiver>.self, filter: program,
        framesRead: framesRead, framesSkippedByFilter: framesSkippedByFilter)
      return body(&loop)
    }
  }
}

/// The way from the callback, which as a C function cannot be generic, to a receiver of any type.
///
/// A static call through a metatype: it counts no reference, and costs 25 instructions a frame where
/// a generic loop around `pcap_next_ex` costs 70 (callgrind).
private protocol FrameDelivery {
  static func deliver(
    _ frame: RawSpan, _ info: FrameInfo, to receiver: UnsafeMutableRawPointer
  ) -> FrameDemand
}

private enum Delivery<Receiver: FrameReceiver & ~Copyable>: FrameDelivery {
  static func deliver(
    _ frame: RawSpan, _ info: FrameInfo, to receiver: UnsafeMutableRawPointer
  ) -> FrameDemand {
    unsafe receiver.assumingMemoryBound(to: Receiver.self).pointee.receive(frame, info)
  }
}

/// libpcap's callback: one frame, lent until it returns.
func receiveFrame(
  context: UnsafeMutablePointer<UInt8>?, header: UnsafePointer<pcap_pkthdr>?,
  bytes: UnsafePointer<UInt8>?
) {
  guard let context = unsafe context, let header = unsafe header, let bytes = unsafe bytes
  else { return }
  let loop = unsafe UnsafeMutableRawPointer(context).assumingMemoryBound(to: FrameLoop.self)
  unsafe loop.pointee.framesRead &+= 1
  if let filter = unsafe loop.pointee.filter,
    unsafe pcap_offline_filter(filter, header, bytes) == 0
  {
    unsafe loop.pointee.framesSkippedByFilter &+= 1
    return
  }
  let info = unsafe FrameInfo(
    number: loop.pointee.framesRead,
    time: Timestamp(
      seconds: header.pointee.ts.tv_sec & loop.pointee.secondsMask,
      nanoseconds: header.pointee.ts.tv_usec),
    wireLength: Int(header.pointee.len))
  let frame = unsafe RawSpan(_unsafeStart: bytes, byteCount: Int(header.pointee.caplen))
  let demand = unsafe loop.pointee.delivery.deliver(frame, info, to: loop.pointee.receiver)
  if demand == .stop, let handle = unsafe loop.pointee.handle {
    unsafe loop.pointee.isStopped = true
    unsafe pcap_breakloop(handle)
  }
}

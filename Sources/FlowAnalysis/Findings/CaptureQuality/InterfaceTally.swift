import PacketParser

/// The interfaces on which segments came that had come on another one just before.
struct InterfaceTally {
  private static let named = 8
  private static let remembered = 64

  /// The latest segments, each where its numbers say.
  private var latest: [Seen] = []
  /// The first of them, in the order of their numbers, and whether there are more.
  private var interfaces: [UInt32] = []
  private var areMore = false
  private var copies = FrameTally()

  private struct Seen {
    var interface: UInt32 = 0
    var numbers: UInt64 = 0
  }

  mutating func note(_ segment: borrowing Segment, isCopy: Bool) {
    if latest.isEmpty { latest = Array(repeating: Seen(), count: Self.remembered) }
    let numbers = UInt64(segment.sequence.rawValue) << 32 | UInt64(segment.acknowledgment.rawValue)
    let place = Int(scattered(numbers) % UInt64(Self.remembered))
    let before = latest[place]
    if isCopy {
      guard before.numbers == numbers, before.interface != 0, before.interface != segment.interface
      else { return }
      copies.note(frame: segment.frame, time: segment.time)
      name(before.interface)
      name(segment.interface)
    }
    latest[place] = Seen(interface: segment.interface, numbers: numbers)
  }

  private mutating func name(_ interface: UInt32) {
    guard !interfaces.contains(interface) else { return }
    guard interfaces.count < Self.named else {
      areMore = true
      return
    }
    interfaces.append(interface)
    interfaces.sort()
  }

  /// What there is to say of them, if there are any.
  var finding: CaptureFinding? {
    copies.finding(CaptureRules.multiInterface) {
      let numbers = interfaces.map(String.init).joined(separator: ", ")
      return
        "\(Quantity.count($0.count, "segment")) came again on another interface of the capturing host "
        + "(\(numbers)\(areMore ? ", …" : "")): they are copies, not retransmissions."
    }
  }
}

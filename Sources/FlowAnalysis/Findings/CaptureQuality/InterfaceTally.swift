import PacketParser

/// The interfaces on which a capture was made, and how many segments came on more than one of them.
struct InterfaceTally {
  private static let named = 8

  /// The first of them, in the order of their numbers.
  private var interfaces: [UInt32] = []
  private var copies = FrameTally()

  mutating func note(_ segment: borrowing Segment, isCopy: Bool) {
    if isCopy { copies.note(frame: segment.frame, time: segment.time) }
    let number = segment.interface
    guard !interfaces.contains(number), interfaces.count < Self.named else { return }
    interfaces.append(number)
    interfaces.sort()
  }

  /// What there is to say of them; `nil` where there is but one, or each segment came once.
  var finding: CaptureFinding? {
    guard interfaces.count > 1 else { return nil }
    return copies.finding(CaptureRules.multiInterface, .likely) {
      let numbers = interfaces.map(String.init).joined(separator: ", ")
      let rest = interfaces.count == Self.named ? ", …" : ""
      return
        "\(Quantity.count($0.count, "frame")) held what another frame had, as the capture was made on "
        + "several interfaces (\(numbers)\(rest)): copies are left out."
    }
  }
}

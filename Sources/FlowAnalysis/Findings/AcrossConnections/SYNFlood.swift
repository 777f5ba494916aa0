import FlowTracker
import PacketParser

/// Handshakes with one port that were never completed, by the time of their SYNs.
///
/// Connections end in another order than they begin in, so the last minutes are all kept.
struct HandshakesOfPort: HostRecord {
  /// More half-open connections than these within ten seconds are a flood.
  static let limit: UInt32 = 100
  static let sliceNanoseconds: Int64 = 5_000_000_000
  private static let namedConnections = 8
  private static let namedSources = 8

  private var slices = InlineArray<64, Slice>(repeating: Slice())
  private var early = InlineArray<8, UInt64>(repeating: 0)
  private var sources = DistinctCount()
  private(set) var uncompleted = 0
  private var namedSources: [IPAddress] = []
  private var connections: [Int] = []
  private var frames: [Int] = []
  private var total = Total()

  /// Five seconds.
  private struct Slice: BitwiseCopyable {
    var number: Int64 = .min
    var first = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
    var last = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
    var uncompleted: UInt32 = 0
    /// Those of them whose client sent its SYN once and no more.
    var sentOnce: UInt32 = 0
    /// Those of them that were answered.
    var answered: UInt32 = 0
    /// Those of them that might have been completed if the capture had gone on.
    var unsure: UInt32 = 0
    /// Handshakes that came to an end, whichever.
    var others: UInt32 = 0
    var isFlooded = false
  }

  /// What the slices with a flood add up to.
  private struct Total {
    var first: FrameMark?
    var last: FrameMark?
    var uncompleted = 0
    var sentOnce = 0
    var answered = 0
    var unsure = 0
    var others = 0
    var most: UInt32 = 0

    mutating func add(_ slice: Slice) {
      guard slice.isFlooded else { return }
      if first.map({ slice.first.time < $0.time }) ?? true { first = slice.first }
      if last.map({ slice.last.time > $0.time }) ?? true { last = slice.last }
      uncompleted += Int(slice.uncompleted)
      sentOnce += Int(slice.sentOnce)
      answered += Int(slice.answered)
      unsure += Int(slice.unsure)
      others += Int(slice.others)
    }
  }

  /// A handshake that came to an end.
  mutating func noteOther(at time: Timestamp) {
    guard let index = slice(at: time) else { return }
    slices[index].others &+= 1
  }

  /// Whether no handshake that began at about this time is known not to have come to an end.
  ///
  /// It changes nothing. It is `mutating` because that is then passed by its address: by value, Swift
  /// 6.3 copies it for each call.
  mutating func isFirst(at time: Timestamp) -> Bool {
    let number = Self.number(of: time)
    let index = Self.place(of: number)
    return slices[index].number != number || slices[index].uncompleted == 0
  }

  /// So many did that began at about this time: what succeeds is over sooner, and counted elsewhere.
  mutating func setOthers(_ count: Int, at time: Timestamp) {
    guard let index = slice(at: time) else { return }
    slices[index].others = UInt32(clamping: count)
  }

  /// A handshake that did not.
  ///
  /// - Returns: Whether it is part of a flood, as far as is known.
  mutating func noteUncompleted(_ outline: inout ConnectionOutline, until: Timestamp) -> Bool {
    let client = outline.client
    let source = HostKey(client.socket.address)
    if uncompleted < 8 {
      early[uncompleted] = source.hash
    } else {
      if uncompleted == 8 { for index in 0..<8 { sources.insert(early[index]) } }
      sources.insert(source.hash)
    }
    uncompleted += 1
    if namedSources.count < Self.namedSources, !namedSources.contains(source.address) {
      namedSources.append(source.address)
    }
    if connections.count < Self.namedConnections {
      connections.append(outline.number)
      frames.append(outline.first.frame)
    }
    guard let index = slice(at: outline.first.time) else { return false }
    if slices[index].uncompleted == 0 {
      (slices[index].first, slices[index].last) = (outline.first, outline.first)
    }
    if outline.first.time < slices[index].first.time { slices[index].first = outline.first }
    if outline.first.time > slices[index].last.time { slices[index].last = outline.first }
    slices[index].uncompleted &+= 1
    if client.packets == 1 { slices[index].sentOnce &+= 1 }
    if outline.handshake == .halfOpen { slices[index].answered &+= 1 }
    if until.nanoseconds(since: outline.first.time) < Subject.retransmissionTime {
      slices[index].unsure &+= 1
    }
    let number = slices[index].number
    markFlood(number - 1)
    markFlood(number)
    return slices[index].isFlooded && slices[index].uncompleted > slices[index].others
  }

  /// Two slices one after the other are ten seconds.
  private mutating func markFlood(_ number: Int64) {
    let (one, other) = (Self.place(of: number), Self.place(of: number + 1))
    let isOneThere = slices[one].number == number
    let isOtherThere = slices[other].number == number + 1
    let sum =
      (isOneThere ? slices[one].uncompleted : 0) &+ (isOtherThere ? slices[other].uncompleted : 0)
    guard sum > Self.limit else { return }
    if isOneThere { slices[one].isFlooded = true }
    if isOtherThere { slices[other].isFlooded = true }
    total.most = max(total.most, sum)
  }

  private static func number(of time: Timestamp) -> Int64 { time.nanoseconds / sliceNanoseconds }

  private static func place(of number: Int64) -> Int { Int(number & 63) }

  /// The slice of a time; `nil` where that is long ago.
  private mutating func slice(at time: Timestamp) -> Int? {
    let number = Self.number(of: time)
    let index = Self.place(of: number)
    if slices[index].number == number { return index }
    guard slices[index].number < number else { return nil }
    total.add(slices[index])
    slices[index] = Slice()
    slices[index].number = number
    return index
  }

  /// What there is to say of them; `nil` where there was no flood.
  func finding(target: SocketAddress) -> CaptureFinding? {
    var total = total
    for index in 0..<slices.count { total.add(slices[index]) }
    guard let first = total.first, let last = total.last, total.uncompleted > total.others,
      // Who wants to connect to a server that is down repeats the SYN.
      total.sentOnce * 2 > total.uncompleted
    else { return nil }
    let isUnsure = total.uncompleted - total.unsure <= Int(Self.limit)
    if isUnsure, total.others > 0 { return nil }
    var finding = CaptureFinding(
      CaptureRules.synFlood, nil, isUnsure ? .possible : .likely, blame: .unknown, first: first,
      last: last)
    finding.sources = CaptureFinding.Hosts(
      // An estimate of many may exceed the handshakes that they are those of.
      count: max(min(sources.count, total.uncompleted), namedSources.count),
      isEstimate: sources.isEstimate, addresses: namedSources)
    if sources.count == 1, let source = namedSources.first { finding.blame = .host(source) }
    finding.targets = CaptureFinding.Hosts(target.address)
    (finding.portCount, finding.ports) = (1, [target.port])
    finding.count = total.uncompleted
    finding.replies = [
      ("half-open", total.answered), ("unanswered", total.uncompleted - total.answered),
    ].filter { $0.1 > 0 }
    finding.connections = connections.sorted()
    finding.frames = frames.sorted()
    finding.membership = .halfOpen(to: target)
    let nanoseconds = last.time.nanoseconds(since: first.time)
    let duration = nanoseconds > 0 ? " in \(Quantity.duration(nanoseconds: nanoseconds))" : ""
    let about = sources.isEstimate ? "about " : ""
    let all = total.uncompleted + total.others
    let share =
      total.others == 0
      ? "None of the \(Quantity.count(all)) handshakes with \(target)\(duration) was"
      : "\(Quantity.count(total.uncompleted)) of the \(Quantity.count(all)) handshakes with "
        + "\(target)\(duration) were never"
    finding.message =
      "\(share) completed, up to \(Quantity.count(total.most)) within ten seconds; the SYNs came from "
      + "\(about)\(Quantity.count(finding.sources.count, "host")): a SYN flood."
    finding.displayFilter =
      "\(target.address.filterField).dst == \(target.address) && tcp.dstport == \(target.port) && "
      + "tcp.flags.syn == 1 && tcp.flags.ack == 0"
    return finding
  }
}

extension ConnectionOutline {
  /// Its SYN opened nothing: the client never answered a SYN-ACK, or there was none.
  var isUncompleted: Bool {
    (handshake == .halfOpen || handshake == .unanswered)
      && client.flagsSeen.isDisjoint(with: [.ack, .rst, .fin])
  }
}

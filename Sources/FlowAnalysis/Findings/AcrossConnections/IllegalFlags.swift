import FlowTracker
import PacketParser

/// Segments of one host with flags that no TCP sends together.
struct IllegalSegments: HostRecord {
  private static let namedFrames = 8

  private var first: FrameMark?
  private var last = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
  private var counts = InlineArray<4, Int>(repeating: 0)
  private var targets = DistinctCount()
  private var namedTargets: [IPAddress] = []
  private var frames: [Int] = []

  private enum Kind: Int, CaseIterable {
    case none
    case synFIN
    case synRST
    case finRST

    init(_ flags: TCPFlags) {
      if flags.contains(.syn) {
        self = flags.contains(.fin) ? .synFIN : .synRST
      } else {
        self = flags.contains(.fin) ? .finRST : .none
      }
    }

    var name: String {
      switch self {
      case .none: "without any flag"
      case .synFIN: "with SYN and FIN"
      case .synRST: "with SYN and RST"
      case .finRST: "with FIN and RST"
      }
    }

    var filter: String {
      switch self {
      case .none: "tcp.flags == 0x000"
      case .synFIN: "tcp.flags.syn == 1 && tcp.flags.fin == 1"
      case .synRST: "tcp.flags.syn == 1 && tcp.flags.reset == 1"
      case .finRST: "tcp.flags.fin == 1 && tcp.flags.reset == 1"
      }
    }
  }

  mutating func note(_ segment: borrowing Segment) {
    let mark = FrameMark(frame: segment.frame, time: segment.time)
    if first.map({ mark.time < $0.time }) ?? true { first = mark }
    if mark.time >= last.time { last = mark }
    counts[Kind(segment.flags).rawValue] += 1
    let target = segment.destination.address
    targets.insert(HostKey(target).hash)
    if namedTargets.count < Self.namedFrames, !namedTargets.contains(target) {
      namedTargets.append(target)
    }
    if frames.count < Self.namedFrames { frames.append(segment.frame) }
  }

  /// What there is to say of them; those without any flag are told already where they were a scan.
  func finding(source: IPAddress, hasScanned: Bool) -> CaptureFinding? {
    let kinds = Kind.allCases.filter { counts[$0.rawValue] > 0 && !(hasScanned && $0 == .none) }
    guard let first, !kinds.isEmpty else { return nil }
    var finding = CaptureFinding(
      CaptureRules.illegalFlags, nil, .proven, blame: .host(source), first: first, last: last)
    finding.sources = CaptureFinding.Hosts(source)
    finding.targets = CaptureFinding.Hosts(
      count: targets.count, isEstimate: targets.isEstimate, addresses: namedTargets)
    finding.count = kinds.reduce(0) { $0 + counts[$1.rawValue] }
    finding.frames = frames
    let list = kinds.map { "\(Quantity.count(counts[$0.rawValue])) \($0.name)" }
    finding.message =
      "\(source) sent segments whose flags no TCP sends: \(list.joined(separator: ", "))."
    finding.displayFilter =
      "\(source.filterField).src == \(source) && (\(kinds.map(\.filter).joined(separator: " || ")))"
    return finding
  }
}

extension TCPFlags {
  /// No TCP sends these together: none at all, or two of SYN, FIN and RST.
  @inline(__always)
  var areIllegal: Bool {
    // A bit for each of the 64 values of the six flags of RFC 793.
    Self.illegal >> UInt64(rawValue & 0x3f) & 1 != 0
  }

  /// The same, or one of them is SYN.
  @inline(__always)
  var openOrAreIllegal: Bool {
    (Self.illegal | Self.opening) >> UInt64(rawValue & 0x3f) & 1 != 0
  }

  private static var illegal: UInt64 { 0xe8e8_e8e8_e8e8_e8e9 }
  private static var opening: UInt64 { 0xcccc_cccc_cccc_cccc }
}

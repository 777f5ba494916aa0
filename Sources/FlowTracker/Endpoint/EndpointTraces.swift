import PacketParser

/// What the segments of an endpoint look like depending on how near to it they were captured.
///
/// Segments larger than any frame are not among it: senders, receivers and routers all make them.
struct EndpointTraces: BitwiseCopyable {
  private(set) var checksums: ChecksumsSeen = []
  /// 0 as long as none was noted.
  private var firstHopLimit: UInt8 = 0
  private var firstFINHopLimit: UInt8 = 0
  private var latestResetHopLimit: UInt8 = 0

  var hopLimit: UInt8? { firstHopLimit == 0 ? nil : firstHopLimit }
  var finHopLimit: UInt8? { firstFINHopLimit == 0 ? nil : firstFINHopLimit }
  var resetHopLimit: UInt8? { latestResetHopLimit == 0 ? nil : latestResetHopLimit }

  /// Its FIN started with another time to live than its SYN: one of them was not made by the end itself.
  ///
  /// Systems start from 32, 64, 128 or 255, and hardly any route is longer than what lies between.
  var finIsForeign: Bool {
    guard let hopLimit, let finHopLimit else { return false }
    return abs(Int(hopLimit) - Int(finHopLimit)) >= Self.leastDifference
      && Self.start(of: hopLimit) != Self.start(of: finHopLimit)
  }

  private static let leastDifference = 16

  private static func start(of hopLimit: UInt8) -> UInt8 {
    hopLimit <= 32 ? 32 : hopLimit <= 64 ? 64 : hopLimit <= 128 ? 128 : 255
  }

  /// Notes the first segment of a connection, a SYN or a FIN; what others are like costs too much
  /// to ask.
  mutating func note(_ segment: inout Segment) {
    // A RST may be forged.
    guard !segment.flags.contains(.rst) else {
      latestResetHopLimit = segment.hopLimit
      return
    }
    if firstHopLimit == 0 { firstHopLimit = segment.hopLimit }
    if segment.flags.contains(.fin), firstFINHopLimit == 0 { firstFINHopLimit = segment.hopLimit }
    // A receiver that merges segments with payload (GRO) leaves their checksum as unfinished as a
    // sender does whose network card is to complete it.
    guard segment.payloadLength == 0 else { return }
    checksums.formUnion(ChecksumsSeen(segment.checksumStatus))
  }
}

/// The kinds of checksums that an endpoint's segments were seen with.
public struct ChecksumsSeen: OptionSet, BitwiseCopyable, Sendable {
  public var rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  public static var correct: ChecksumsSeen { ChecksumsSeen(rawValue: 1 << 0) }
  /// Left to the network card.
  public static var offloaded: ChecksumsSeen { ChecksumsSeen(rawValue: 1 << 1) }

  /// What one segment shows.
  init(_ status: ChecksumStatus) {
    switch status {
    case .correct: self = .correct
    case .offloaded: self = .offloaded
    case .unverified, .wrong: self = []
    }
  }
}

import FlowTracker
import PacketParser
import Testing
import TraceScript
import TrackerProperties

/// Segments that make no sense, in great number.
struct RobustnessTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `whatever comes is counted once and crashes nothing`(seed: UInt64) {
    var random = Randomness(seed: seed)
    let segments = (1...20_000).reduce(into: [Segment]()) { segments, frame in
      let before = segments.last?.time.nanoseconds ?? 1_700_000_000_000_000_000
      segments.append(random.segment(frame, after: before))
    }
    var limits = TrackerLimits()
    limits.maximumConnections = Int(seed * 3)
    let run = TrackedRun(segments, limits)
    let packets = run.connections.reduce(0) { $0 + $1[.client].packets + $1[.server].packets }
    let bytes = run.connections.reduce(0) { $0 + $1[.client].bytes + $1[.server].bytes }
    #expect(packets == 20_000, "seed \(seed)")
    #expect(bytes == segments.reduce(0) { $0 + UInt64($1.packetLength) }, "seed \(seed)")
    #expect(run.connections.map(\.number) == Array(1...run.connections.count), "seed \(seed)")

    let again = TrackedRun(segments, limits)
    let isRepeatable = run.connections.map(describe) == again.connections.map(describe)
    #expect(isRepeatable, "seed \(seed)")
  }
}

extension Randomness {
  /// A segment between one of a few pairs of ends, with numbers that often meet and sometimes do not.
  fileprivate mutating func segment(_ frame: Int, after time: Int64) -> Segment {
    var segment = Segment()
    segment.frame = frame
    segment.time = Timestamp(nanoseconds: time &+ pause())
    let host = UInt64.random(in: 0..<6, using: &self)
    let fromClient = Bool.random(using: &self)
    (segment.sourceLow, segment.destinationLow) = fromClient ? (host, 99) : (99, host)
    (segment.sourcePort, segment.destinationPort) = fromClient ? (40000, 80) : (80, 40000)
    segment.sequence = number()
    segment.acknowledgment = number()
    let flags: [TCPFlags] = [
      .syn, [.syn, .ack], .ack, .ack, [.ack, .psh], [.ack, .fin], .rst, [.rst, .ack],
      TCPFlags(rawValue: UInt16.random(in: 0..<512, using: &self)),
    ]
    segment.flags = flags[Int.random(in: flags.indices, using: &self)]
    segment.window =
      UInt16.random(in: 0...3, using: &self) == 0 ? 0 : .random(in: 0...65535, using: &self)
    let hasPayload = Bool.random(using: &self)
    segment.payloadLength = hasPayload ? UInt32.random(in: 0...65535, using: &self) : 0
    segment.packetLength = 40 + segment.payloadLength
    segment.encapsulation = EncapsulationID(
      rawValue: UInt16.random(in: 0..<20, using: &self) == 0 ? .random(in: 1...3, using: &self) : 0)
    segment.identification = UInt16.random(in: 0...3, using: &self)
    segment.options.windowScale = UInt8.random(in: 0...255, using: &self)
    segment.options.present = TCPOptionSet(rawValue: UInt16.random(in: 0...3, using: &self))
    return segment
  }

  private mutating func number() -> SequenceNumber {
    switch Int.random(in: 0..<10, using: &self) {
    case 0: SequenceNumber(UInt32.random(in: 0 ... .max, using: &self))
    case 1: SequenceNumber(0)
    default: SequenceNumber(UInt32.max - 50 &+ UInt32.random(in: 0..<100, using: &self))
    }
  }

  private mutating func pause() -> Int64 {
    switch Int.random(in: 0..<200, using: &self) {
    case 0: Int64.random(in: -200_000_000_000...200_000_000_000, using: &self)
    case 1: 8_000_000_000_000
    case 2: Int64.random(in: Int64.min...Int64.max, using: &self)
    default: Int64.random(in: 0...2_000_000, using: &self)
    }
  }
}

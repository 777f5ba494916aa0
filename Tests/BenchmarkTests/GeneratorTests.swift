import CTraceGenerator
import PacketParser
import Testing

@Suite struct GeneratorTests {
  private static let small = "--packets 5000 --live 20"

  @Test(arguments: ["", "--loss 0.1 --reorder 0.1", "--flood 0.5", "--mean-packets 500"])
  func `a capture has exactly as many packets as were asked for`(options: String) throws {
    let capture = try GeneratedCapture("\(Self.small) \(options)")
    #expect(capture.totals.packets == 5000)
    #expect(capture.totals.copies == 0)
    #expect(capture.frames.count == 5000)
    #expect(capture.totals.bytes == UInt64(capture.bytes.count))
  }

  @Test func `the same shape and seed give the same bytes, and another seed gives others`() throws {
    let options = "\(Self.small) --loss 0.1 --reorder 0.1 --copies 0.1"
    let capture = try GeneratedCapture("\(options) --seed 7")
    #expect(try GeneratedCapture("\(options) --seed 7").bytes == capture.bytes)
    #expect(try GeneratedCapture("\(options) --seed 8").bytes != capture.bytes)
  }

  @Test func `without loss and reordering data comes in order and only once`() throws {
    let capture = try GeneratedCapture(Self.small)
    #expect(capture.dataByDirection.map(\.lateCount).reduce(0, +) == 0)
  }

  @Test func `an overtaken segment stands right behind the next of its direction`() throws {
    let capture = try GeneratedCapture("\(Self.small) --reorder 0.2")
    var overtaken = 0
    for segments in capture.dataByDirection {
      for (first, second) in zip(segments, segments.dropFirst())
      where second.sequence < first.sequence {
        overtaken += 1
        #expect(second.sequenceEnd == first.sequence)
        #expect(second.identification &+ 1 == first.identification, "it was sent before")
      }
      #expect(Set(segments.map(\.sequence)).count == segments.count, "nothing comes again")
    }
    // Not all that might be are: short bursts and the end of a connection have no next segment.
    let share = Double(overtaken) / Double(capture.dataByDirection.joined().count)
    #expect((0.05...0.2).contains(share), "\(share)")
  }

  @Test func `with copies every frame stands in the capture twice`() throws {
    let capture = try GeneratedCapture("\(Self.small) --copies 1")
    #expect(capture.totals.packets == 5000)
    #expect(capture.totals.copies == 5000)
    #expect(capture.frames.count == 10000)
    let pairs = stride(from: 0, to: capture.frames.count - 1, by: 2)
    #expect(pairs.allSatisfy { capture.frames[$0] == capture.frames[$0 + 1] })
  }

  @Test func `some frames are copied when a share is asked for`() throws {
    let capture = try GeneratedCapture("\(Self.small) --copies 0.25")
    #expect((1100...1400).contains(capture.totals.copies))
    #expect(capture.frames.count == 5000 + Int(capture.totals.copies))
  }

  @Test func `whole frames have correct checksums`() throws {
    let capture = try GeneratedCapture(
      "\(Self.small) --snap-length 262144 --full-segments 1 --loss 0.1 --reorder 0.1")
    #expect(capture.segments.allSatisfy { $0.checksumStatus == .correct })
    #expect(capture.frames.contains { $0.count == 1514 })
  }
}

extension [Segment] {
  /// How many come behind one with later data.
  fileprivate var lateCount: Int {
    zip(self, dropFirst()).count { $1.sequence < $0.sequenceEnd }
  }
}

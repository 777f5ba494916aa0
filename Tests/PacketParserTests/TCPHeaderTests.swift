import PacketParser
import Testing
import TraceScript

struct TCPHeaderTests {
  @Test func `every field of the header is read`() {
    var builder = FrameBuilder()
    builder.sequence = 0x0102_0304
    builder.acknowledgment = 0xfefd_fcfb
    builder.flags = [.ack, .psh, .ae]
    builder.window = 0x1234
    builder.urgentPointer = 0x5678
    builder.payload = [1, 2, 3]
    builder.identification = 0x9abc
    builder.hopLimit = 17
    let decoding = decode(builder.ethernet)
    let segment = decoding.segment
    #expect(decoding.isSegment)
    #expect(segment.frame == 1)
    #expect(segment.source == builder.source)
    #expect(segment.destination == builder.destination)
    #expect(segment.sequence == SequenceNumber(0x0102_0304))
    #expect(segment.acknowledgment == SequenceNumber(0xfefd_fcfb))
    #expect(segment.flags == [.ack, .psh, .ae])
    #expect(segment.window == 0x1234)
    #expect(segment.urgentPointer == 0x5678)
    #expect(segment.headerLength == 20)
    #expect(segment.payloadLength == 3)
    #expect(segment.capturedPayloadLength == 3)
    #expect(segment.packetLength == 43)
    #expect(segment.identification == 0x9abc)
    #expect(segment.hopLimit == 17)
    #expect(segment.checksumStatus == .correct)
    // An urgent pointer without URG.
    #expect(segment.traits == .unusualHeader)
    #expect(segment.encapsulation == .none)
  }

  @Test(arguments: [LinkType.ethernet, .raw])
  func `an unusual header is told`(linkType: LinkType) {
    func traits(_ change: (inout FrameBuilder) -> Void) -> SegmentTraits {
      var builder = FrameBuilder()
      change(&builder)
      return decode(linkType == .raw ? builder.packet : builder.ethernet, linkType).segment.traits
    }
    #expect(traits { _ in } == [])
    #expect(traits { $0.options = FrameBuilder.timestamps(1, echo: 2) } == [])
    #expect(traits { $0.flags = [.ack, .psh, .ae, .ece, .cwr, .urg] } == [])
    #expect(traits { $0.hasReservedBit = true } == [.reservedBits, .unusualHeader])
    #expect(traits { $0.urgentPointer = 1 } == .unusualHeader)
    #expect(traits { $0.flags = .psh } == .unusualHeader)
    #expect(traits { ($0.flags, $0.acknowledgment) = (.psh, 0) } == [])
    for option in [[2, 4, 5, 180], [3, 3, 7], [4, 2]] as [[UInt8]] {
      #expect(traits { $0.options = option } == .unusualHeader)
      #expect(traits { ($0.flags, $0.options) = ([.syn, .ack], option) } == [])
    }
    #expect(traits { ($0.flags, $0.options) = ([.syn, .ack], [3, 2]) } == .unusualHeader)
  }

  @Test func `Ethernet's padding is not payload`() {
    var builder = FrameBuilder()
    builder.padding = 6
    let segment = decode(builder.ethernet).segment
    #expect(segment.payloadLength == 0)
    #expect(segment.checksumStatus == .correct)
  }
}

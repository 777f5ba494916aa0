import PacketParser
import Testing
import TraceScript

struct FragmentTests {
  /// A segment of 20 + 80 bytes over each version.
  private static let segments: [FrameBuilder] = [SampleFrame.segment, SampleFrame.segment6].map {
    var builder = $0
    builder.payload = Array(1...80)
    builder.identification = 7
    return builder
  }
  private static let segment = segments[0]
  private static let segment6 = segments[1]

  /// The packet that carries a part of the segment, or of `content` in its stead.
  private func fragment(
    _ range: Range<Int>, of builder: FrameBuilder, content: [UInt8]? = nil, isLast: Bool? = nil
  ) -> [UInt8] {
    let whole = content ?? builder.tcp
    let more = !(isLast ?? (range.upperBound == whole.count))
    return switch builder.source.address.version {
    case .v4:
      builder.ipv4Packet(
        carrying: Array(whole[range]), protocolNumber: 6, offset: range.lowerBound,
        moreFragments: more)
    case .v6:
      builder.ipv6Fragment(
        carrying: Array(whole[range]), protocolNumber: 6, offset: range.lowerBound,
        moreFragments: more)
    }
  }

  private func threeFragments(of builder: FrameBuilder) -> [[UInt8]] {
    [0..<40, 40..<80, 80..<100].map { fragment($0, of: builder) }
  }

  @Test(
    arguments: segments, [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
  func `a datagram is complete in any order`(builder: FrameBuilder, order: [Int]) {
    let parts = threeFragments(of: builder)
    let decodings = decode(order.map { parts[$0] }, .raw)
    #expect(decodings.map(\.fate) == [.fragment, .fragment, .tcp])
    let segment = decodings[2].segment
    #expect(segment.frame == 3)
    #expect(segment.source == builder.source)
    #expect(segment.payloadLength == 80)
    #expect(segment.capturedPayloadLength == 80)
    #expect(Int(segment.packetLength) == builder.packet.count)
    #expect(segment.traits == .reassembled)
    #expect(segment.checksumStatus == .correct)
  }

  @Test(arguments: segments)
  func `a first fragment alone stays a fragment`(builder: FrameBuilder) {
    let first = fragment(0..<80, of: builder)
    #expect(decode(first, .raw).fate == .fragment)
  }

  @Test(arguments: segments)
  func `a fragment seen twice changes nothing`(builder: FrameBuilder) {
    let parts = threeFragments(of: builder)
    let decodings = decode([parts[0], parts[0], parts[1], parts[1], parts[2]], .raw)
    #expect(decodings.map(\.fate) == [.fragment, .fragment, .fragment, .fragment, .tcp])
    #expect(decodings[4].segment.checksumStatus == .correct)
  }

  @Test func `where IPv4 fragments overlap, the first one counts`() {
    var other = Self.segment.tcp
    other.replaceSubrange(40..<48, with: Array(repeating: 0xff, count: 8))
    let frames = [
      fragment(0..<48, of: Self.segment),
      fragment(40..<100, of: Self.segment, content: other),
    ]
    let decodings = decode(frames, .raw)
    #expect(decodings.map(\.fate) == [.fragment, .tcp])
    #expect(decodings[1].segment.checksumStatus == .correct)
  }

  @Test func `an IPv4 fragment may fill several holes at once`() {
    let frames = [16..<32, 48..<64, 80..<100, 0..<96].map { fragment($0, of: Self.segment) }
    let decodings = decode(frames, .raw)
    #expect(decodings.map(\.fate) == [.fragment, .fragment, .fragment, .tcp])
    #expect(decodings[3].segment.checksumStatus == .correct)
  }

  @Test func `where IPv6 fragments overlap, the datagram is given up`() {
    let frames =
      [fragment(0..<48, of: Self.segment6), fragment(40..<80, of: Self.segment6)]
      + threeFragments(of: Self.segment6)
    let decodings = decode(frames, .raw)
    #expect(
      decodings.map(\.fate) == [.fragment, .malformed, .malformed, .malformed, .malformed])
  }

  @Test func `a fragment beyond the last one is refused`() {
    let frames = [
      fragment(80..<100, of: Self.segment),
      fragment(96..<104, of: Self.segment, content: Array(repeating: 0, count: 104)),
      fragment(40..<80, of: Self.segment, isLast: true),
      fragment(0..<80, of: Self.segment),
    ]
    let fates = decode(frames, .raw).map(\.fate)
    #expect(fates == [.fragment, .malformed, .malformed, .tcp])
  }

  @Test func `only the last fragment may end anywhere`() {
    let frames = [Self.segment6, Self.segment].map { fragment(0..<43, of: $0) }
    #expect(decode(frames[0], .raw).fate == .malformed)
    // IPv4 hosts leave off what is beyond a multiple of 8, so the part from 40 on is still missing.
    let decodings = decode([frames[1], fragment(40..<100, of: Self.segment)], .raw)
    #expect(decodings.map(\.fate) == [.fragment, .tcp])
    #expect(decodings[1].segment.checksumStatus == .correct)
  }

  @Test(arguments: segments)
  func `no datagram is longer than 65535 bytes`(builder: FrameBuilder) {
    let content = Array(repeating: UInt8(0), count: 65_600)
    let last = fragment(65_520..<65_600, of: builder, content: content)
    #expect(decode(last, .raw).fate == .malformed)
  }

  @Test(arguments: [(segments[0], 30), (segments[1], 60)] as [(FrameBuilder, Int64)])
  func `a datagram is waited for only so long`(builder: FrameBuilder, seconds: Int64) {
    let parts = [0..<80, 80..<100].map { fragment($0, of: builder) }
    let inTime = decode(parts, .raw, interval: seconds * 1_000_000_000)
    let late = decode(parts, .raw, interval: seconds * 1_000_000_000 + 1)
    #expect(inTime.map(\.fate) == [.fragment, .tcp])
    #expect(late.map(\.fate) == [.fragment, .fragment])
  }

  @Test func `datagrams are told apart by their identification`() {
    var other = Self.segment
    other.identification = 8
    let frames = [fragment(0..<80, of: Self.segment), fragment(80..<100, of: other)]
    #expect(decode(frames, .raw).map(\.fate) == [.fragment, .fragment])
  }

  @Test func `datagrams are told apart by their tunnel`() {
    let vlans: [[UInt16]] = [[1], [2], [1]]
    let frames = zip(vlans, [0..<80, 80..<100, 80..<100]).map { vlans, range in
      var builder = Self.segment
      builder.vlans = vlans
      return builder.ethernetFrame(carrying: fragment(range, of: builder), type: 0x0800)
    }
    let decodings = decode(frames)
    #expect(decodings.map(\.fate) == [.fragment, .fragment, .tcp])
    #expect(decodings[2].layers == [.vlan(1)])
  }

  @Test func `the oldest datagram makes room when there are too many`() {
    let starts = (0..<3).map { index in
      var builder = Self.segment
      builder.identification = UInt16(index)
      return builder
    }
    let ends = starts.reversed()
    let frames =
      starts.map { fragment(0..<80, of: $0) } + ends.map { fragment(80..<100, of: $0) }
    let fates = decode(frames, .raw, fragmentLimits: FragmentLimits(datagrams: 2)).map(\.fate)
    #expect(fates == [.fragment, .fragment, .fragment, .tcp, .tcp, .fragment])
  }

  @Test func `the oldest datagram makes room when they are too large`() {
    var other = Self.segment
    other.identification = 8
    let frames = [
      fragment(0..<80, of: Self.segment), fragment(0..<80, of: other),
      fragment(80..<100, of: Self.segment), fragment(80..<100, of: other),
    ]
    let limits = FragmentLimits(bytes: 500)
    let fates = decode(frames, .raw, fragmentLimits: limits).map(\.fate)
    #expect(fates == [.fragment, .fragment, .fragment, .tcp])
  }

  @Test func `a datagram in too many parts is refused`() {
    let frames = stride(from: 0, to: 100, by: 8).map {
      fragment($0..<min($0 + 8, 100), of: Self.segment)
    }
    let few = decode(frames, .raw, fragmentLimits: FragmentLimits(fragmentsPerDatagram: 12))
    let enough = decode(frames, .raw, fragmentLimits: FragmentLimits(fragmentsPerDatagram: 13))
    #expect(few.last?.fate == .malformed)
    #expect(enough.last?.fate == .tcp)
  }

  @Test func `a flood of first fragments leaves room for a sound datagram`() {
    let flood = (0..<5000).map { index in
      var builder = Self.segment
      builder.source.address = IPAddress(v4: UInt32(index))
      return fragment(0..<80, of: builder)
    }
    let decodings = decode(
      flood + threeFragments(of: Self.segment), .raw,
      fragmentLimits: FragmentLimits(datagrams: 16))
    #expect(decodings.last?.isSegment == true)
  }

  @Test func `fragments cut by the snap length give what they hold`() {
    let cut = threeFragments(of: Self.segment).map { Array($0.dropLast(4)) }
    let decodings = decode(cut, .raw, missing: 4)
    #expect(decodings.map(\.fate) == [.fragment, .fragment, .tcp])
    let segment = decodings[2].segment
    #expect(segment.payloadLength == 80)
    #expect(segment.capturedPayloadLength == 16)
    #expect(segment.traits == [.reassembled, .truncated])
    #expect(segment.checksumStatus == .unverified)
  }

  @Test func `a tunnel's own packets may come in fragments, and what they carry too`() {
    let inner = threeFragments(of: Self.segment)
    var carrier = FrameBuilder()
    let frames = inner.enumerated().flatMap { index, packet in
      carrier.identification = UInt16(100 + index)
      let tunneled = bytes("0000 0800") + packet
      return [
        carrier.ipv4Packet(
          carrying: Array(tunneled[..<32]), protocolNumber: 47, moreFragments: true),
        carrier.ipv4Packet(carrying: Array(tunneled[32...]), protocolNumber: 47, offset: 32),
      ]
    }
    let decodings = decode(frames, .raw)
    #expect(decodings.map(\.isSegment) == [false, false, false, false, false, true])
    #expect(decodings[5].layers == [.gre(key: nil)])
    #expect(decodings[5].segment.checksumStatus == .correct)
  }
}

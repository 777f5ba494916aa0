import PacketCapture
import PacketParser
import Testing
import TraceScript

struct FrameRingTests {
  @Test func `frames come back as they came, the oldest first`() {
    var ring = FrameRing(windowNanoseconds: 3_600_000_000_000, bytes: 1 << 20)
    append(frames(100), to: &ring)
    #expect(read(ring) == expected(frames(100)))
    #expect(read(ring) == expected(frames(100)))
  }

  @Test func `what is older than the time is not given out`() {
    var ring = FrameRing(windowNanoseconds: 30_000_000_000, bytes: 1 << 20)
    // A frame a second, each a microsecond later in its second.
    append(frames(100), to: &ring)
    #expect(read(ring) == Array(expected(frames(100))[70...]))
    ring.advance(to: Timestamp(seconds: 1_700_000_120, nanoseconds: 0))
    let afterPause = read(ring).map(\.number)
    #expect(afterPause == Array(91...100))
    ring.advance(to: Timestamp(seconds: 1_700_001_000, nanoseconds: 0))
    #expect(read(ring).isEmpty)
    let evicted = ring.framesEvicted
    #expect(evicted == 0)
  }

  @Test func `a ring that is full lets the oldest go`() {
    var ring = FrameRing(windowNanoseconds: .max, bytes: 1 << 20)
    let many = (0..<20_000).map { index in
      CapturedFrame(
        seconds: 1_700_000_000 + index,
        [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index * 31 % 1500))
    }
    var appended = 0
    while appended < many.count {
      append(Array(many[appended..<(appended + 2000)]), to: &ring, from: appended + 1)
      appended += 2000
      let kept = read(ring)
      let evicted = ring.framesEvicted
      #expect(kept.count + evicted == appended)
      #expect(kept == Array(expected(many)[evicted..<appended]))
      // The frames of a megabyte, but for a piece of it that was just begun anew.
      let bytes = kept.reduce(0) { $0 + 24 + $1.bytes.count }
      #expect(bytes <= 4 * ((1 << 18) + 64))
      #expect(evicted == 0 || bytes >= 3 * (1 << 18) - 4 * 1524)
    }
  }

  @Test func `a frame that fits nowhere is counted`() {
    var ring = FrameRing(windowNanoseconds: .max, bytes: 0)
    append([CapturedFrame([UInt8](repeating: 1, count: 1 << 19)), CapturedFrame([2])], to: &ring)
    let tooLong = ring.framesTooLong
    #expect(tooLong == 1)
    #expect(read(ring).map(\.bytes) == [[2]])
  }

  @Test func `a clock that is set back keeps what came before`() {
    var ring = FrameRing(windowNanoseconds: 30_000_000_000, bytes: 1 << 20)
    append([CapturedFrame(seconds: 1000, [1]), CapturedFrame(seconds: 990, [2])], to: &ring)
    #expect(read(ring).map(\.bytes) == [[1], [2]])
  }

  @Test func `the frames are written as a capture`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.pcap"
    var ring = FrameRing(windowNanoseconds: 9_500_000_000, bytes: 1 << 20)
    append(frames(50), to: &ring)
    var writer = try CaptureWriter(
      path: path, format: CaptureFormat(linkTypeNumber: 1, snapLength: 256),
      startingAt: Timestamp(nanoseconds: 0))
    let count = try ring.write(to: &writer)
    try writer.finish()
    #expect(count == 10)
    #expect(readCapture(path).frames.map(\.bytes) == frames(50)[40...].map(\.bytes))
  }

  private func append(_ frames: [CapturedFrame], to ring: inout FrameRing, from number: Int = 1) {
    for (index, frame) in frames.enumerated() {
      let info = FrameInfo(
        number: number + index,
        time: Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds),
        wireLength: frame.wireLength)
      withBytes(of: frame.bytes) { ring.append($0, info) }
    }
  }

  private func read(_ ring: borrowing FrameRing) -> [ReadFrame] {
    var receiver = Gatherer()
    ring.forEachFrame(&receiver)
    return receiver.frames
  }
}

private struct Gatherer: FrameReceiver {
  var frames: [ReadFrame] = []

  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    frames.append(ReadFrame(frame, info))
    return .next
  }
}

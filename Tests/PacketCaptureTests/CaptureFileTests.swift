import PacketCapture
import PacketParser
import Testing
import TraceScript

struct CaptureFileTests {
  @Test(arguments: [CaptureBytes.ByteOrder.littleEndian, .bigEndian])
  func `every dialect of pcap gives the same frames`(order: CaptureBytes.ByteOrder) throws {
    var dialects = [CaptureBytes](repeating: CaptureBytes(), count: 5)
    dialects[1].precision = .nanoseconds
    dialects[2].usesKuznetzovRecords = true
    dialects[3].minorVersion = 2
    dialects[3].swapsLengths = true
    // Version 2.3 was written with the lengths either way round; libpcap takes the smaller for the captured.
    dialects[4].minorVersion = 3
    dialects[4].swapsLengths = true
    for var dialect in dialects {
      dialect.byteOrder = order
      let (read, error) = try readCapture(dialect.pcap(frames(9)))
      #expect(read == expected(frames(9)), "\(dialect)")
      #expect(error == nil)
    }
  }

  @Test(arguments: [CaptureBytes.ByteOrder.littleEndian, .bigEndian])
  func `both precisions of pcapng give the same frames`(order: CaptureBytes.ByteOrder) throws {
    for precision in [CaptureBytes.Precision.microseconds, .nanoseconds] {
      var dialect = CaptureBytes()
      (dialect.byteOrder, dialect.precision) = (order, precision)
      let (read, error) = try readCapture(dialect.pcapng(frames(9)))
      #expect(read == expected(frames(9)))
      #expect(error == nil)
    }
  }

  @Test func `a capture says what it is`() throws {
    let folder = try TemporaryFolder()
    var capture = CaptureBytes()
    (capture.linkType, capture.snapLength) = (113, 96)
    let path = try folder.file("trace", capture.pcap(frames(2)))
    let file = try CaptureFile(path: path)
    let facts = [
      file.path, file.formatName, file.linkTypeName, file.linkTypeDescription,
      "\(file.linkTypeNumber)", "\(file.snapLength)",
    ]
    #expect(facts == [path, "pcap 2.4", "LINUX_SLL", "Linux cooked v1", "113", "96"])
    let pcapng = try CaptureFile(path: try folder.file("next", CaptureBytes().pcapng([])))
    let format = pcapng.formatName
    #expect(format == "pcapng 1.0")
  }

  @Test func `a link type without a name is called by its number`() throws {
    let folder = try TemporaryFolder()
    var capture = CaptureBytes()
    capture.linkType = 4321
    let file = try CaptureFile(path: try folder.file("trace", capture.pcap([])))
    let names = [file.linkTypeName, file.linkTypeDescription]
    #expect(names == ["DLT_4321", "DLT 4321"])
  }

  @Test func `nanoseconds arrive whole`() throws {
    var capture = CaptureBytes()
    capture.precision = .nanoseconds
    let frame = CapturedFrame(seconds: 1, nanoseconds: 999_999_999, [1])
    let times = try readCapture(capture.pcap([frame])).frames.map(\.nanoseconds)
    #expect(times == [1_999_999_999])
  }

  @Test func `seconds after 2038 are not taken as negative`() throws {
    let frame = CapturedFrame(seconds: 0xf000_0000, [1])
    let pcap = try readCapture(CaptureBytes().pcap([frame])).frames.map(\.nanoseconds)
    let pcapng = try readCapture(CaptureBytes().pcapng([frame])).frames.map(\.nanoseconds)
    #expect(pcap == [4_026_531_840_000_000_000])
    #expect(pcapng == pcap)
  }

  @Test func `absurd fractions of a second and absurd ticks do no harm`() throws {
    var capture = CaptureBytes()
    capture.precision = .nanoseconds
    let frame = CapturedFrame(seconds: 0xffff_ffff, nanoseconds: 0xffff_ffff, [1])
    let pcap = try readCapture(capture.pcap([frame])).frames.count
    let latest = CapturedFrame(seconds: 0, nanoseconds: -1, [1])
    let pcapng = try readCapture(capture.pcapng([latest])).frames.count
    #expect([pcap, pcapng] == [1, 1])
  }

  @Test func `a frame may claim to be shorter on the wire than in the capture, or to be empty`()
    throws
  {
    let odd = [
      CapturedFrame([1, 2, 3], wireLength: 2), CapturedFrame([], wireLength: 0),
      CapturedFrame([], wireLength: 60), CapturedFrame([4], wireLength: 0xffff_ffff),
    ]
    let (read, error) = try readCapture(CaptureBytes().pcap(odd))
    #expect(read == expected(odd))
    #expect(error == nil)
  }

  @Test func `a record longer than the snap length is cut to it`() throws {
    var capture = CaptureBytes()
    capture.snapLength = 22
    let (read, error) = try readCapture(capture.pcap(frames(9)))
    let lengths = read.map(\.bytes.count)
    #expect(lengths == [20, 21, 22, 22, 22, 22, 22, 20, 21])
    #expect(error == nil)
  }

  @Test func `reading pauses at the limit, and goes on from there`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("trace", CaptureBytes().pcap(frames(10)))
    var file = try CaptureFile(path: path)
    var receiver = Collector()
    var pauses: [ReadingPause] = []
    for limit in [0, 4, 6, 1] {
      pauses.append(try file.readFrames(atMost: limit, into: &receiver))
    }
    #expect(pauses == [.limit, .limit, .limit, .end])
    #expect(receiver.numbers == Array(1...10))
  }

  @Test(arguments: 1...10) func `a receiver stops reading, and may go on`(stop: Int) throws {
    let folder = try TemporaryFolder()
    let plain = CaptureBytes().pcap(frames(10))
    for path in [
      try folder.file("trace", plain), try folder.file("compressed", gzipMember(plain)),
    ] {
      var file = try CaptureFile(path: path)
      var receiver = Collector(stopsAt: stop)
      let first = try file.readFrames(atMost: 10, into: &receiver)
      let numbers = receiver.numbers
      let second = try file.readFrames(atMost: .max, into: &receiver)
      #expect(first == .stopped)
      #expect(numbers == Array(1...stop))
      #expect(second == .end)
      #expect(receiver.numbers == Array(1...10))
    }
  }

  @Test func `progress is told in bytes of the file as it is stored`() throws {
    let folder = try TemporaryFolder()
    let plain = CaptureBytes().pcap(frames(10))
    for bytes in [plain, gzipMember(plain), zstandardFrame(plain)] {
      var file = try CaptureFile(path: try folder.file("trace", bytes))
      var receiver = Collector()
      try file.forEachFrame(&receiver)
      let (consumed, all) = (file.bytesConsumed, file.byteCount)
      #expect(consumed == bytes.count)
      #expect(all == bytes.count)
    }
  }
}

struct Collector: FrameReceiver {
  var stopsAt: Int?
  var numbers: [Int] = []

  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    numbers.append(info.number)
    return info.number == stopsAt ? .stop : .next
  }
}

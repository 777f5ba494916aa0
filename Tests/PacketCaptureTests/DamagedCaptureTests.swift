import PacketCapture
import Testing
import TraceScript

/// A file that is cut or damaged gives all frames before, then says which packet it was and where.
struct DamagedCaptureTests {
  @Test(arguments: [false, true])
  func `a pcap file may be cut anywhere`(usesKuznetzovRecords: Bool) throws {
    let folder = try TemporaryFolder()
    var capture = CaptureBytes()
    capture.usesKuznetzovRecords = usesKuznetzovRecords
    let whole = capture.pcap(frames(5))
    let offsets = capture.pcapRecordOffsets(frames(5))
    for length in 24..<whole.count {
      let cut = Array(whole[..<length])
      let complete = offsets.lastIndex { $0 <= length } ?? 0
      for bytes in [cut, gzipMember(cut), zstandardFrame(cut)] {
        let (read, error) = readCapture(try folder.file("trace", bytes))
        #expect(read == expected(frames(5).prefix(complete)))
        if offsets.contains(length) {
          #expect(error == nil)
        } else {
          #expect(error?.damage?.packet == complete + 1)
          #expect(error?.damage?.byteOffset == offsets[complete])
        }
      }
    }
  }

  @Test func `a pcapng file may be cut anywhere`() throws {
    let folder = try TemporaryFolder()
    let capture = CaptureBytes()
    let start = capture.sectionHeaderBlock().count + capture.interfaceBlock().count
    let whole = capture.pcapng(frames(5))
    let offsets = frames(5).reduce(into: [start]) { offsets, frame in
      offsets.append(offsets[offsets.count - 1] + capture.enhancedPacketBlock(frame).count)
    }
    for length in start..<whole.count {
      let (read, error) = readCapture(try folder.file("trace", Array(whole[..<length])))
      let complete = offsets.lastIndex { $0 <= length } ?? 0
      #expect(read == expected(frames(5).prefix(complete)))
      if offsets.contains(length) {
        #expect(error == nil)
      } else {
        #expect(error?.damage?.packet == complete + 1)
        #expect(error?.damage?.byteOffset == offsets[complete])
      }
    }
  }

  @Test func `an absurd record length ends reading there`() throws {
    let capture = CaptureBytes()
    var bad = capture.pcapRecord(frames(1)[0])
    bad.replaceSubrange(8..<12, with: [0, 0, 0, 0x54])
    let whole = capture.pcap(frames(3))
    let (read, error) = try readCapture(whole + bad + capture.pcapRecord(frames(1)[0]))
    #expect(read == expected(frames(3)))
    #expect(
      error?.damage
        == CaptureDamage(
          path: "", packet: 4, byteOffset: whole.count,
          reason: "invalid packet capture length 1409286144, bigger than snaplen of 262144"))
  }

  @Test(arguments: [4095, 4096, 4097, 10_000])
  func `the place is exact in a long file, also where records exceed the snap length`(
    count: Int
  ) throws {
    var capture = CaptureBytes()
    capture.snapLength = 22
    let whole = capture.pcap(frames(count))
    for bytes in [whole, zstandardFrame(whole)] {
      let (read, error) = try readCapture(
        bytes == whole ? whole + [0] : zstandardFrame(whole + [0]))
      #expect(read.count == count)
      #expect(error?.damage?.packet == count + 1)
      #expect(error?.damage?.byteOffset == whole.count)
    }
  }

  @Test func `damage stays damage when one tries to read on`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("trace", CaptureBytes().pcap(frames(3)).dropLast())
    var file = try CaptureFile(path: path)
    var receiver = Collector()
    var errors: [CaptureError] = []
    for _ in 0..<2 {
      do throws(CaptureError) {
        try file.forEachFrame(&receiver)
      } catch {
        errors.append(error)
      }
    }
    #expect(errors.count == 2)
    #expect(errors.first == errors.last)
    #expect(receiver.numbers == [1, 2])
  }

  @Test func `the message names file, packet and byte`() throws {
    let folder = try TemporaryFolder()
    let plain = CaptureBytes().pcap(frames(3))
    let cut = readCapture(try folder.file("cut.pcap", plain.dropLast())).error
    let message = cut?.description.replacing(folder.path + "/", with: "")
    #expect(
      message == """
        cannot read 'cut.pcap' to its end: packet 3, at byte 97: truncated dump file; \
        tried to read 22 captured bytes, only got 21
        """)
    let compressed = Array(gzipMember(plain).dropLast(12))
    let early = readCapture(try folder.file("cut.pcap.gz", compressed)).error
    let compressedMessage = early?.description.replacing(folder.path + "/", with: "")
    #expect(
      compressedMessage == """
        cannot read 'cut.pcap.gz' to its end: packet 3, at byte 97 of the decompressed capture: \
        the gzip stream ends early, at byte 146 of the file
        """)
  }

  @Test func `interfaces that libpcap cannot read together are no damage`() throws {
    let folder = try TemporaryFolder()
    let capture = CaptureBytes()
    var (otherType, otherLength) = (capture, capture)
    otherType.linkType = 101
    otherLength.snapLength = 8192
    for (other, difference, remedy) in [
      (
        otherType, InterfaceDifference.linkType,
        "libpcap reads one link type a file: capture each interface into a file of its own."
      ),
      (
        otherLength, .snapLength,
        "If all its frames have one link type, editcap -F pcap FILE OUT.pcap makes it readable."
      ),
    ] {
      let mixed =
        capture.pcapng(frames(2)) + other.interfaceBlock()
        + capture.enhancedPacketBlock(frames(1)[0], interface: 1)
      let path = try folder.file("mixed.pcapng", mixed)
      let (read, error) = readCapture(path)
      #expect(read == expected(frames(2)))
      guard case .mixedInterfaces(path, 3, difference, _) = error else {
        Issue.record("unexpected: \(String(describing: error))")
        continue
      }
      let lastLine = error?.description.split(separator: "\n").last
      #expect(lastLine?.trimmingPrefix("  ") == remedy[...])
    }
  }
}

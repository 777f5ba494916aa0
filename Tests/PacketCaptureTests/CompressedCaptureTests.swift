import PacketCapture
import Testing
import TraceScript

/// Compressed captures are known by their first bytes, whatever their names.
struct CompressedCaptureTests {
  let plain = CaptureBytes().pcap(frames(50))

  @Test(arguments: [1, 7, 100, 65535])
  func `blocks of any length give the capture`(blockLength: Int) throws {
    for bytes in [
      gzipMember(plain, blockLength: blockLength),
      zstandardFrame(plain, blockLength: blockLength),
    ] {
      let (read, error) = try readCapture(bytes)
      #expect(read == expected(frames(50)))
      #expect(error == nil)
    }
  }

  @Test(arguments: [0, 1, 23, 24, 25, 700])
  func `a stream may come in several members or frames`(split: Int) throws {
    let (first, second) = (Array(plain[..<split]), Array(plain[split...]))
    for bytes in [
      gzipMember(first) + gzipMember([]) + gzipMember(second),
      zstandardFrame(first) + zstandardFrame(second),
    ] {
      let (read, error) = try readCapture(bytes)
      #expect(read == expected(frames(50)))
      #expect(error == nil)
    }
  }

  @Test func `a compressed pcapng file is read, too`() throws {
    let (read, error) = try readCapture(gzipMember(CaptureBytes().pcapng(frames(50))))
    #expect(read == expected(frames(50)))
    #expect(error == nil)
  }

  @Test func `a Zstandard stream may begin with a skippable frame`() throws {
    let skippable = bytes("502a4d18 03000000 010203")
    let (read, error) = try readCapture(skippable + zstandardFrame(plain))
    #expect(read == expected(frames(50)))
    #expect(error == nil)
  }

  @Test func `a capture longer than all buffers arrives whole`() throws {
    let long = frames(20_000)
    let capture = CaptureBytes().pcap(long)
    for bytes in [gzipMember(capture), zstandardFrame(capture), capture] {
      let (read, error) = try readCapture(bytes)
      #expect(read == expected(long))
      #expect(error == nil)
    }
  }

  @Test(arguments: ["gzip", "Zstandard"])
  func `a compressed file may be cut anywhere`(format: String) throws {
    let folder = try TemporaryFolder()
    let plain = CaptureBytes().pcap(frames(5))
    let offsets = CaptureBytes().pcapRecordOffsets(frames(5))
    let whole =
      format == "gzip"
      ? gzipMember(plain, blockLength: 50) : zstandardFrame(plain, blockLength: 50)
    for length in 100..<whole.count {
      let (read, error) = readCapture(try folder.file("trace", Array(whole[..<length])))
      #expect(read == expected(frames(5).prefix(read.count)))
      // All blocks but the last are complete behind this point: nothing of them is lost.
      let lost = whole.count - length
      let complete = offsets.lastIndex { $0 <= plain.count - lost } ?? 0
      #expect(read.count >= complete)
      #expect(
        error?.damage
          == CaptureDamage(
            path: "", packet: read.count + 1, byteOffset: offsets[read.count],
            reason: "the \(format) stream ends early", compressedOffset: length))
    }
  }

  @Test func `a wrong checksum is found after the last frame`() throws {
    var member = gzipMember(plain)
    member[member.count - 8] ^= 1
    let (read, error) = try readCapture(member)
    #expect(read == expected(frames(50)))
    #expect(error?.damage?.reason == "the gzip stream is damaged (incorrect data check)")
    #expect(error?.damage?.byteOffset == plain.count)
  }

  @Test func `a damaged block gives what stands before it`() throws {
    // The second block's length is at odds with its complement.
    var member = gzipMember(plain, blockLength: 700)
    member[10 + 5 + 700 + 1] ^= 1
    let gzip = try readCapture(member)
    #expect(
      gzip.error?.damage?.reason == "the gzip stream is damaged (invalid stored block lengths)")
    // The second block is of the reserved type.
    var frame = zstandardFrame(plain, blockLength: 700)
    frame[6 + 3 + 700] |= 0b110
    let zstandard = try readCapture(frame)
    #expect(
      zstandard.error?.damage?.reason
        == "the Zstandard stream is damaged (Data corruption detected)")
    let complete = CaptureBytes().pcapRecordOffsets(frames(50)).lastIndex { $0 <= 700 } ?? 0
    #expect(gzip.frames == expected(frames(50).prefix(complete)))
    #expect(zstandard.frames == gzip.frames)
  }

  @Test func `zeros after a gzip stream are padding, other bytes are not`() throws {
    let padded = try readCapture(gzipMember(plain) + [UInt8](repeating: 0, count: 300_000))
    #expect(padded.frames == expected(frames(50)))
    #expect(padded.error == nil)
    let followed = try readCapture(gzipMember(plain) + [0, 0, 7])
    #expect(followed.frames == expected(frames(50)))
    #expect(followed.error?.damage?.reason == "what follows the gzip stream is not gzip")
    #expect(followed.error?.damage?.compressedOffset == gzipMember(plain).count + 2)
  }

  @Test func `a Zstandard window of more than 128 MiB is refused`() throws {
    let accepted = try readCapture(zstandardFrame(plain, windowLog: 27))
    #expect(accepted.error == nil)
    let refused = try readCapture(zstandardFrame(plain, windowLog: 28)).error
    let message = refused?.description ?? ""
    #expect(message.contains("needs more than 128 MiB to decompress (zstd --long), at byte "))
  }
}

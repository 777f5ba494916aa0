/// `bytes` as one gzip member (RFC 1952) of stored blocks: a compressed file that needs no compressor.
public func gzipMember(_ bytes: [UInt8], blockLength: Int = 65535) -> [UInt8] {
  var member: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
  var rest = bytes[...]
  repeat {
    let block = rest.prefix(blockLength)
    rest = rest.dropFirst(blockLength)
    let length = littleEndian(block.count, byteCount: 2)
    member += [rest.isEmpty ? 1 : 0] + length + length.map(~) + block
  } while !rest.isEmpty
  return member + littleEndian(Int(crc32(bytes)), byteCount: 4)
    + littleEndian(bytes.count, byteCount: 4)
}

/// `bytes` as one Zstandard frame (RFC 8878) of raw blocks, with a window of 2^`windowLog` bytes.
public func zstandardFrame(
  _ bytes: [UInt8], blockLength: Int = 65535, windowLog: Int = 17
) -> [UInt8] {
  // No single segment, no content size, no checksum: the frame header is its two bytes.
  var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, UInt8((windowLog - 10) << 3)]
  var rest = bytes[...]
  repeat {
    let block = rest.prefix(blockLength)
    rest = rest.dropFirst(blockLength)
    frame += littleEndian(block.count << 3 | (rest.isEmpty ? 1 : 0), byteCount: 3) + block
  } while !rest.isEmpty
  return frame
}

/// The checksum of gzip (RFC 1952 §8), a bit at a time.
private func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { checksum, byte in
    (0..<8).reduce(checksum ^ UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1
    }
  }
}

private func littleEndian(_ value: Int, byteCount: Int) -> [UInt8] {
  (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

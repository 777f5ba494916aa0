extension TCPHeader {
  static let fields: [FieldLayout] = [
    .number("Source port", at: 0, 2),
    .number("Destination port", at: 2, 2),
    .number("Sequence number", at: 4, 4),
    .number("Acknowledgment number", at: 8, 4),
    .number("Data offset", at: 12, 1, mask: 0xf0) { "\($0 * 4) bytes" },
    .number("Reserved", at: 12, 1, mask: 0x0e),
    .flag("AE", at: 12, 2, mask: 0x0100),
    .flag("CWR", at: 13, 1, mask: 0x80),
    .flag("ECE", at: 13, 1, mask: 0x40),
    .flag("URG", at: 13, 1, mask: 0x20),
    .flag("ACK", at: 13, 1, mask: 0x10),
    .flag("PSH", at: 13, 1, mask: 0x08),
    .flag("RST", at: 13, 1, mask: 0x04),
    .flag("SYN", at: 13, 1, mask: 0x02),
    .flag("FIN", at: 13, 1, mask: 0x01),
    .number("Window", at: 14, 2),
    .hexadecimal("Checksum", at: 16, 2),
    .number("Urgent pointer", at: 18, 2),
  ]

  /// The fixed fields with what `segment` knows of the checksum, then the options one by one.
  static func dissect(_ header: HeaderBytes, _ segment: Segment) -> [DissectedField] {
    let fixed = header.fields(fields).map { field in
      var field = field
      if field.name == "Checksum" { field.meaning = segment.checksumStatus.text }
      return field
    }
    return fixed + options(header)
  }

  private static func options(_ header: HeaderBytes) -> [DissectedField] {
    var fields: [DissectedField] = []
    var offset = 20
    while let kind = header.number(at: offset, 1) {
      if kind <= 1 {
        let name = kind == 0 ? "Option: end of options" : "Option: no operation"
        fields += header.fields([.number(name, at: offset, 1)])
        if kind == 0 { break }
        offset += 1
        continue
      }
      let length = Int(header.number(at: offset + 1, 1) ?? 0)
      guard length >= 2, offset + length <= header.count else {
        let rest = FieldLayout.bytes("Option: malformed", at: offset, header.count - offset)
        return fields + header.fields([rest])
      }
      fields += header.fields([option(UInt8(kind), header, at: offset, length)])
      offset += length
    }
    return fields
  }

  /// One option as its bytes, with what they say.
  private static func option(
    _ kind: UInt8, _ header: HeaderBytes, at offset: Int, _ length: Int
  ) -> FieldLayout {
    let (name, meaning) = describe(kind, header, at: offset + 2, length - 2)
    return FieldLayout(
      name: "Option: " + name, offset: offset, byteLength: length, format: .bytes,
      meaning: { _ in meaning })
  }

  private static func describe(
    _ kind: UInt8, _ header: HeaderBytes, at data: Int, _ length: Int
  ) -> (name: String, meaning: String?) {
    let number = { (at: Int, size: Int) in header.number(at: data + at, size) ?? 0 }
    switch (kind, length) {
    case (2, 2): return ("maximum segment size", "\(number(0, 2)) bytes")
    case (3, 1): return ("window scale", "shift by \(number(0, 1))")
    case (4, 0): return ("SACK permitted", nil)
    case (5, 8...):
      let blocks = (0..<length / 8).map { "\(number($0 * 8, 4))–\(number($0 * 8 + 4, 4))" }
      return ("SACK", blocks.joined(separator: ", "))
    case (8, 8): return ("timestamps", "value \(number(0, 4)), echo \(number(4, 4))")
    case (19, 16): return ("MD5 signature", nil)
    case (28, 2): return ("user timeout", userTimeout(number(0, 2)))
    case (29, 2...): return ("authentication (TCP-AO)", "key \(number(0, 1))")
    case (30, 1...): return ("multipath TCP", "subtype \(number(0, 1) >> 4)")
    case (34, 0): return ("fast open", "asks for a cookie")
    case (34, _): return ("fast open", "cookie of \(length) bytes")
    case (253, 2...), (254, 2...):
      let isFastOpen = number(0, 2) == 0xf989
      return (isFastOpen ? "fast open (experimental)" : "experiment \(kind)", nil)
    default: return ("kind \(kind)", nil)
    }
  }

  /// RFC 5482 §3: one bit tells minutes from seconds.
  private static func userTimeout(_ field: UInt64) -> String {
    "\(field & 0x7fff) \(field >> 15 == 1 ? "minutes" : "seconds")"
  }
}

extension ChecksumStatus {
  /// What a person reads beside a checksum.
  fileprivate var text: String {
    switch self {
    case .unverified: "unverified"
    case .correct: "correct"
    case .offloaded: "left to the network card (checksum offload)"
    case .wrong: "wrong"
    }
  }
}

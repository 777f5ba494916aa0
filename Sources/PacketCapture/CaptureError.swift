/// Why a capture cannot be read, or not to its end.
public enum CaptureError: Error, Equatable, Sendable {
  /// The file is not there, may not be read, or is no file.
  case cannotOpen(path: String, reason: String)
  /// The file holds nothing, not even a header.
  case empty(path: String)
  /// What the file begins with is not a capture that libpcap reads.
  case notACapture(path: String, reason: String, kind: ForeignFile?)
  /// The file is cut or damaged; the frames before were read.
  case damaged(CaptureDamage)
  /// The capture joins interfaces that libpcap does not read together; the frames before were read.
  case mixedInterfaces(path: String, packet: Int, difference: InterfaceDifference, reason: String)
  case filter(FilterMistake)
}

/// Where and how a capture is damaged.
public struct CaptureDamage: Equatable, Sendable {
  public var path: String
  /// The packet that could not be read; those before were.
  public var packet: Int
  /// Where that packet's record begins; in a compressed file, within what it decompresses to.
  ///
  /// In pcapng it is where the packet before ends: other blocks may stand between it and the damage.
  public var byteOffset: Int
  /// libpcap's words, or the decompressor's.
  public var reason: String
  /// How far decompression came in the file itself; `nil` when it is not compressed.
  public var compressedOffset: Int?

  public init(
    path: String, packet: Int, byteOffset: Int, reason: String, compressedOffset: Int? = nil
  ) {
    self.path = path
    self.packet = packet
    self.byteOffset = byteOffset
    self.reason = reason
    self.compressedOffset = compressedOffset
  }
}

/// What the interfaces of a capture do not have in common.
public enum InterfaceDifference: Equatable, Sendable {
  case linkType
  case snapLength
}

extension CaptureError: CustomStringConvertible {
  /// What failed, on which file, why; then, indented, what would work.
  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "cannot open \(quoted(path)): \(reason)"
    case .empty(let path):
      "cannot read \(quoted(path)): it is empty\n  \(Self.readableFormats)"
    case .notACapture(let path, let reason, let kind):
      "cannot read \(quoted(path)): \(kind?.meaning ?? reason)\n  "
        + (kind?.remedy ?? Self.readableFormats)
    case .damaged(let damage):
      damage.description
    case .mixedInterfaces(let path, let packet, let difference, let reason):
      "cannot read \(quoted(path)) from packet \(packet) on: \(reason)\n  \(difference.remedy)"
    case .filter(let mistake):
      mistake.description
    }
  }

  private static let readableFormats =
    "Readable: pcap and pcapng, as they are or compressed with gzip or zstd."
}

extension CaptureDamage: CustomStringConvertible {
  public var description: String {
    let unit = compressedOffset == nil ? "" : " of the decompressed capture"
    let reached = compressedOffset.map { ", at byte \($0) of the file" } ?? ""
    return "cannot read \(quoted(path)) to its end: "
      + "packet \(packet), at byte \(byteOffset)\(unit): \(reason)\(reached)"
  }
}

extension InterfaceDifference {
  fileprivate var remedy: String {
    switch self {
    case .linkType:
      "libpcap reads one link type a file: capture each interface into a file of its own."
    case .snapLength:
      "If all its frames have one link type, editcap -F pcap FILE OUT.pcap makes it readable."
    }
  }
}

extension FilterMistake: CustomStringConvertible {
  public var description: String {
    let marker = String(repeating: " ", count: column - 1) + "^"
    return "cannot use the filter: \(reason), at column \(column)\n  \(expression)\n  \(marker)"
  }
}

/// A path as a message names it.
private func quoted(_ path: String) -> String {
  path == "-" ? "standard input" : "'\(path)'"
}

public import FlowTracker
public import PacketParser

/// What the network did to a segment between the places of two captures.
public struct SegmentDifference: Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// Seen at the one place, and never at the other, to which it was on its way.
    case lost
    /// It came more than once of what went by once.
    case duplicated
    /// It came behind others that were sent after it.
    case reordered
    /// It took much longer than segments usually do.
    case delayed
    /// It came with something changed.
    case altered
    /// It came, and was not seen where it should have come from.
    case injected
    /// It has been at a place whose capture does not show it, as what its ends did there proves.
    case missed
  }

  public var kind: Kind
  public var travel: Travel
  /// The end that sent it, or is said to have.
  public var sender: Side
  /// The numbers of its connection in either capture; `nil` where that is not known.
  public var connections: (a: Int?, b: Int?)
  /// Its frame in either capture, of a copy the copy's; `nil` where it has none.
  public var frames: (a: Int?, b: Int?)
  /// When it was captured: at the place that it came to, else where it came from.
  public var time: Timestamp
  public var flags: TCPFlags
  /// As it was first seen.
  public var sequence: SequenceNumber
  /// The same counted from the sender's SYN; `nil` when that was not captured.
  public var relativeSequence: UInt32?
  public var payloadLength: UInt32
  /// By how much longer than usual it was under way, in nanoseconds; `nil` where that is unknown or no
  /// matter.
  public var excessNanoseconds: Int64?
  /// Of a copy the frame of the one that came first, of a segment that was overtaken that of the first
  /// which had overtaken it.
  public var otherFrame: Int?
  /// What has changed.
  public var alterations: [Alteration] = []
  /// Of one that was cut up on the way: how many bytes of its payload are missing, if not all.
  public var missingBytes: Int64?
}

/// A field of a segment that came out otherwise than it went in.
public struct Alteration: Sendable {
  public enum Field: String, CaseIterable, Sendable {
    case sequence
    case acknowledgment
    case flags
    case window
    case maximumSegmentSize = "mss"
    case windowScale = "window-scale"
    case options
    case payload
  }

  public var field: Field
  /// Its value in either capture; empty for the payload.
  public var a: String
  public var b: String
}

extension Alteration {
  /// What differs between a segment and itself at the other place, but for what routers may change, and
  /// for sequence numbers that are shifted all alike.
  ///
  /// - Parameters:
  ///   - a: The segment in the one capture.
  ///   - b: The same in the other.
  ///   - shifts: By how much its numbers, and those that it acknowledges, are shifted in the connection.
  /// - Returns: What differs, in the order of the header.
  static func all(
    from a: RecordedSegment, to b: RecordedSegment, shifts: (own: Int32, peer: Int32)
  ) -> [Alteration] {
    var all: [Alteration] = []
    func note(_ field: Field, _ one: some Any, _ other: some Any) {
      all.append(Alteration(field: field, a: "\(one)", b: "\(other)"))
    }
    if b.sequence - a.sequence != shifts.own {
      note(.sequence, a.sequence.rawValue, b.sequence.rawValue)
    }
    if a.flags.intersection(b.flags).contains(.ack),
      b.acknowledgment - a.acknowledgment != shifts.peer
    {
      note(.acknowledgment, a.acknowledgment.rawValue, b.acknowledgment.rawValue)
    }
    let flags = (a.flags.subtracting(.congestion), b.flags.subtracting(.congestion))
    if flags.0 != flags.1 { note(.flags, flags.0, flags.1) }
    if a.window != b.window { note(.window, a.window, b.window) }
    if a.hasAllOptions, b.hasAllOptions {
      let common = a.options.intersection(b.options)
      if common.contains(.maximumSegmentSize), a.maximumSegmentSize != b.maximumSegmentSize {
        note(.maximumSegmentSize, a.maximumSegmentSize, b.maximumSegmentSize)
      }
      if common.contains(.windowScale), a.windowScale != b.windowScale {
        note(.windowScale, a.windowScale, b.windowScale)
      }
      let timesDiffer =
        a.timestampValue != b.timestampValue || a.timestampEcho != b.timestampEcho
      if a.options != b.options || common.contains(.timestamps) && timesDiffer {
        note(.options, a.optionNames, b.optionNames)
      }
    }
    if a.hasOtherPayload(than: b) { note(.payload, "", "") }
    return all
  }
}

extension RecordedSegment {
  /// Its options as they are said: `MSS, SACK permitted, timestamps 12/7`.
  fileprivate var optionNames: String {
    let named: [(TCPOptionSet, String)] = [
      (.maximumSegmentSize, "MSS"), (.windowScale, "window scale"),
      (.sackPermitted, "SACK permitted"), (.sack, "SACK"),
      (.timestamps, "timestamps \(timestampValue)/\(timestampEcho)"), (.fastOpen, "Fast Open"),
      (.experimentalFastOpen, "experimental Fast Open"), (.md5Signature, "MD5 signature"),
      (.authentication, "authentication"), (.multipath, "Multipath TCP"),
      (.userTimeout, "user timeout"), (.malformed, "malformed"),
    ]
    let names = named.filter { options.contains($0.0) }.map(\.1)
    return names.isEmpty ? "none" : names.joined(separator: ", ")
  }
}

import FlowTracker
import PacketParser

/// What a comparison keeps of a segment: 64 bytes, for there may be millions.
struct RecordedSegment: BitwiseCopyable, Sendable {
  let mark: FrameMark
  let payloadStart: UInt64
  let sequence: SequenceNumber
  let acknowledgment: SequenceNumber
  let payloadLength: UInt32
  /// The number of the connection in its capture.
  let connection: UInt32
  /// 0 without the option.
  let timestampValue: UInt32
  let timestampEcho: UInt32
  let flags: TCPFlags
  let window: UInt16
  let identification: UInt16
  let payloadSum: UInt16
  let options: TCPOptionSet
  let maximumSegmentSize: UInt16
  let windowScale: UInt8
  let hopLimit: UInt8
  private let marks: UInt8
  /// How many bytes of the payload were captured, up to those in `payloadStart`.
  private let startLength: UInt8

  init(_ segment: Segment, from sender: Side, of connection: Int) {
    mark = FrameMark(frame: segment.frame, time: segment.time)
    payloadStart = segment.payloadStart
    sequence = segment.sequence
    acknowledgment =
      segment.flags.contains(.ack) ? segment.acknowledgment : SequenceNumber(0)
    payloadLength = segment.payloadLength
    self.connection = UInt32(clamping: connection)
    let hasTimestamps = segment.options.present.contains(.timestamps)
    timestampValue = hasTimestamps ? segment.options.timestampValue : 0
    timestampEcho = hasTimestamps ? segment.options.timestampEcho : 0
    flags = segment.flags
    window = segment.window
    identification = segment.identification
    payloadSum = segment.payloadSum
    options = segment.options.present
    maximumSegmentSize = segment.options.maximumSegmentSize
    windowScale = segment.options.windowScale
    hopLimit = segment.hopLimit
    startLength = UInt8(min(segment.capturedPayloadLength, 8))
    marks =
      (sender == .server ? Self.fromServer : 0)
      | (segment.traits.contains(.optionsTruncated) ? Self.optionsCut : 0)
      | (segment.checksumStatus == .unverified ? 0 : Self.payloadSummed)
  }

  private static var fromServer: UInt8 { 1 << 0 }
  private static var optionsCut: UInt8 { 1 << 1 }
  private static var payloadSummed: UInt8 { 1 << 2 }

  var sender: Side { marks & Self.fromServer == 0 ? .client : .server }
  var hasAllOptions: Bool { marks & Self.optionsCut == 0 }

  /// Whether the payload is another one, as far as both captures have it.
  func hasOtherPayload(than other: RecordedSegment) -> Bool {
    guard payloadLength == other.payloadLength else { return true }
    let common = min(startLength, other.startLength)
    // A shift by all bits gives zeroes.
    let difference = (payloadStart ^ other.payloadStart) >> (64 - 8 * UInt64(common))
    if difference != 0 { return true }
    let areSummed = marks & other.marks & Self.payloadSummed != 0
    return areSummed && !Self.areSame(payloadSum, other.payloadSum)
  }

  /// Sums in one's complement have two zeroes (RFC 1071).
  private static func areSame(_ one: UInt16, _ other: UInt16) -> Bool {
    one == other || (one == 0 || one == 0xffff) && (other == 0 || other == 0xffff)
  }
}

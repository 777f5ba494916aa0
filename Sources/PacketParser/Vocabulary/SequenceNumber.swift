/// A TCP sequence number: a place in a stream of bytes, counted modulo 2³² (RFC 9293 §3.4).
///
/// The order is that of serial numbers: `a < b` when `b` lies less than 2³¹ ahead of `a`. It is not
/// transitive around the circle, so this type has the operators and is not `Comparable`.
public struct SequenceNumber: Hashable, BitwiseCopyable, Sendable {
  public var rawValue: UInt32

  @inline(__always)
  public init(_ rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// How far this number lies ahead of `other`; negative when it lies behind.
  @inline(__always)
  public static func - (left: SequenceNumber, right: SequenceNumber) -> Int32 {
    Int32(bitPattern: left.rawValue &- right.rawValue)
  }

  @inline(__always)
  public static func + (left: SequenceNumber, length: UInt32) -> SequenceNumber {
    SequenceNumber(left.rawValue &+ length)
  }

  @inline(__always)
  public static func < (left: SequenceNumber, right: SequenceNumber) -> Bool {
    left - right < 0
  }

  @inline(__always)
  public static func <= (left: SequenceNumber, right: SequenceNumber) -> Bool {
    left - right <= 0
  }

  @inline(__always)
  public static func > (left: SequenceNumber, right: SequenceNumber) -> Bool {
    left - right > 0
  }

  @inline(__always)
  public static func >= (left: SequenceNumber, right: SequenceNumber) -> Bool {
    left - right >= 0
  }

  /// Whether this number is one of the `length` numbers from `start` on.
  @inline(__always)
  public func isWithin(_ length: UInt32, from start: SequenceNumber) -> Bool {
    rawValue &- start.rawValue < length
  }
}

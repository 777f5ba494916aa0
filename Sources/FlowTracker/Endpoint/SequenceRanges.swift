import PacketParser

/// Bytes of one direction that were seen ahead of a hole: a few ranges, sorted, apart.
///
/// It is the observer's copy of a receiver's reassembly queue (RFC 9293 §3.10.7.4, "segments with
/// higher beginning sequence numbers SHOULD be held"). When more holes are open than it can hold,
/// it forgets the furthest range, and that it did: those bytes will count as new when they come
/// again, and nobody can say that they were missing.
struct SequenceRanges: BitwiseCopyable {
  static let capacity = 4

  private var left = InlineArray<4, SequenceNumber>(repeating: SequenceNumber(0))
  private var right = InlineArray<4, SequenceNumber>(repeating: SequenceNumber(0))
  /// The first transmission of each range's first bytes: what first overtook those below it.
  private var marks = InlineArray<4, TransmissionMark>(repeating: TransmissionMark())
  private(set) var count: UInt8 = 0
  private(set) var hasForgotten = false

  /// Nothing was seen ahead.
  var isEmpty: Bool { count == 0 && !hasForgotten }

  /// Whether every byte from `start` up to `end` is in one of the ranges.
  func contains(_ start: SequenceNumber, _ end: SequenceNumber) -> Bool {
    for index in 0..<Int(count) where left[index] <= start && end <= right[index] { return true }
    return false
  }

  /// What first overtook the bytes at a number.
  func mark(above number: SequenceNumber) -> TransmissionMark? {
    for index in 0..<Int(count) where left[index] > number { return marks[index] }
    return nil
  }

  /// Whether any of the ranges begins above a number.
  func hasAny(above number: SequenceNumber) -> Bool {
    count > 0 && left[Int(count) - 1] > number
  }

  mutating func insert(
    _ start: SequenceNumber, _ end: SequenceNumber, _ mark: TransmissionMark = TransmissionMark()
  ) {
    guard start < end else { return }
    var merged = (left: start, right: end, mark: mark)
    var kept = SequenceRanges()
    kept.hasForgotten = hasForgotten
    var placed = false
    for index in 0..<Int(count) {
      if right[index] < merged.left {
        kept.append(left[index], right[index], marks[index])
      } else if merged.right < left[index] {
        if !placed { kept.append(merged.left, merged.right, merged.mark) }
        placed = true
        kept.append(left[index], right[index], marks[index])
      } else {
        if left[index] <= merged.left {
          (merged.left, merged.mark) = (left[index], marks[index])
        }
        merged.right = right[index] > merged.right ? right[index] : merged.right
      }
    }
    if !placed { kept.append(merged.left, merged.right, merged.mark) }
    self = kept
  }

  /// Takes out what lies below or touches `next`, and gives the end of what is then in order.
  mutating func advance(past next: SequenceNumber) -> SequenceNumber {
    var reached = next
    var kept = SequenceRanges()
    kept.hasForgotten = hasForgotten
    for index in 0..<Int(count) {
      if left[index] <= reached {
        reached = right[index] > reached ? right[index] : reached
      } else {
        kept.append(left[index], right[index], marks[index])
      }
    }
    self = kept
    return reached
  }

  /// How many of the bytes from `start` up to `end` are in no range and have not been forgotten.
  func missing(from start: SequenceNumber, to end: SequenceNumber) -> UInt32 {
    guard !hasForgotten else { return 0 }
    var bytes = UInt32(bitPattern: max(0, end - start))
    for index in 0..<Int(count) {
      let from = left[index] > start ? left[index] : start
      let to = right[index] < end ? right[index] : end
      if from < to { bytes &-= UInt32(bitPattern: to - from) }
    }
    return bytes
  }

  private mutating func append(
    _ start: SequenceNumber, _ end: SequenceNumber, _ mark: TransmissionMark
  ) {
    guard Int(count) < Self.capacity else {
      hasForgotten = true
      return
    }
    left[Int(count)] = start
    right[Int(count)] = end
    marks[Int(count)] = mark
    count += 1
  }
}

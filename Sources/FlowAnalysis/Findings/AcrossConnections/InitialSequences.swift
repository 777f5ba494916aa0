import FlowTracker
import PacketParser

/// The latest initial sequence numbers of hosts, of as many as have a place: a number near the one before it is
/// worth a closer look, and of random ones only every 128th is.
struct LatestSequences: ~Copyable {
  private static let placeBits = 10
  /// Numbers that are this far apart are no series that anybody would guess.
  static let near: UInt32 = 1 << 24

  private var places = HostRecords<Place>(count: 1 << placeBits)

  struct Place: HostRecord, BitwiseCopyable {
    var tag: UInt32 = 0
    var number = SequenceNumber(0)
    var target: UInt32 = 0
  }

  /// Whether the number of a host is near the one before it and of another connection, as far as that is known.
  @inline(__always)
  mutating func note(_ segment: inout Segment, ofHost hash: UInt64) -> Bool {
    let (index, tag) = (Int(hash >> UInt64(64 - Self.placeBits)), UInt32(truncatingIfNeeded: hash))
    let (before, target) = (places[index], segment.targetMark)
    places[index] = Place(tag: tag, number: segment.sequence, target: target)
    let distance = (segment.sequence - before.number).magnitude
    return before.tag == tag && distance < Self.near && (distance > 0 || before.target != target)
  }
}

/// The initial sequence numbers of one host, those that were near the one before.
struct InitialSequences: HostRecord {
  /// Who knows the latest number and the step has the next one after so many guesses.
  private static let guesses: UInt32 = 1_024

  private var numbers = InlineArray<8, SequenceNumber>(repeating: SequenceNumber(0))
  private var marks = InlineArray<8, FrameMark>(
    repeating: FrameMark(frame: 0, time: Timestamp(nanoseconds: 0)))
  /// What tells their connections apart.
  private var targets = InlineArray<8, UInt64>(repeating: 0)
  private var count = 0
  private var guessable: Guessable?

  /// Those of which each tells the next.
  private struct Guessable {
    /// They are multiples of it apart; 0 where they are the same.
    var step: UInt32
    var count: Int
    let frames: [Int]
    let first: FrameMark
    var last: FrameMark
  }

  /// Whether there is anything to say of them.
  var areGuessable: Bool { guessable != nil }

  mutating func note(_ segment: inout Segment) {
    let target = HostKey(segment.destination).hash ^ UInt64(segment.sourcePort)
    // The same SYN may come again, also when others have come in between, or to an address that was rewritten.
    for index in 0..<count where numbers[index] == segment.sequence {
      guard targets[index] != target else { return }
    }
    if count == numbers.count {
      for index in 1..<count {
        numbers[index - 1] = numbers[index]
        marks[index - 1] = marks[index]
        targets[index - 1] = targets[index]
      }
      count -= 1
    }
    numbers[count] = segment.sequence
    marks[count] = FrameMark(frame: segment.frame, time: segment.time)
    targets[count] = target
    count += 1
    if count == numbers.count, let step { keep(step) }
  }

  /// How far the numbers are apart, or a multiple of that, if a few guesses are enough for the next one.
  private var step: UInt32? {
    var (step, largest) = (UInt32(0), UInt32(0))
    for index in 1..<numbers.count {
      let distance = (numbers[index] - numbers[index - 1]).magnitude
      guard distance < LatestSequences.near else { return nil }
      step = Self.greatestCommonDivisor(step, distance)
      largest = max(largest, distance)
      if step > 0, largest / step > Self.guesses { return nil }
    }
    return step
  }

  private static func greatestCommonDivisor(_ one: UInt32, _ other: UInt32) -> UInt32 {
    var (one, other) = (one, other)
    while other != 0 { (one, other) = (other, one % other) }
    return one
  }

  private mutating func keep(_ step: UInt32) {
    let last = marks[marks.count - 1]
    guard var known = guessable else {
      guessable = Guessable(
        step: step, count: marks.count, frames: marks.indices.map { marks[$0].frame },
        first: marks[0], last: last)
      return
    }
    known.step = Self.greatestCommonDivisor(known.step, step)
    known.count += 1
    known.last = last
    guessable = known
  }

  /// What there is to say of them; `nil` where they are as they should be.
  func finding(host: IPAddress) -> CaptureFinding? {
    guard let guessable else { return nil }
    var finding = CaptureFinding(
      CaptureRules.isnPredictable, nil, .likely, blame: .host(host), first: guessable.first,
      last: guessable.last)
    finding.sources = CaptureFinding.Hosts(host)
    finding.count = guessable.count
    finding.frames = guessable.frames
    finding.displayFilter = "\(host.filterField).src == \(host) && tcp.flags.syn == 1"
    let way =
      switch guessable.step {
      case 0: "the same sequence number: whoever has seen it knows the next"
      case 1: "sequence numbers that are hardly apart: whoever has seen one can guess the next"
      default:
        "sequence numbers that are multiples of \(Quantity.count(guessable.step)) apart: whoever has seen "
          + "one can guess the next"
      }
    finding.message =
      "\(host) began at least \(Quantity.count(guessable.count)) connections with \(way)."
    return finding
  }
}

extension Segment {
  /// What hardly any two connections of a host have in common.
  fileprivate var targetMark: UInt32 {
    (UInt32(sourcePort) << 16 | UInt32(destinationPort))
      ^ UInt32(truncatingIfNeeded: destinationLow)
  }
}

import FlowAnalysis
import FlowTracker

extension ConnectionField {
  /// What can be expected of what one end sent.
  static func traffic(of side: Side) -> [ConnectionField] {
    volume(of: side) + trouble(of: side) + pace(of: side)
  }

  private static func volume(of side: Side) -> [ConnectionField] {
    let name = "traffic.\(side.name)"
    return [
      count("\(name).packets", .totals, "segments that it sent", ">= 4") {
        FieldValue($0[side].packets)
      },
      bytes("\(name).bytes", "IP bytes that it sent", "< 1 MB") { FieldValue($0[side].bytes) },
      bytes("\(name).payload", "payload that it sent, repeated bytes included", ">= 1") {
        FieldValue($0[side].payload)
      },
      bytes("\(name).unique", "payload that it sent, each byte once", "1000..2000") {
        FieldValue($0[side].uniquePayload)
      },
      bytes("\(name).window.max", "the largest window that it offered", ">= 64 KiB") {
        FieldValue($0[side].windowMaximum)
      },
      count("\(name).window.scale", .measures, "the scale of its windows", "7") {
        FieldValue($0[side].windowShift)
      },
    ]
  }

  private static func trouble(of side: Side) -> [ConnectionField] {
    let name = "traffic.\(side.name)"
    return [
      count("\(name).retransmitted.packets", .totals, "segments that it repeated", "0") {
        FieldValue($0[side].repeatedPackets)
      },
      bytes("\(name).retransmitted.bytes", "payload that it repeated", "< 10 kB") {
        FieldValue($0[side].repeatedBytes)
      },
      ConnectionField(
        "\(name).retransmitted.share", .quantity(.share), .measures,
        "repeated payload out of all that it sent", example: "<= 2 %"
      ) {
        let (repeated, all) = ($0[side].repeatedBytes, $0[side].payload)
        return all == 0 ? .quantity(0) : .quantity(Int64(1e6 * Double(repeated) / Double(all)))
      },
      count("\(name).out_of_order", .totals, "segments that came out of order", "0") {
        FieldValue($0[side].outOfOrderPackets)
      },
      count("\(name).duplicate_frames", .totals, "frames captured twice", "0") {
        FieldValue($0[side].duplicateFrames)
      },
      count("\(name).duplicate_acks", .totals, "duplicate acknowledgments", "< 3") {
        FieldValue($0[side].duplicateACKs)
      },
      count("\(name).gaps.count", .totals, "gaps of the capture in its payload", "0") {
        FieldValue($0[side].gaps)
      },
      bytes("\(name).gaps.bytes", "payload that the capture lacks", "0") {
        FieldValue($0[side].gapBytes)
      },
      count("\(name).zero_windows", .totals, "segments that offered no window", "0") {
        FieldValue($0[side].zeroWindows)
      },
      duration(
        "\(name).window.shut.longest", .totals, "the longest time its window was shut", "< 1s"
      ) { $0[side].zeroWindows > 0 ? $0[side].shutWindow.longestNanoseconds : 0 },
    ]
  }

  private static func pace(of side: Side) -> [ConnectionField] {
    let name = "traffic.\(side.name)"
    return [
      bytes("\(name).in_flight.max", "the most payload that was under way", "< 1 MB") {
        FieldValue($0[side].roundTrips?.mostInFlight)
      },
      duration(
        "\(name).rtt.min", .measures, "the shortest time until payload was acknowledged", "< 50ms"
      ) { $0[side].roundTrips?.minimumNanoseconds },
      duration(
        "\(name).rtt.mean", .measures, "the mean time until payload was acknowledged", "< 100ms"
      ) { $0[side].roundTrips?.meanNanoseconds },
      duration(
        "\(name).rtt.max", .totals, "the longest time until payload was acknowledged", "< 500ms"
      ) { $0[side].roundTrips?.maximumNanoseconds },
    ]
  }
}

// MARK: - Kinds of fields

extension ConnectionField {
  static func count(
    _ name: String, _ topic: Topic, _ meaning: String, _ example: String,
    _ value: @escaping @Sendable (CheckedReport) -> FieldValue
  ) -> ConnectionField {
    ConnectionField(name, .quantity(.count), topic, meaning, example: example, value)
  }

  static func bytes(
    _ name: String, _ meaning: String, _ example: String,
    _ value: @escaping @Sendable (CheckedReport) -> FieldValue
  ) -> ConnectionField {
    ConnectionField(name, .quantity(.bytes), .totals, meaning, example: example, value)
  }

  static func duration(
    _ name: String, _ topic: Topic, _ meaning: String, _ example: String,
    nanoseconds: @escaping @Sendable (CheckedReport) -> Int64?
  ) -> ConnectionField {
    ConnectionField(name, .quantity(.duration), topic, meaning, example: example) {
      FieldValue(nanoseconds($0))
    }
  }

  static func word(
    _ name: String, _ words: [String], _ topic: Topic, _ meaning: String, _ example: String,
    _ value: @escaping @Sendable (CheckedReport) -> String?
  ) -> ConnectionField {
    ConnectionField(name, .word(words), topic, meaning, example: example) { FieldValue(value($0)) }
  }

  static func words(
    _ name: String, _ words: [String], _ match: FieldKind.Match, _ topic: Topic,
    _ meaning: String, _ example: String,
    _ value: @escaping @Sendable (CheckedReport) -> [String]
  ) -> ConnectionField {
    ConnectionField(name, .words(words, match), topic, meaning, example: example) {
      .words(value($0))
    }
  }
}

public import FlowAnalysis
import FlowTracker
import PacketParser

/// One frame, field by field, as text.
public struct FrameText {
  private let inspection: FrameInspection
  private let style: TextStyle

  public init(_ inspection: FrameInspection, style: TextStyle) {
    self.inspection = inspection
    self.style = style
  }

  public func render() -> String {
    var text = style.paint("Frame \(inspection.info.number)", .heading)
    text += ", \(CalendarTime(inspection.info.time).text)\n"
    text += "\(Quantity.count(inspection.info.wireLength, "byte")) on the wire"
    if inspection.capturedLength < inspection.info.wireLength {
      text += ", \(Quantity.count(inspection.capturedLength)) of them captured"
    }
    text += "\n"
    if let place = inspection.place { text += Self.sentence(of: place) }
    for layer in inspection.dissection.layers { text += "\n" + render(layer) }
    return text + "\n" + ending + "\n"
  }

  /// Whose segment it is, and where it left both ends.
  private static func sentence(of place: SegmentPlace) -> String {
    let connection = place.connection
    let states = Side.allCases.map { side in
      "\(side.name) \(connection[side].state?.name ?? "unknown")"
    }
    return """
      Connection \(connection.number): \(connection.client) to \(connection.server), \
      sent by the \(place.sender.name)
      After it: \(states.joined(separator: ", "))

      """
  }

  /// What follows the last header: the payload, or why there is none.
  private var ending: String {
    switch inspection.dissection.result {
    case .segment: inspection.place.map { Self.payload(of: $0.segment) } ?? ""
    case .icmpError(let error):
      "It reports an error about a segment from \(error.source) to \(error.destination)."
    case .invalidSegment: "It holds no TCP segment: \(FrameFate.malformed.name)."
    case .other(let fate): "It holds no TCP segment: \(fate.name)."
    }
  }

  private static func payload(of segment: Segment) -> String {
    guard segment.payloadLength > 0 else { return "No payload." }
    var text = "Payload: \(Quantity.count(segment.payloadLength, "byte"))"
    if segment.capturedPayloadLength < segment.payloadLength {
      text += ", \(Quantity.count(segment.capturedPayloadLength)) of them captured"
    }
    return text + "."
  }

  private func render(_ layer: DissectedLayer) -> String {
    let from = layer.isReassembled ? "the reassembled datagram" : "the frame"
    var text = style.paint(layer.name, .heading)
    text += style.paint(
      " (\(Quantity.count(layer.byteLength, "byte")) from byte \(layer.offset) of \(from))", .faint)
    text += "\n"
    var table = TextColumns(gap: 2)
    for field in layer.fields {
      table.append(["  " + field.name, field.value, meaning(of: field, in: layer) ?? ""])
    }
    return text + table.render()
  }

  private func meaning(of field: DissectedField, in layer: DissectedLayer) -> String? {
    guard let place = inspection.place, layer.name == "TCP" else { return field.meaning }
    let unknown = "not relative: the SYN was not captured"
    return switch field.name {
    case "Sequence number": place.relativeSequence.map { "\($0) relative" } ?? unknown
    case "Acknowledgment number":
      place.segment.flags.contains(.ack)
        ? place.relativeAcknowledgment.map { "\($0) relative" } ?? unknown
        : "means nothing without ACK"
    case "Window":
      place.windowBytes.map { Quantity.count($0, "byte") }
        ?? "the scale is not known: a SYN was not captured"
    default: field.meaning
    }
  }
}

/// Left-aligned columns as wide as their widest cell.
private struct TextColumns {
  let gap: Int
  private var rows: [[String]] = []

  init(gap: Int) {
    self.gap = gap
  }

  mutating func append(_ row: [String]) {
    rows.append(row)
  }

  func render() -> String {
    let count = rows.first?.count ?? 0
    let widths = (0..<count).map { column in rows.map(\.[column].count).max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (cell, width) in zip(row, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + gap)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}

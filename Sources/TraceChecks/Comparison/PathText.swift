import FlowAnalysis
import FlowReports
import PacketParser

/// What the way between two places is like, as people read it.
struct PathText {
  private let path: ComparedPath
  private let style: TextStyle

  init(_ path: ComparedPath, _ style: TextStyle) {
    self.path = path
    self.style = style
  }

  func render() -> String {
    let sentences = (delays + changes + limits).map { $0 + ".\n" }
    return style.wrap(sentences.joined())
  }

  private var delays: [String] {
    let delays = path.delays
    guard let offset = delays.clockOffsetNanoseconds,
      let toB = delays.usualNanoseconds(.aToB), let toA = delays.usualNanoseconds(.bToA)
    else { return [] }
    func text(_ nanoseconds: Int64) -> String { Quantity.duration(nanoseconds: nanoseconds) }
    let clocks =
      offset == 0
      ? "the clocks agree"
      : "the clock of B is \(text(abs(offset))) \(offset > 0 ? "ahead" : "behind")"
    let drift = delays.driftPartsPerMillion.rounded()
    return [
      "From A to B it usually takes \(text(toB)), back \(text(toA)), if \(clocks)"
        + " (so that the shortest ways are alike)"
    ]
      + (drift == 0
        ? [] : ["The clock of B \(drift > 0 ? "gains" : "loses") \(Int(abs(drift))) µs a second"])
  }

  private var changes: [String] {
    let properties = path.properties
    var changes: [String] = []
    for travel in Travel.allCases {
      let kinds = properties.hopLimits[Int(travel.rawValue)].filter { $0.a != $0.b }
      guard let most = kinds.first else { continue }
      let (here, there) = travel == .aToB ? (most.a, most.b) : (most.b, most.a)
      changes.append(
        "On the way \(travel == .aToB ? "from A to B" : "from B to A") the hop limit goes from "
          + "\(here) to \(there)" + (kinds.count > 1 ? " (or by other numbers)" : ""))
    }
    for (one, other) in properties.addresses {
      changes.append("\(one) at A is \(other) at B")
    }
    if properties.unnamedAddresses > 0 {
      changes.append("\(Quantity.count(properties.unnamedAddresses, "more address")) differ")
    }
    if properties.shiftedConnections > 0 {
      let count = Quantity.count(properties.shiftedConnections, "connection")
      changes.append("The sequence numbers of \(count) are shifted between A and B")
    }
    let counted = [
      (properties.identificationsRewritten, "has another IPv4 identification at B"),
      (properties.congestionMarked, "has other congestion flags at B"),
      (properties.resegmented, "was cut up or put together between A and B (TSO, GRO)"),
    ]
    for (count, what) in counted where count > 0 {
      let verb =
        count == 1 ? what : what.replacing("has ", with: "have ").replacing("was ", with: "were ")
      changes.append("\(Quantity.count(count, "segment")) \(verb)")
    }
    return changes
  }

  private var limits: [String] {
    var limits: [String] = []
    for (name, repeats) in [("A", path.repeatsItself.a), ("B", path.repeatsItself.b)] where repeats
    {
      limits.append("\(name) holds many segments twice: copies there say nothing of the network")
    }
    let counts = [("A", "B", path.uncompared.a), ("B", "A", path.uncompared.b)]
    for (name, other, count) in counts where count > 0 {
      limits.append(
        "Of \(name), \(Quantity.count(count, "segment")) \(count == 1 ? "was" : "were") not compared: "
          + "\(other) had not begun, had ended, or did not record \(count == 1 ? "it" : "them")")
    }
    for (name, count) in [("A", path.undirected.a), ("B", path.undirected.b)] where count > 0 {
      limits.append(
        "Of \(name), \(Quantity.count(count, "segment")) \(count == 1 ? "was" : "were") seen there"
          + " only, and nothing tells which way \(count == 1 ? "it" : "they") went")
    }
    return limits
  }
}

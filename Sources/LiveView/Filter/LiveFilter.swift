import FlowAnalysis
import FlowReports
import FlowTracker
import PacketParser

/// Which connections are shown: words that must all fit, as `state:syn-received port:443 -192.0.2.0/24`.
///
/// A word is the name of a field and what it is to be, an address, a network, a `#` with the number of a
/// connection, or a text that is found somewhere in the row. A leading `-` or `!` shows what does not fit it.
package struct LiveFilter: Sendable {
  private let terms: [Term]
  private let needsText: Bool

  struct Term: Sendable {
    var isNegated: Bool
    var test: Test
  }

  /// What a connection is asked.
  enum Test: Sendable {
    /// Whether one of its ends is in one of these states.
    case states(Set<EndpointState>)
    case port(UInt16)
    case network(IPNetwork, of: Side?)
    /// Whether it has one of these findings.
    case findings(Set<String>)
    /// Whether it has a finding as bad as this, or worse.
    case severity(Finding.Severity)
    case handshake(Set<Handshake.Outcome>, Set<Handshake.Kind>)
    case close(Set<Closing.Outcome>, Set<Closing.Kind>)
    case isEnded(Bool)
    case number(Int)
    /// Whether these bytes are somewhere in the row, in small letters.
    case text([UInt8])
  }

  /// What is wrong with a filter, for whoever types it.
  package struct Mistake: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
      self.description = description
    }
  }

  /// A filter that leaves nothing out.
  package init() {
    (terms, needsText) = ([], false)
  }

  /// Reads a filter; an empty one shows everything.
  package init(_ text: String) throws(Mistake) {
    var terms: [Term] = []
    for word in text.lowercased().split(whereSeparator: \.isWhitespace) {
      terms.append(try Term(word))
    }
    self.terms = terms
    needsText = terms.contains { if case .text = $0.test { true } else { false } }
  }

  package var isEmpty: Bool { terms.isEmpty }

  /// Whether the connection is one of those that the filter shows.
  package func shows(_ row: LiveRow) -> Bool {
    var text: [UInt8] = []
    if needsText { row.addSearchedText(to: &text) }
    return terms.allSatisfy { $0.test.fits(row, text) != $0.isNegated }
  }
}

extension LiveFilter.Test {
  /// Whether it is so; `text` is what texts are searched in.
  fileprivate func fits(_ row: LiveRow, _ text: [UInt8]) -> Bool {
    switch self {
    case .states(let states):
      row.clientState.map(states.contains) ?? false || row.serverState.map(states.contains) ?? false
    case .port(let port): row.client.port == port || row.server.port == port
    case .network(let network, .client): network.contains(row.client.address)
    case .network(let network, .server): network.contains(row.server.address)
    case .network(let network, nil):
      network.contains(row.client.address) || network.contains(row.server.address)
    case .findings(let ids): row.findings.contains(where: ids.contains)
    case .severity(let least): row.severity.map { $0 >= least } ?? false
    case .handshake(let outcomes, let kinds):
      outcomes.contains(row.handshake) || kinds.contains(row.handshakeKind)
    case .close(let outcomes, let kinds):
      outcomes.contains(row.close) || kinds.contains(row.closeKind)
    case .isEnded(let isEnded): row.isEnded == isEnded
    case .number(let number): row.number == number
    case .text(let part): text.contains(part)
    }
  }
}

extension LiveRow {
  /// Adds what stands in the row, in small letters.
  ///
  /// No string is made of it, since there are many rows.
  fileprivate func addSearchedText(to text: inout [UInt8]) {
    text.reserveCapacity(160)
    text.append(client)
    text.append(UInt8(ascii: " "))
    text.append(server)
    text.append(word: clientState?.name ?? "–")
    text.append(word: serverState?.name ?? "–")
    text.append(word: TextTable.Cell.handshake(handshake, handshakeKind).text)
    text.append(word: closeCell.text)
    for finding in findings { text.append(word: finding) }
    for index in text.indices where (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(text[index]) {
      text[index] |= 0x20
    }
  }
}

extension [UInt8] {
  /// Adds an address and a port, as `SocketAddress` describes them.
  fileprivate mutating func append(_ end: SocketAddress) {
    guard end.address.version == .v4 else {
      self += end.description.utf8
      return
    }
    for shift: UInt64 in [24, 16, 8, 0] {
      append(decimal: UInt16(truncatingIfNeeded: end.address.low >> shift & 0xff))
      append(UInt8(ascii: shift > 0 ? "." : ":"))
    }
    append(decimal: end.port)
  }

  fileprivate mutating func append(word: String) {
    append(UInt8(ascii: " "))
    append(contentsOf: word.utf8)
  }

  private mutating func append(decimal number: UInt16) {
    if number >= 10 { append(decimal: number / 10) }
    append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}

extension [UInt8] {
  fileprivate func contains(_ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    var start = 0
    while start + part.count <= count {
      if self[start] == first, self[start..<start + part.count].elementsEqual(part) { return true }
      start += 1
    }
    return false
  }
}

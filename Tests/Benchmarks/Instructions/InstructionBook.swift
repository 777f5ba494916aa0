import Foundation

/// The instructions a packet that are known to be enough, as a file in the repository keeps them.
struct InstructionBook: Codable, Equatable {
  /// The compiler that they were counted with; others make other code.
  var swift: String
  var instructionsPerPacket: [String: Double]

  /// Growth beyond this fails the check.
  static let tolerance = 0.05

  init(swift: String, instructionsPerPacket: [String: Double]) {
    self.swift = swift
    self.instructionsPerPacket = instructionsPerPacket
  }

  init(path: String) throws {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw BenchmarkError("cannot read '\(path)'")
    }
    self = try JSONDecoder().decode(InstructionBook.self, from: bytes)
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let bytes = try encoder.encode(self) + Data("\n".utf8)
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  /// How `count` of a capture stands to what the book says.
  func verdict(on count: Double, of capture: String) -> Verdict {
    guard let known = instructionsPerPacket[capture] else { return .unknown }
    let growth = count / known - 1
    if growth > Self.tolerance { return .grown(growth) }
    return growth < -Self.tolerance ? .shrunk(growth) : .same(growth)
  }

  enum Verdict: Equatable {
    case same(Double)
    case grown(Double)
    case shrunk(Double)
    /// The book does not have this capture.
    case unknown

    var isGood: Bool {
      switch self {
      case .same, .shrunk: true
      case .grown, .unknown: false
      }
    }
  }
}

extension InstructionBook.Verdict: CustomStringConvertible {
  var description: String {
    switch self {
    case .same(let growth): Self.percent(growth)
    case .grown(let growth): "\(Self.percent(growth)): too many"
    case .shrunk(let growth): "\(Self.percent(growth)): make bench-check UPDATE=1 keeps the gain"
    case .unknown: "not known yet: make bench-check UPDATE=1 adds it"
    }
  }

  private static func percent(_ share: Double) -> String {
    // 0 is added so that there is no negative zero.
    String(format: "%+.2f %%", (share * 10_000).rounded() / 100 + 0)
  }
}

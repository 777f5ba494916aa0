internal import PacketParser

/// When another file begins, and how many are kept.
public struct CaptureRotation: Equatable, Sendable {
  /// No file becomes longer than this, unless it holds a single frame; `nil` sets no limit.
  public let bytes: Int?
  /// So much capture time is in a file at most; `nil` sets no limit.
  public let intervalNanoseconds: Int64?
  /// Only so many of the files of this writer are kept, the newest; `nil` keeps all.
  public let filesKept: Int?

  /// Each of them, where it is given, is more than 0.
  public init(bytes: Int? = nil, intervalNanoseconds: Int64? = nil, filesKept: Int? = nil) {
    precondition(bytes ?? 1 > 0 && intervalNanoseconds ?? 1 > 0 && filesKept ?? 1 > 0)
    self.bytes = bytes
    self.intervalNanoseconds = intervalNanoseconds
    self.filesKept = filesKept
  }

  var isNone: Bool { bytes == nil && intervalNanoseconds == nil }
}

/// Names of the files of a capture that is written to many.
struct CaptureFileNames {
  private let beginning: String
  /// From the last dot on.
  private let ending: String

  init(_ path: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let dot = name.dropFirst().lastIndex(of: ".") ?? path.endIndex
    beginning = String(path[..<dot])
    ending = String(path[dot...])
  }

  func name(_ number: Int, at time: Timestamp) -> String {
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(0, 5 - digits.count))
    return "\(beginning)_\(FileNames.stamp(of: time))_\(zeros)\(digits)\(ending)"
  }
}

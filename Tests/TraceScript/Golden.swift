import Foundation
public import Testing

/// Expects `actual` to be what the file `name` in the folder `Goldens` beside the test holds.
///
/// With `UPDATE_GOLDEN=1` in the environment the file is written instead, to be reviewed as a diff.
public func expectGolden(
  _ actual: String, _ name: String, file: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let golden = URL(fileURLWithPath: file).deletingLastPathComponent()
    .appendingPathComponent("Goldens/\(name)")
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
    try FileManager.default.createDirectory(
      at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(actual.utf8).write(to: golden)
  }
  let expected = try? String(contentsOf: golden, encoding: .utf8)
  #expect(actual == expected, "differs from Goldens/\(name)", sourceLocation: sourceLocation)
}

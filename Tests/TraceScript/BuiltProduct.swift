public import Foundation

/// What the package builds beside the test bundle.
public enum BuiltProduct {
  /// The program of this name.
  public static func program(_ name: String) -> URL {
    // Under `swift test` this code runs in a bundle in the folder of the products.
    let arguments = CommandLine.arguments
    let bundle = arguments.dropFirst().first { $0.hasSuffix(".xctest") }
    return URL(fileURLWithPath: bundle ?? arguments[0])
      .deletingLastPathComponent().appendingPathComponent(name)
  }
}

import Foundation

/// A folder for the files of one test, removed with everything in it when the test is done with it.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("synfin-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file into the folder and gives its path.
  public func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Puts a copy of a program into the folder and gives its path.
  ///
  /// Another process makes it: whatever this one has open for writing, a program that another test starts at
  /// the same time may hold open a moment longer, and then the copy could not be run (ETXTBSY).
  public func program(_ name: String, copyOf source: String) throws -> String {
    let copy = path + "/" + name
    let process = try Process.run(
      URL(fileURLWithPath: "/usr/bin/install"), arguments: ["-m", "755", source, copy])
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    return copy
  }

  /// Puts a program of the shell into the folder and gives its path.
  public func program(_ name: String, _ lines: String) throws -> String {
    try program(name, copyOf: file("\(UUID().uuidString).sh", Array("#!/bin/sh\n\(lines)\n".utf8)))
  }
}

import CTraceGenerator
import Foundation

/// Where synthetic captures are kept, so that they need not be written for each measurement.
struct CaptureFolder {
  var path: String

  init(path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// The capture of `shape`, which is written if it is missing.
  func capture(_ name: String, _ shape: trace_shape) throws -> TraceFile {
    let file = TraceFile(path: "\(path)/\(name).pcap")
    let note = "\(path)/\(name).shape"
    // The note comes last, so a capture that was not finished has none.
    let isThere = FileManager.default.fileExists(atPath: file.path)
    if isThere, (try? String(contentsOfFile: note, encoding: .utf8)) == "\(shape)" { return file }

    try? FileManager.default.removeItem(atPath: note)
    _ = try file.generate(shape)
    try "\(shape)".write(toFile: note, atomically: true, encoding: .utf8)
    return file
  }
}

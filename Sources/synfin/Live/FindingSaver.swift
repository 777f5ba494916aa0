import PacketCapture
import PacketParser

/// Writes captures of the latest frames when findings of some kinds appear.
struct FindingSaver {
  private let folder: String
  private let format: CaptureFormat
  /// Of a kind, no capture is written within so many nanoseconds after another: it would hold the same frames.
  private let interval: Int64
  private var written: [String: Timestamp] = [:]

  init(folder: String, format: CaptureFormat, interval: Int64) {
    self.folder = folder
    self.format = format
    self.interval = interval
  }

  /// Writes the frames of a ring for findings of these kinds.
  ///
  /// The name of a capture has the finding and the time of the latest frame.
  ///
  /// - Returns: The path of each capture that was written.
  mutating func save(
    _ ring: borrowing FrameRing, for findings: [String], at time: Timestamp
  ) throws(CaptureWriterError) -> [String] {
    var paths: [String] = []
    for id in findings {
      if let last = written[id], time.nanoseconds(since: last) < interval { continue }
      written[id] = time
      // It is one of a series, as far as its name is concerned.
      var writer = try CaptureWriter(
        path: "\(folder)/\(id).pcap", format: format, rotation: CaptureRotation(bytes: .max),
        startingAt: time)
      paths.append(writer.path)
      _ = try ring.write(to: &writer)
      try writer.finish()
    }
    return paths
  }
}

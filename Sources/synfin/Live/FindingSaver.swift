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

  /// Writes the frames of a ring for findings of these kinds, the latest frame being `number`.
  ///
  /// - Returns: The path of each capture that was written.
  mutating func save(
    _ ring: borrowing FrameRing, for findings: [String], frame number: Int, at time: Timestamp
  ) throws(CaptureWriterError) -> [String] {
    var paths: [String] = []
    for id in findings {
      if let last = written[id], time.nanoseconds(since: last) < interval { continue }
      written[id] = time
      let path = "\(folder)/\(id)-\(number).pcap"
      var writer = try CaptureWriter(path: path, format: format, startingAt: time)
      _ = try ring.write(to: &writer)
      try writer.finish()
      paths.append(path)
    }
    return paths
  }
}

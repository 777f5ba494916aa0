import PacketCapture
import PacketParser

/// Writes captures of the latest frames when findings of some kinds appear.
struct FindingSaver {
  private let folder: String
  private let format: CaptureFormat
  /// So many nanoseconds after a capture of a kind the next one is written at the earliest: its frames begin
  /// where those of the other one end.
  private let interval: Int64
  private var written: [String: (latest: Timestamp, count: Int)] = [:]
  /// Kinds that have appeared and of which no capture is written yet, in the order in which they did.
  private var waiting: [String] = []

  /// - Throws: `CaptureWriterError` if no capture can be written to the folder.
  init(
    folder: String, format: CaptureFormat, interval: Int64
  ) throws(CaptureWriterError) {
    self.folder = folder
    self.format = format
    self.interval = interval
    guard OutputFile.canCreate(in: folder) else {
      throw .cannotCreate(path: folder, reason: "it is no folder that this user can write to")
    }
  }

  /// Findings of these kinds have appeared.
  mutating func note(_ findings: [String]) {
    for id in findings where !waiting.contains(id) { waiting.append(id) }
  }

  /// Writes the frames of a ring for those that have appeared, unless a capture was just written for one.
  ///
  /// - Returns: What was written, or why it was not.
  mutating func save(
    _ ring: borrowing FrameRing, at time: Timestamp, evenIfEarly: Bool
  ) -> [Result<String, CaptureWriterError>] {
    var results: [Result<String, CaptureWriterError>] = []
    for id in waiting {
      let (latest, count) = written[id] ?? (Timestamp(nanoseconds: .min), 0)
      if !evenIfEarly, count > 0, time.nanoseconds(since: latest) < interval { continue }
      written[id] = (time, count + 1)
      waiting.removeAll { $0 == id }
      do throws(CaptureWriterError) {
        results.append(.success(try write(ring, "\(id)-\(count + 1)", at: time)))
      } catch {
        results.append(.failure(error))
      }
    }
    return results
  }

  private func write(
    _ ring: borrowing FrameRing, _ name: String, at time: Timestamp
  ) throws(CaptureWriterError) -> String {
    // With the time in its name, as one of a series has it.
    var writer = try CaptureWriter(
      path: "\(folder)/\(name).pcap", format: format, rotation: CaptureRotation(bytes: .max),
      startingAt: time)
    let path = writer.path
    _ = try ring.write(to: &writer)
    try writer.finish()
    return path
  }
}

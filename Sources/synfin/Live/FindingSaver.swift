import PacketCapture
import PacketParser

/// Writes captures of the latest frames when findings of some kinds appear.
struct FindingSaver {
  private let folder: String
  private let format: CaptureFormat
  /// So many nanoseconds after a capture of a kind the next one is written at the earliest, since no frame is
  /// kept for longer.
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

  /// What became of a finding's capture.
  enum Outcome {
    case wrote(path: String)
    /// No frame is left that is so young as to be kept.
    case nothingKept(finding: String)
    case failed(CaptureWriterError)
  }

  /// Writes the frames of a ring for those that have appeared, unless a capture was just written for one.
  mutating func save(
    _ ring: borrowing FrameRing, at time: Timestamp, evenIfEarly: Bool
  ) -> [Outcome] {
    var outcomes: [Outcome] = []
    for id in waiting {
      let (latest, count) = written[id] ?? (Timestamp(nanoseconds: .min), 0)
      if !evenIfEarly, count > 0, time.nanoseconds(since: latest) < interval { continue }
      waiting.removeAll { $0 == id }
      guard !ring.isEmpty else {
        outcomes.append(.nothingKept(finding: id))
        continue
      }
      written[id] = (time, count + 1)
      do throws(CaptureWriterError) {
        outcomes.append(.wrote(path: try write(ring, "\(id)-\(count + 1)", at: time)))
      } catch {
        outcomes.append(.failed(error))
      }
    }
    return outcomes
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

import Foundation
import PacketCapture
import PacketParser
import Testing
import TraceScript

struct CaptureWriterTests {
  private let ethernet = CaptureFormat(linkTypeNumber: 1, snapLength: 256)

  @Test func `a file is byte for byte what a capture of these frames is`() throws {
    let folder = try TemporaryFolder()
    for precision in [CaptureBytes.Precision.nanoseconds, .microseconds] {
      var dialect = CaptureBytes()
      dialect.precision = precision
      dialect.linkType = 113
      dialect.snapLength = 96
      let path = folder.path + "/\(precision).pcap"
      var writer = try CaptureWriter(
        path: path,
        format: CaptureFormat(
          linkTypeNumber: 113, snapLength: 96, hasNanoseconds: precision == .nanoseconds),
        startingAt: Timestamp(nanoseconds: 0))
      try writer.write(frames(300))
      try writer.finish()
      #expect(try contents(path) == dialect.pcap(frames(300)))
    }
  }

  @Test func `a file that is open is written to, whoever opened it`() throws {
    let pipe = Pipe()
    var writer = try CaptureWriter(
      descriptor: dup(pipe.fileHandleForWriting.fileDescriptor), path: "-", format: ethernet)
    pipe.fileHandleForWriting.closeFile()
    try writer.write(frames(100))
    try writer.finish()
    #expect(Array(pipe.fileHandleForReading.readDataToEndOfFile()).count == 24 + size(frames(100)))
  }

  @Test func `what was there before is replaced, and only the owner may read`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.pcap"
    _ = try CaptureWriter(
      path: path, format: ethernet, startingAt: Timestamp(nanoseconds: 0))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let other = try folder.file("other.pcap", [UInt8](repeating: 7, count: 1000))
    _ = try CaptureWriter(
      path: other, format: ethernet, startingAt: Timestamp(nanoseconds: 0))
    #expect(try contents(other).count == 24)
  }

  // MARK: - What can be read meanwhile

  @Test func `what is a second old can be read, and never half a record`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.pcap"
    var writer = try CaptureWriter(
      path: path, format: CaptureFormat(linkTypeNumber: 1, snapLength: 2000),
      startingAt: Timestamp(nanoseconds: 0))
    // More than a megabyte in a second and a half: the buffer overflows in between.
    let written = (0..<2000).map { index in
      CapturedFrame(
        seconds: 1_700_000_000 + index / 1333, nanoseconds: index % 1333 * 750_000,
        [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 1000 + index % 90))
    }
    let moments = written.map { $0.seconds * 1_000_000_000 + $0.nanoseconds }
    var lengths: Set<Int> = []
    for (index, frame) in written.enumerated() {
      try writer.write(frame, number: index + 1)
      guard index.isMultiple(of: 199) else { continue }
      let (read, error) = readCapture(path)
      #expect(error == nil)
      let areTheFirst = read == Array(expected(written[..<read.count]))
      #expect(areTheFirst)
      if read.count <= index { #expect(moments[index] - moments[read.count] < 1_000_000_000) }
      lengths.insert(read.count)
    }
    #expect(lengths.count > 2)
  }

  @Test func `where no frames come the clock has the last ones written`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.pcap"
    var writer = try CaptureWriter(
      path: path, format: ethernet, startingAt: Timestamp(nanoseconds: 0))
    try writer.write(frames(1))
    let time = Timestamp(seconds: 1_700_000_000, nanoseconds: 0)
    try writer.advance(to: time)
    #expect(readCapture(path).frames.isEmpty)
    try writer.advance(to: Timestamp(nanoseconds: time.nanoseconds + 1_000_000_000))
    #expect(readCapture(path).frames == expected(frames(1)))
  }

  @Test func `a clock that is set back makes nothing wait`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.pcap"
    var writer = try CaptureWriter(
      path: path, format: ethernet, startingAt: Timestamp(nanoseconds: 0))
    try writer.write(CapturedFrame(seconds: 1_700_003_600, [1]), number: 1)
    try writer.write(CapturedFrame(seconds: 1_700_000_000, [2]), number: 2)
    #expect(readCapture(path).frames.count == 2)
  }

  // MARK: - Many files

  @Test func `files are no longer than they may be, and follow one another by name`() throws {
    let folder = try TemporaryFolder()
    let limit = 24 + 10 * (16 + 26)
    var writer = try CaptureWriter(
      path: folder.path + "/my.trace.pcap", format: ethernet,
      rotation: CaptureRotation(bytes: limit),
      startingAt: Timestamp(seconds: 1_700_000_000, nanoseconds: 0))
    try writer.write(frames(100))
    let begun = writer.filesBegun
    try writer.finish()
    let names = try names(folder)
    #expect(names.count == begun)
    #expect(names.first == "my.trace_20231114221320_00001.pcap")
    #expect(names.allSatisfy { $0.wholeMatch(of: /my\.trace_2023111422\d{4}_\d{5}\.pcap/) != nil })
    var read: [ReadFrame] = []
    for name in names {
      let path = folder.path + "/" + name
      #expect(try contents(path).count <= limit)
      let part = readCapture(path)
      #expect(part.error == nil)
      read += part.frames
    }
    let bytes = read.map(\.bytes)
    #expect(bytes == frames(100).map(\.bytes))
    // No file could have held the first frame of the next one, too.
    #expect(names.count < 13)
  }

  @Test func `a frame that is longer than a file may be has one to itself`() throws {
    let folder = try TemporaryFolder()
    var writer = try CaptureWriter(
      path: folder.path + "/trace", format: ethernet, rotation: CaptureRotation(bytes: 10),
      startingAt: Timestamp(seconds: 1_700_000_000, nanoseconds: 0))
    try writer.write(frames(3))
    try writer.finish()
    #expect(
      try names(folder) == [
        "trace_20231114221320_00001", "trace_20231114221321_00002", "trace_20231114221322_00003",
      ])
  }

  @Test func `files cut by time begin in step with the first`() throws {
    let folder = try TemporaryFolder()
    var writer = try CaptureWriter(
      path: folder.path + "/trace.pcap", format: ethernet,
      rotation: CaptureRotation(intervalNanoseconds: 10_000_000_000),
      startingAt: Timestamp(seconds: 1_700_000_000, nanoseconds: 0))
    let seconds = [0, 9, 10, 12, 19, 20, 47, 49, 50]
    for (index, second) in seconds.enumerated() {
      try writer.write(CapturedFrame(seconds: 1_700_000_000 + second, [1]), number: index + 1)
    }
    try writer.finish()
    let counts = try names(folder).map { readCapture(folder.path + "/" + $0).frames.count }
    #expect(counts == [2, 3, 1, 2, 1])
    #expect(try names(folder)[3] == "trace_20231114221407_00004.pcap")
  }

  @Test func `only the newest files are kept`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("trace_20200101000000_00001.pcap", [1])
    var writer = try CaptureWriter(
      path: folder.path + "/trace.pcap", format: ethernet,
      rotation: CaptureRotation(intervalNanoseconds: 1_000_000_000, filesKept: 3),
      startingAt: Timestamp(seconds: 1_700_000_000, nanoseconds: 0))
    for (index, frame) in frames(20).enumerated() {
      try writer.write(frame, number: index + 1)
      // One of another run, and three of this one.
      #expect(try names(folder).count == 1 + min(index + 1, 3))
    }
    try writer.finish()
    #expect(
      try names(folder) == [
        "trace_20200101000000_00001.pcap", "trace_20231114221337_00018.pcap",
        "trace_20231114221338_00019.pcap", "trace_20231114221339_00020.pcap",
      ])
    let last = readCapture(folder.path + "/trace_20231114221339_00020.pcap").frames.map(\.bytes)
    #expect(last == [frames(20)[19].bytes])
  }

  @Test func `times that only damaged files hold do no harm`() throws {
    let folder = try TemporaryFolder()
    var writer = try CaptureWriter(
      path: folder.path + "/trace.pcap", format: ethernet,
      rotation: CaptureRotation(intervalNanoseconds: 1_000_000_000, filesKept: 2),
      startingAt: Timestamp(nanoseconds: -1))
    for (number, nanoseconds) in [Int64.max, .min, -1, 0, .min, .max].enumerated() {
      withBytes(of: [UInt8(number)]) { bytes in
        #expect(throws: Never.self) {
          try writer.write(
            bytes,
            FrameInfo(
              number: number + 1, time: Timestamp(nanoseconds: nanoseconds), wireLength: 1))
        }
      }
    }
    let written = writer.framesWritten
    #expect(written == 6)
    #expect(try names(folder).count <= 2)
  }

  // MARK: - What goes wrong

  @Test func `a file that cannot be created is named`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/missing/trace.pcap"
    let failure = CaptureWriterError.cannotCreate(path: path, reason: "No such file or directory")
    #expect(throws: failure) {
      _ = try CaptureWriter(
        path: path, format: ethernet, startingAt: Timestamp(nanoseconds: 0))
    }
    #expect(failure.description == "cannot create '\(path)': No such file or directory")
  }

  @Test func `a full disk is told, and leaves a capture of what had room`() throws {
    #expect(
      throws: CaptureWriterError.cannotCreate(
        path: "/dev/full", reason: "No space left on device")
    ) {
      _ = try CaptureWriter(
        path: "/dev/full", format: ethernet, startingAt: Timestamp(nanoseconds: 0))
    }
  }

  @Test(.enabled(if: isPrivileged, "needs root to make a disk that is full"))
  func `a disk that becomes full leaves a capture of what had room`() throws {
    let folder = try TemporaryFolder()
    try #require(try shell("mount -t tmpfs -o size=64k none \(folder.path)").status == 0)
    defer { _ = try? shell("umount -l \(folder.path)") }
    let path = folder.path + "/trace.pcap"
    var writer = try CaptureWriter(
      path: path, format: ethernet, startingAt: Timestamp(nanoseconds: 0))
    var failures: [CaptureWriterError] = []
    for (index, frame) in frames(4000).enumerated() {
      do throws(CaptureWriterError) {
        try writer.write(frame, number: index + 1)
      } catch {
        failures.append(error)
        if failures.count == 3 { break }
      }
    }
    #expect(
      failures
        == [CaptureWriterError](
          repeating: .cannotWrite(path: path, reason: "No space left on device"), count: 3))
    try? writer.finish()
    let (read, error) = readCapture(path)
    #expect(error == nil)
    #expect(read.count > 500)
    #expect(read == Array(expected(frames(read.count))))
  }

  // MARK: - Pieces

  private func contents(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func size(_ frames: [CapturedFrame]) -> Int {
    frames.reduce(0) { $0 + 16 + $1.bytes.count }
  }
}

extension CaptureWriter {
  mutating func write(_ frames: [CapturedFrame]) throws {
    for (index, frame) in frames.enumerated() { try write(frame, number: index + 1) }
  }

  mutating func write(_ frame: CapturedFrame, number: Int) throws(CaptureWriterError) {
    let info = FrameInfo(
      number: number,
      time: Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds),
      wireLength: frame.wireLength)
    var failure: CaptureWriterError?
    withBytes(of: frame.bytes) { bytes in
      do throws(CaptureWriterError) { try write(bytes, info) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}

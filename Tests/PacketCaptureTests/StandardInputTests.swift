import Foundation
import PacketCapture
import Testing
import TraceScript

/// Pipes are read as files are, whatever pieces they come in.
///
/// The tests put pipes and files in place of the process's standard input, so they run one by one.
@Suite(.serialized) struct StandardInputTests {
  let plain = CaptureBytes().pcap(frames(300))

  @Test(arguments: [1, 3, 1000, 1_000_000])
  func `a capture comes through a pipe in pieces`(pieceLength: Int) throws {
    for bytes in [
      plain, gzipMember(plain), zstandardFrame(plain), CaptureBytes().pcapng(frames(300)),
    ] {
      let (read, error) = readStandardInput(pipe(bytes, pieceLength: pieceLength))
      #expect(read == expected(frames(300)))
      #expect(error == nil)
    }
  }

  @Test func `a cut capture from a pipe has its place, too`() throws {
    let offsets = CaptureBytes().pcapRecordOffsets(frames(300))
    let (read, error) = readStandardInput(pipe(plain.dropLast(), pieceLength: 4096))
    #expect(read == expected(frames(299)))
    #expect(error?.damage?.byteOffset == offsets[299])
    #expect(
      error?.description == """
        cannot read standard input to its end: packet 300, at byte \(offsets[299]): \
        truncated dump file; tried to read 25 captured bytes, only got 24
        """)
  }

  @Test func `a pipe that gives nothing is empty`() {
    let error = readStandardInput(pipe([], pieceLength: 1)).error
    #expect(error == .empty(path: "-"))
  }

  @Test func `a file as standard input is read from where it stands`() throws {
    let folder = try TemporaryFolder()
    for capture in [plain, gzipMember(plain)] {
      let path = try folder.file("trace", [1, 2, 3] + capture)
      let file = try #require(FileHandle(forReadingAtPath: path))
      try file.seek(toOffset: 3)
      let (read, error) = readStandardInput(file)
      #expect(read == expected(frames(300)))
      #expect(error == nil)
    }
  }

  /// A pipe into which `bytes` are written while it is read.
  private func pipe(_ bytes: some Collection<UInt8> & Sendable, pieceLength: Int) -> FileHandle {
    let pipe = Pipe()
    let writer = pipe.fileHandleForWriting
    Thread.detachNewThread {
      var rest = Array(bytes)[...]
      while !rest.isEmpty {
        writer.write(Data(rest.prefix(pieceLength)))
        rest = rest.dropFirst(pieceLength)
      }
      writer.closeFile()
    }
    return pipe.fileHandleForReading
  }

  private func readStandardInput(
    _ input: FileHandle
  ) -> (frames: [ReadFrame], error: CaptureError?) {
    let original = dup(STDIN_FILENO)
    dup2(input.fileDescriptor, STDIN_FILENO)
    defer {
      dup2(original, STDIN_FILENO)
      close(original)
    }
    return readCapture("-")
  }
}

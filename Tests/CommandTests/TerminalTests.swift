import Foundation
import Testing
import TraceScript

/// What a person sees: util-linux's `script` makes the terminal.
struct TerminalTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    var list = FrameList()
    list.connection(from: .version4(201, port: 50000), to: .version4(202, port: 8080))
    _ = try folder.file("one.pcap", list.capture)
  }

  private static let hasScript = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

  private func screen(
    _ settings: String, columns: Int, _ arguments: String = "one.pcap", status: Int32 = 0
  ) throws -> [Substring] {
    let command = "stty columns \(columns); \(settings) \\\"$SYNFIN\\\" \(arguments)"
    let outcome = try Tool.shell(
      "script --quiet --return --command \"\(command)\" /dev/null < /dev/null", in: folder.path)
    #expect(outcome.status == status)
    return outcome.output.split(separator: "\r\n", omittingEmptySubsequences: false)
  }

  @Test(.enabled(if: hasScript), arguments: [80, 120])
  func `a terminal gets as many columns as it has, in colour`(columns: Int) throws {
    let lines = try screen("TERM=xterm", columns: columns)
    let plain = lines.map { $0.replacing(/\u{1b}\[\d*m/, with: "") }
    #expect(plain.map(\.count).max() ?? 0 <= columns)
    #expect(plain[0].contains("server is") == (columns == 120))
    #expect(lines[1].contains("\u{1b}[32mcomplete\u{1b}[0m"))
  }

  @Test(.enabled(if: hasScript))
  func `expectations and what fails of them fit eighty columns`() throws {
    let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../SampleCaptures/half-open/trace.pcap").standardized.path
    try FileManager.default.copyItem(atPath: sample, toPath: "\(folder.path)/open.pcap")
    _ = try folder.file(
      "open.expect.yml",
      Array("each: {handshake.outcome: complete, forbid: [half-open-handshake]}".utf8))
    for (arguments, status) in [("check open.pcap", Int32(1)), ("check --explain", 0)] {
      let lines = try screen("TERM=dumb", columns: 80, arguments, status: status)
      // A display filter is to be copied whole.
      let wide = lines.filter { $0.count > 80 && !$0.contains("filter:") }
      #expect(lines.count > 20)
      #expect(wide.isEmpty)
    }
  }

  @Test(.enabled(if: hasScript), arguments: ["TERM=xterm NO_COLOR=1", "TERM=dumb"])
  func `colour can be declined`(settings: String) throws {
    let lines = try screen(settings, columns: 80)
    #expect(!lines.joined().contains("\u{1b}"))
  }
}

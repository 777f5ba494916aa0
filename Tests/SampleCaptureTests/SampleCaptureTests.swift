import FlowAnalysis
import Foundation
import PacketCapture
import PacketParser
import Testing
import TraceScript

/// Every folder of SampleCaptures: the states that were inferred, frame by frame, to hold beside its NOTE.md.
struct SampleCaptureTests {
  private static let samples = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("SampleCaptures")

  static let names: [String] = {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: samples.path)) ?? []
    return entries.sorted().filter {
      FileManager.default.fileExists(
        atPath: samples.appendingPathComponent("\($0)/trace.pcap").path)
    }
  }()

  @Test func `there are samples, and a golden for each and nothing else`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let goldens = try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent("Goldens").path)
    #expect(goldens.sorted() == Self.names.map { $0 + ".txt" })
    #expect(Self.names.count >= 24)
  }

  @Test(arguments: names)
  func `the story is told as it was`(name: String) throws {
    let path = Self.samples.appendingPathComponent("\(name)/trace.pcap").path
    let story = try story(path, framesAtOnce: .max)
    #expect(try self.story(path, framesAtOnce: 1) == story)
    try expectGolden(story, "\(name).txt")
  }

  private func story(_ path: String, framesAtOnce: Int) throws -> String {
    var file = try CaptureFile(path: path)
    let linkType = try #require(LinkType(number: file.linkTypeNumber))
    let story = Story()
    var receiver = Receiver(TraceAnalyzer(linkType: linkType, labelsFrames: true, sink: story))
    while try file.readFrames(atMost: framesAtOnce, into: &receiver) == .limit {}
    _ = receiver.analyzer.finish()
    return story.text
  }
}

private struct Receiver: FrameReceiver, ~Copyable {
  var analyzer: TraceAnalyzer

  init(_ analyzer: consuming TraceAnalyzer) {
    self.analyzer = analyzer
  }

  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    analyzer.ingest(frame, info)
    return .next
  }
}

import CTraceGenerator
import Foundation
import Testing
import TraceScript

@testable import Benchmarks

@Suite struct ComparisonTests {
  @Test func `the table tells ratios to the floor, rates and memory`() {
    var table = ComparisonTable()
    let way = Way(name: "synfin", program: "synfin", options: [])
    let result = Comparison.Result(
      capture: BenchmarkCapture("ordinary", file: "ordinary"), packets: 8_000_000,
      floor: Cost(processorSeconds: 0.5, elapsedSeconds: 0.4),
      ways: [(way, Cost(processorSeconds: 1, elapsedSeconds: 1.6, peakBytes: 62_000_000))])
    table.append(result, restingBytes: ["synfin": 12_000_000])
    #expect(
      table.description == """
        | capture                     | program                | processor | ÷ floor | elapsed | ÷ floor | packets/s | peak memory | a live connection |
        | --------------------------- | ---------------------- | --------: | ------: | ------: | ------: | --------: | ----------: | ----------------: |
        | ordinary; 8,000,000 packets | floor: empty pcap_loop |   0.500 s |    1.00 | 0.400 s |    1.00 |   20.00 M |             |                   |
        |                             | synfin                 |   1.000 s |    2.00 | 1.600 s |    4.00 |    5.00 M |     62.0 MB |            1000 B |

        """)
  }

  @Test func `memory is not divided by a few connections`() {
    var table = ComparisonTable()
    let capture = BenchmarkCapture("few", file: "few") { $0.live_connections = 9_999 }
    let cost = Cost(processorSeconds: 1, elapsedSeconds: 1, peakBytes: 1_000_000)
    let way = Way(name: "synfin", program: "synfin", options: [])
    table.append(
      Comparison.Result(capture: capture, packets: 1, floor: cost, ways: [(way, cost)]),
      restingBytes: [:])
    #expect(table.description.hasSuffix("1.0 MB |                 – |\n"))
  }

  @Test func `other programs are found on the path`() throws {
    let folder = try TemporaryFolder()
    let program = try folder.file("tcptrace", Array("#!/bin/sh\n".utf8))
    #expect(Way.ofOthers(on: folder.path).isEmpty, "not what cannot be run")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    #expect(Way.ofOthers(on: "/nowhere:\(folder.path)").map(\.name) == ["tcptrace"])
    #expect(Way.ofOthers(on: nil).isEmpty)
  }

  @Test func `programs run in turn, once a round`() throws {
    let folder = try TemporaryFolder()
    let log = folder.path + "/log"
    let ways = ["first", "second"].map { name in
      Way(name: name, program: "sh", options: ["-c", "echo \(name) >> '\(log)'"])
    }
    let comparison = Comparison(
      ways: ways, rounds: 3, folder: try CaptureFolder(path: folder.path), progress: { _ in })
    let result = try comparison.measure(.tiny)
    #expect(result.packets == 100)
    #expect(result.ways.map(\.way.name) == ["first", "second"])
    let order = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    #expect(order == ["first", "second", "first", "second", "first", "second"])
  }

  @Test func `records that would fill a disk are left out`() throws {
    let flood = try #require(BenchmarkCapture.all.first { $0.file == "flood" })
    #expect(flood.hasTooManyToRecord)
    #expect(BenchmarkCapture.all.filter(\.hasTooManyToRecord).count == 1)
    #expect(!flood.scaled(by: 0.01).hasTooManyToRecord)
  }

  @Test func `a capture is written when it is missing, cut short or of another shape`() throws {
    let path = try TemporaryFolder()
    let folder = try CaptureFolder(path: path.path)
    var shape = BenchmarkCapture.tiny.shape
    let file = try folder.capture("tiny", shape).path
    func size() throws -> Int { try Data(contentsOf: URL(fileURLWithPath: file)).count }
    let whole = try size()

    // What is there is taken as it is.
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: file))
    _ = try folder.capture("tiny", shape)
    #expect(try size() == 3)

    try FileManager.default.removeItem(atPath: path.path + "/tiny.shape")
    _ = try folder.capture("tiny", shape)
    #expect(try size() == whole)

    shape.packets *= 2
    _ = try folder.capture("tiny", shape)
    #expect(try size() > whole)
  }
}

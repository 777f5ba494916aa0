import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// What is said of single frames, as `frame label,label`.
struct FrameLabelTests {
  private let client = SocketAddress.version4(1, port: 50000)
  private let server = SocketAddress.version4(2, port: 80)

  private func labels(_ frames: [[UInt8]]) -> [String] {
    labels(Analysis(frames))
  }

  private func labels(_ analysis: Analysis) -> [String] {
    analysis.connections.flatMap { connection in
      (connection.frames?.frames ?? []).map { frame in
        "\(frame.frame) \(frame.labels.map(\.rawValue).joined(separator: ","))"
      }
    }
  }

  /// A handshake, then whatever `body` adds from frame 4 on.
  private func open(_ body: (inout FrameList) -> Void) -> [[UInt8]] {
    var list = FrameList()
    list.segment(from: client, to: server, .syn, 1000)
    list.segment(from: server, to: client, [.syn, .ack], 5000, ack: 1001)
    list.segment(from: client, to: server, .ack, 1001, ack: 5001)
    body(&list)
    return list.frames
  }

  @Test func `an ordinary connection has no labels`() {
    var list = FrameList()
    list.connection(from: client, to: server)
    #expect(labels(list.frames) == [])
  }

  @Test func `bytes sent twice are a retransmission`() {
    let frames = open {
      $0.segment(from: client, to: server, [.psh, .ack], 1001, ack: 5001, payload: 10)
      $0.segment(from: client, to: server, [.psh, .ack], 1001, ack: 5001, payload: 10)
    }
    #expect(labels(frames) == ["5 retransmission"])
  }

  @Test func `bytes sent again together with new ones are a retransmission`() throws {
    let script =
      FindingExample.opening + """
             > P. 1:11(10) ack 1
        +0.5 > P. 1:31(30) ack 1
             < .  1:1(0) ack 31
             > P. 31:41(10) ack 1
        """
    let analysis = try Analysis(script: script)
    #expect(labels(analysis) == ["5 retransmission"])
    #expect(analysis.connections[0][.client].repeatedPackets == 1)
    #expect(analysis.connections[0][.client].repeatedBytes == 10)
  }

  @Test func `data at the number of the SYN is no retransmission`() throws {
    let script =
      FindingExample.opening + """
        > P. 0:11(11) ack 1
        """
    #expect(labels(try Analysis(script: script)) == [])
  }

  @Test func `a gap is told once`() throws {
    let script =
      FindingExample.opening + """
        > P. 1:11(10) ack 1
        < .  21:21(0) ack 11
        < .  21:21(0) ack 11 win 2000
        < P. 21:31(10) ack 11
        < P. 41:51(10) ack 11
        """
    let gaps = labels(try Analysis(script: script)).filter { $0.contains("gap-before") }
    #expect(gaps == ["5 gap-before", "8 gap-before"])
    let acknowledged =
      FindingExample.opening + """
        < .  501:501(0) ack 1
        > .  1:1(0) ack 501
        < P. 501:511(10) ack 1
        """
    #expect(
      labels(try Analysis(script: acknowledged)) == ["4 gap-before", "5 acks-unseen"])
  }

  @Test func `before a SYN there is nothing that a capture could lack`() throws {
    let script = """
      > S 0:0(0) <mss 1460>
      < . 4294962297:4294962297(0) ack 1
      < S 0:0(0) <mss 1460>
      > S. 0:0(0) ack 1 <mss 1460>
      < . 1:1(0) ack 1
      """
    #expect(labels(try Analysis(script: script)).allSatisfy { !$0.contains("gap-before") })
  }

  @Test func `the first byte that asks for a shut window is a probe like those that follow`() throws
  {
    let script =
      FindingExample.opening + """
        > P. 1:11(10) ack 1
        <  . 1:1(0) ack 11 win 0
        +1 > . 11:12(1) ack 1
        <  . 1:1(0) ack 11 win 0
        +1 > . 11:12(1) ack 1
        <  . 1:1(0) ack 11 win 0
        +1 > . 11:12(1) ack 1
        <  . 1:1(0) ack 12 win 1000
        > P. 12:22(10) ack 1
        """
    #expect(
      labels(try Analysis(script: script)) == [
        "5 zero-window", "6 zero-window-probe", "7 zero-window,zero-window-probe-ack",
        "8 zero-window-probe", "9 zero-window,zero-window-probe-ack", "10 zero-window-probe",
      ])
  }

  @Test func `a byte that was on its way when the window was shut asks for nothing`() throws {
    let script =
      FindingExample.opening + """
        > P. 1:11(10) ack 1
        < .  1:1(0) ack 11 win 0
        > P. 11:12(1) ack 1
        """
    #expect(labels(try Analysis(script: script)) == ["5 zero-window"])
  }

  @Test func `a byte into an open window is data`() throws {
    let script =
      FindingExample.opening + """
        > P. 1:2(1) ack 1
        < .  1:1(0) ack 2 win 0
        < .  1:1(0) ack 2 win 1
        > P. 2:3(1) ack 1
        """
    #expect(labels(try Analysis(script: script)) == ["5 zero-window", "6 window-update"])
  }

  @Test func `the answer to a probe comes after its copy`() throws {
    let script =
      FindingExample.opening + """
        >   P. 1:11(10) ack 1
        <   .  1:1(0) ack 11
        +60 >  . 10:10(0) ack 1 id 77
        dup
        <   .  1:1(0) ack 11
        """
    #expect(
      labels(try Analysis(script: script)) == [
        "6 keep-alive", "7 duplicate-frame", "8 keep-alive-ack",
      ])
  }

  @Test func `windows count where every checksum was left to the network card`() throws {
    var frames = try Script(
      FindingExample.opening + """
        > P. 1:11(10) ack 1
        < .  1:1(0) ack 11 win 2000
        > P. 11:21(10) ack 1
        < .  1:1(0) ack 21 win 2000
        < .  1:1(0) ack 21 win 2000
        """
    ).frames
    for index in frames.indices { frames[index].bytes[50] ^= 0x55 }
    #expect(labels(Analysis(frames)) == ["8 duplicate-ack"])
  }

  @Test func `what takes the byte of a window probe along is no retransmission`() throws {
    let script =
      FindingExample.opening + """
        > P. 1:11(10) ack 1
        < .  1:1(0) ack 11 win 0
        +1 > . 11:12(1) ack 1
        < .  1:1(0) ack 11 win 0
        +1 < .  1:1(0) ack 11 win 1000
        > P. 11:21(10) ack 1
        """
    #expect(!labels(try Analysis(script: script)).contains { $0.contains("retransmission") })
  }

  @Test func `a segment whose acknowledgment was captured first is no retransmission`() throws {
    let script =
      FindingExample.opening + """
        < .  1:1(0) ack 11
        > P. 1:31(30) ack 1
        """
    #expect(!labels(try Analysis(script: script)).contains { $0.contains("retransmission") })
  }

  @Test func `whose packets are counted has copies that come late known as such`() {
    let frames = open {
      for offset: UInt32 in 0..<40 {
        $0.segment(
          from: client, to: server, [.psh, .ack], 1001 + 10 * offset, ack: 5001, payload: 10)
      }
      $0.frames.append($0.frames[3])
    }
    #expect(labels(frames) == ["44 duplicate-frame"])
  }

  @Test func `a copy of a RST that acknowledges more makes no other copy look new`() {
    let frames = open {
      $0.segment(from: client, to: server, [.psh, .ack], 1001, ack: 5001, payload: 10)
      for sequence: UInt32 in [5001, 5011, 5021] {
        $0.segment(from: server, to: client, [.psh, .ack], sequence, ack: 1001, payload: 10)
      }
      $0.segment(from: server, to: client, [.rst, .ack], 5091, ack: 1011)
      $0.frames.append($0.frames[7])
      $0.frames.append($0.frames[6])
    }
    #expect(labels(frames) == ["9 duplicate-frame", "10 duplicate-frame"])
  }

  @Test func `acknowledgments without news, and why bytes come again`() {
    let frames = open {
      $0.segment(from: client, to: server, [.psh, .ack], 1001, ack: 5001, payload: 10)
      $0.segment(from: client, to: server, [.psh, .ack], 1011, ack: 5001, payload: 30)
      for _ in 0..<4 { $0.segment(from: server, to: client, .ack, 5001, ack: 1011) }
      $0.segment(from: client, to: server, [.psh, .ack], 1011, ack: 5001, payload: 10)
      $0.segment(from: server, to: client, .ack, 5001, ack: 1041)
      $0.segment(from: client, to: server, [.psh, .ack], 1031, ack: 5001, payload: 10)
    }
    #expect(
      labels(frames) == [
        "7 duplicate-ack", "8 duplicate-ack", "9 duplicate-ack", "10 fast-retransmission",
        "12 spurious-retransmission",
      ])
  }

  @Test func `the same frame twice is a duplicate`() {
    let frames = open {
      $0.segment(from: client, to: server, [.psh, .ack], 1001, ack: 5001, payload: 10)
      $0.frames.append($0.frames[3])
    }
    #expect(labels(frames) == ["5 duplicate-frame"])
  }

  @Test func `a segment behind a hole, and the one that fills it`() {
    let frames = open {
      $0.segment(from: client, to: server, [.psh, .ack], 1011, ack: 5001, payload: 10)
      $0.segment(from: client, to: server, [.psh, .ack], 1001, ack: 5001, payload: 10)
    }
    #expect(labels(frames) == ["4 gap-before", "5 retransmission"])
  }

  @Test func `what follows behind a hole counts when the hole is filled`() {
    let frames = open {
      for sequence: UInt32 in [1011, 1021, 1031, 1001] {
        $0.segment(from: client, to: server, [.psh, .ack], sequence, ack: 5001, payload: 10)
      }
      $0.segment(from: server, to: client, .ack, 5001, ack: 1041)
    }
    #expect(labels(frames) == ["4 gap-before", "7 retransmission"])
    let side = Analysis(frames).connections[0][.client]
    #expect(side.gaps == 0)
    #expect(side.gapBytes == 0)
  }

  @Test func `an acknowledgment of bytes that were not captured`() {
    let frames = open { $0.segment(from: server, to: client, .ack, 5001, ack: 1101) }
    #expect(labels(frames) == ["4 acks-unseen"])
  }

  @Test func `a window of nothing`() {
    let frames = open {
      var frame = FrameBuilder(from: server, to: client)
      (frame.sequence, frame.acknowledgment, frame.window) = (5001, 1001, 0)
      $0.frames.append(frame.ethernet)
    }
    #expect(labels(frames) == ["4 zero-window"])
  }

  @Test func `an empty segment below the next byte is a probe`() {
    let frames = open { $0.segment(from: client, to: server, .ack, 1000, ack: 5001) }
    #expect(labels(frames) == ["4 keep-alive"])
  }

  @Test func `the same below a shut window is a probe of that`() {
    let frames = open {
      var frame = FrameBuilder(from: server, to: client)
      (frame.sequence, frame.acknowledgment, frame.window) = (5001, 1001, 0)
      $0.frames.append(frame.ethernet)
      $0.segment(from: client, to: server, .ack, 1000, ack: 5001)
    }
    #expect(labels(frames) == ["4 zero-window", "5 zero-window-probe"])
  }

  @Test func `a tuple that is used again`() {
    var list = FrameList()
    list.connection(from: client, to: server)
    list.segment(from: client, to: server, .syn, 90_000)
    #expect(labels(list.frames) == ["10 port-reuse"])
  }

  @Test func `a SYN on an open connection, once it is answered`() {
    let frames = open {
      $0.segment(from: client, to: server, .syn, 90_000)
      $0.segment(from: server, to: client, [.syn, .ack], 70_000, ack: 90_001)
    }
    #expect(labels(frames) == ["4 port-reuse"])
  }

  @Test func `a connection that goes on after hours of silence uses no port again`() {
    let frames = open {
      $0.segment(from: client, to: server, [.psh, .ack], 1001, ack: 5001, payload: 10)
    }
    let connections = Analysis(frames, interval: 7_500_000_000_000).connections
    #expect(connections.map { $0.frames?.frames.count } == [0, 0, 0, 0])
  }

  @Test func `labels are kept only when they are asked for`() {
    let analysis = Analysis([])
    var list = FrameList()
    list.connection(from: client, to: server)
    var analyzer = TraceAnalyzer(linkType: .ethernet, sink: analysis)
    for (index, frame) in (list.frames + list.frames).enumerated() {
      let info = FrameInfo(
        number: index + 1, time: Timestamp(nanoseconds: 0), wireLength: frame.count)
      withBytes(of: frame) { analyzer.ingest($0, info) }
    }
    _ = analyzer.finish()
    #expect(analysis.connections.map { $0.frames == nil } == analysis.connections.map { _ in true })
    #expect(!analysis.connections.isEmpty)
  }
}

import Foundation
import PacketCapture
import PacketParser
import Testing
import TraceScript

/// Captures on interfaces of networks that each test makes for itself, and that end with it.
@Suite(
  .enabled(if: isPrivileged, "needs root to make networks and to capture on them, unshare and ip"))
struct LiveCaptureTests {
  /// Makes two ends of a cable, `left` and `right`, and a way to send from left to right.
  private static let network = """
    set -e
    ip link set lo up
    ip link add left type veth peer name right
    ip link set left up; ip link set right up
    ip address add 192.0.2.1/24 dev left
    ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:02 dev left
    send() { for i in $(seq $1); do printf %$2s x > /dev/udp/192.0.2.2/$3; done; }
    # Starts the tool, and waits until it captures.
    start() {
      OUT=$(mktemp); "$TOOL" "$@" > $OUT & PID=$!
      for i in $(seq 1200); do grep -q . $OUT && break; sleep 0.05; done
    }
    finish() { wait $PID || true; cat $OUT; rm -f $OUT; }

    """

  /// Runs `script` in a network of its own.
  private func inNetwork(_ script: String, _ arguments: [String] = []) throws -> [Substring] {
    let outcome = try shell(
      "exec unshare --net bash -c \"$1\" bash \"${@:2}\"", [Self.network + script] + arguments)
    return outcome.output.split(separator: "\n")
  }

  @Test func `frames of a cable come in, cut at the snap length by the kernel`() throws {
    let lines = try inNetwork(
      """
      start right "filter=udp port 53" snap=100 count=5
      send 3 600 80
      send 5 600 53
      finish
      """)
    #expect(
      lines == [
        "ready: EN10MB, 100 bytes",
        "end: frames 5, captured 500, on the wire \(5 * 642), received 5, dropped 0",
      ])
  }

  @Test func `a direction is told from the other`() throws {
    for (interface, direction, count) in [
      ("left", "in", 0), ("left", "out", 4), ("right", "in", 4), ("right", "out", 0),
    ] {
      let lines = try inNetwork(
        """
        start \(interface) "filter=udp" direction=\(direction) seconds=1
        send 4 10 53
        finish
        """)
      #expect(lines.last?.hasPrefix("end: frames \(count), ") == true, "\(interface) \(direction)")
    }
  }

  @Test func `all interfaces together are one`() throws {
    let lines = try inNetwork(
      """
      start any "filter=udp port 53" count=6
      send 3 10 53
      finish
      """)
    #expect(lines.first == "ready: LINUX_SLL2, 256 bytes")
    // Each left one end and came to the other.
    #expect(lines.last?.hasPrefix("end: frames 6, ") == true)
  }

  @Test func `an interface that is removed ends the capture`() throws {
    let lines = try inNetwork(
      """
      start right filter=udp
      send 3 10 53
      sleep 0.3
      ip link delete right
      finish
      """)
    #expect(
      lines.last
        == "end: the interface 'right' has disappeared; the frames before were read")
  }

  @Test func `an interface that is taken down is told, and goes on when it comes up`() throws {
    let lines = try inNetwork(
      """
      start right filter=udp count=5
      send 3 10 53
      sleep 0.3
      ip link set right down
      for i in $(seq 1200); do grep -q down $OUT && break; sleep 0.05; done
      ip link set right up
      sleep 0.3
      send 2 10 53
      finish
      """)
    #expect(lines.count == 3)
    #expect(lines.dropFirst().first == "interface down")
    #expect(lines.last?.hasPrefix("end: frames 5, ") == true)
  }

  @Test func `an interface that is down cannot be captured on`() throws {
    let lines = try inNetwork(
      """
      ip link set right down
      "$TOOL" right
      """)
    #expect(
      lines == [
        "end: cannot capture on 'right': it is down",
        "  Bring it up: sudo ip link set right up",
      ])
  }

  @Test func `of a missing interface those are named that exist, the most similar first`() throws {
    let lines = try inNetwork(#""$TOOL" righr"#)
    #expect(lines.first == "end: cannot capture on 'righr': there is no such interface")
    let others = lines.last?.split(separator: ", ") ?? []
    #expect(others.first == "  There are: right")
    #expect(others.contains("left") && others.contains("lo"))
  }

  @Test func `without permission it is said what gives it`() throws {
    // The nobody of the test can run a copy of the tool wherever the tool itself is.
    let folder = try TemporaryFolder()
    let lines = try inNetwork(
      """
      cp "$TOOL" $1/tool; chmod 755 $1 $1/tool
      setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all $1/tool right
      setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all $1/tool wrong | head -1
      """, [folder.path])
    #expect(
      lines == [
        "end: cannot capture on 'right': no permission",
        "  Run it with sudo, or give it the capability once: "
          + "sudo setcap cap_net_raw,cap_net_admin=eip \(folder.path)/tool",
        "end: cannot capture on 'wrong': there is no such interface",
      ])
  }

  @Test func `what was lost is counted`() throws {
    // Stopped, the tool reads nothing; what comes meanwhile is more than the smallest buffer holds.
    let lines = try inNetwork(
      """
      start right filter=udp snap=65535 buffer=65536 seconds=4
      kill -STOP $PID
      send 2000 1400 53
      kill -CONT $PID
      finish
      """)
    let end = try #require(
      lines.last?.firstMatch(of: /frames (\d+), .*received (\d+), dropped (\d+)/))
    let (frames, received, dropped) = (Int(end.1) ?? 0, Int(end.2) ?? 0, Int(end.3) ?? 0)
    #expect(dropped > 0)
    #expect(frames + dropped == 2000)
    // What comes on a new cable before the kernel has the filter counts as received.
    #expect((2000..<2010).contains(received))
  }

  @Test func `a recording that is killed can be read`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.pcap"
    _ = try inNetwork(
      """
      start right filter=udp write=$1
      send 40 700 53
      sleep 1.2
      send 40 700 53
      sleep 0.1
      kill -KILL $PID
      finish
      """, [path])
    let (read, error) = readCapture(path)
    #expect(error == nil)
    #expect(read.count >= 40)
    let sizes = Set(read.map(\.wireLength))
    #expect(sizes == [742])
  }

  // MARK: - In this process

  @Test func `frame numbers go on from one read to the next`() throws {
    let socket = LoopbackSocket()
    var settings = LiveCaptureSettings()
    settings.filter = "udp dst port \(socket.port)"
    settings.isImmediate = true
    var capture = try LiveCapture(interface: "lo", settings: settings)
    var receiver = Numbers()
    for round in 1...5 {
      for _ in 0..<10 { socket.send() }
      while receiver.numbers.count < round * 10 {
        let pause = try capture.readFrames(atMost: 3, waitingAtMost: 5000, into: &receiver)
        try #require(pause == .frames)
        #expect(receiver.numbers.count <= capture.framesRead)
      }
    }
    #expect(receiver.numbers == Array(1...50))
  }

  @Test func `a receiver that has enough loses nothing`() throws {
    let socket = LoopbackSocket()
    for isImmediate in [false, true] {
      var settings = LiveCaptureSettings()
      settings.filter = "udp dst port \(socket.port)"
      settings.isImmediate = isImmediate
      settings.gatheringMilliseconds = 5
      var capture = try LiveCapture(interface: "lo", settings: settings)
      for _ in 0..<20 { socket.send() }
      var receiver = Numbers(stopsAfterEach: true)
      while receiver.numbers.count < 20 {
        let pause = try capture.readFrames(atMost: 100, waitingAtMost: 5000, into: &receiver)
        try #require(pause == .stopped)
      }
      #expect(receiver.numbers == Array(1...20))
      let pause = try capture.readFrames(atMost: 100, waitingAtMost: 20, into: &receiver)
      #expect(pause == .timeout)
    }
  }

  @Test func `a wait ends when it is woken, also before it began`() throws {
    var settings = LiveCaptureSettings()
    settings.filter = "udp port 9 and tcp port 9 or ether proto 0x1234"
    var capture = try LiveCapture(interface: "lo", settings: settings)
    let waker = capture.waker
    var receiver = Numbers()
    let clock = ContinuousClock()

    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.05)
      waker.wake()
    }
    var pause = LivePause.frames
    let waited = try clock.measure {
      pause = try capture.readFrames(atMost: 1, waitingAtMost: 20_000, into: &receiver)
    }
    #expect(pause == .woken)
    #expect(waited < .seconds(5))

    waker.wake()
    waker.wake()
    #expect(try capture.readFrames(atMost: 1, waitingAtMost: 20_000, into: &receiver) == .woken)
    #expect(try capture.readFrames(atMost: 1, waitingAtMost: 10, into: &receiver) == .timeout)

    let pipe = Pipe()
    capture.watch(pipe.fileHandleForReading.fileDescriptor)
    #expect(try capture.readFrames(atMost: 1, waitingAtMost: 10, into: &receiver) == .timeout)
    pipe.fileHandleForWriting.write(Data([1]))
    #expect(try capture.readFrames(atMost: 1, waitingAtMost: 20_000, into: &receiver) == .woken)
  }

  @Test func `traffic drowns no wake-up, and a wake-up no traffic`() throws {
    let socket = LoopbackSocket()
    var settings = LiveCaptureSettings()
    settings.filter = "udp dst port \(socket.port)"
    settings.isImmediate = true
    var capture = try LiveCapture(interface: "lo", settings: settings)
    var receiver = Numbers()
    for round in 1...3 {
      for _ in 0..<10 { socket.send() }
      capture.waker.wake()
      #expect(try capture.readFrames(atMost: 5, waitingAtMost: 5000, into: &receiver) == .woken)
      while receiver.numbers.count < round * 10 {
        let pause = try capture.readFrames(atMost: 100, waitingAtMost: 5000, into: &receiver)
        try #require(pause == .frames)
      }
    }
  }

  @Test func `a mistake in a filter is shown where it is`() throws {
    var settings = LiveCaptureSettings()
    settings.filter = "tcp prot 80"
    do throws(LiveCaptureError) {
      _ = try LiveCapture(interface: "lo", settings: settings)
      Issue.record("it compiles")
    } catch {
      #expect(error.description.hasSuffix(", at column 5\n  tcp prot 80\n      ^"))
    }
    // Only a live capture knows which way a frame goes.
    settings.filter = "inbound"
    _ = try LiveCapture(interface: "lo", settings: settings)
  }

  @Test func `time stamps of a type that is not there are refused with those that are`() {
    var settings = LiveCaptureSettings()
    settings.timestampType = "sundial"
    do throws(LiveCaptureError) {
      _ = try LiveCapture(interface: "lo", settings: settings)
      Issue.record("it has them")
    } catch {
      #expect(
        error.description
          == "cannot capture on 'lo' with time stamps of type 'sundial'\n  It has: host.")
    }
  }

  @Test func `what is no network device keeps quiet when nothing comes`() throws {
    // libpcap names it where the kernel has it.
    guard try NetworkInterface.all().contains(where: { $0.name == "nflog" }) else { return }
    var capture = try LiveCapture(interface: "nflog", settings: LiveCaptureSettings())
    var receiver = Numbers()
    for _ in 0..<3 {
      let pause = try capture.readFrames(atMost: 100, waitingAtMost: 10, into: &receiver)
      #expect(pause == .timeout)
    }
    let name = capture.linkTypeName
    #expect(name == "NFLOG")
  }

  @Test func `link types are learned by opening the interface`() throws {
    let loopback = try #require(try NetworkInterface.all().first { $0.name == "lo" })
    #expect(loopback.linkTypes()?.map(\.number) == [1])
    #expect(loopback.linkTypes()?.map(\.name) == ["EN10MB"])
  }
}

/// What needs no permission.
struct InterfaceTests {
  @Test func `the loopback interface is listed with its addresses`() throws {
    let loopback = try #require(try NetworkInterface.all().first { $0.name == "lo" })
    #expect(loopback.isLoopback)
    #expect(loopback.isUp)
    #expect(!loopback.isWireless)
    #expect(
      loopback.addresses.contains(
        .init(address: IPAddress(v4: 0x7f00_0001), prefixLength: 8)))
  }

  @Test(arguments: ["", "lo\0"])
  func `what can be no name is no interface`(name: String) {
    do throws(LiveCaptureError) {
      _ = try LiveCapture(interface: name, settings: LiveCaptureSettings())
      Issue.record("it exists")
    } catch {
      guard case .noSuchInterface(name, let others) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(others.contains("lo"))
    }
  }

  @Test(
    arguments: [
      (0, 0, 0), (0, 7, 7), (UInt32.max, 0, 1), (4_294_967_290, 10, 16), (10, 3, 0),
    ] as [(UInt32, UInt32, Int)])
  func `a counter of 32 bits that begins anew has grown`(
    earlier: UInt32, later: UInt32, growth: Int
  ) {
    #expect(LiveCapture.growth(from: earlier, to: later) == growth)
  }
}

/// The numbers of the frames that came.
private struct Numbers: FrameReceiver {
  var numbers: [Int] = []
  var stopsAfterEach = false

  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    numbers.append(info.number)
    return stopsAfterEach ? .stop : .next
  }
}

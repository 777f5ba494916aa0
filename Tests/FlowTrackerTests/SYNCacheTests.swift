import FlowTracker
import PacketParser
import Testing
import TraceScript
import TrackerProperties

extension TrackerLimits {
  /// Each SYN waits in the cache.
  static var cachingAllSYNs: TrackerLimits {
    var limits = TrackerLimits()
    limits.uncachedHalfOpenConnections = 0
    return limits
  }
}

/// SYNs that wait in the cache for what follows them.
///
/// Whatever `track` runs it also runs with them; this is what scripts do not come to.
struct SYNCacheTests {
  @Test func `IPv6 addresses that have one digest are told apart`() throws {
    let script = try Script(opened + "< F. 1:1(0) ack 1")
    let segments = script.segments.flatMap { segment in
      (UInt64(1)...3).map { host in
        var segment = segment
        segment.ipVersion = .v6
        if segment.sourcePort == script.segments[0].sourcePort {
          segment.sourceHigh = host
        } else {
          segment.destinationHigh = host
        }
        return segment
      }
    }
    let run = TrackedRun(segments, uncached: 0)
    #expect(run.connections.map(\.client.address.high) == [1, 2, 3])
    expectPredictionChangesNothing(segments, TrackedRun(segments), TrackerLimits())
  }

  @Test func `a SYN with something else than most have is a connection at once`() throws {
    let usual = try #require(try Script("> S 0:0(0)").segments.first)
    let changes: [(inout Segment) -> Void] = [
      { $0.options.present.insert(.fastOpen) }, { $0.options.unknownCount = 1 },
      { $0.options.timestampEcho = 1 }, { $0.window = 1 },
      { $0.traits.insert(.unusualHeader) }, { $0.traits.insert(.reassembled) },
      { $0.payloadLength = 1 }, { $0.packetLength = 65_536 },
      { ($0.sourceLow, $0.sourcePort) = ($0.destinationLow, $0.destinationPort) },
    ]
    func bytes(_ segment: Segment) -> Int {
      var table = ConnectionTable(limits: .cachingAllSYNs, cachesSYNs: true)
      _ = table.ingest(segment)
      return table.bytesInUse
    }
    for (index, change) in changes.enumerated() {
      var segment = usual
      change(&segment)
      #expect(bytes(segment) > 4 * bytes(usual), "change \(index + 1)")
      expectPredictionChangesNothing([segment], TrackedRun([segment]), TrackerLimits())
    }
  }

  @Test func `what is said of a SYN is the same whatever its fields are`() throws {
    let usual = try #require(try Script("> S 0:0(0)").segments.first)
    let changes: [(inout Segment) -> Void] = [
      { $0.flags.formUnion([.ece, .cwr, .ae, .psh]) }, { $0.checksumStatus = .wrong },
      { $0.checksumStatus = .offloaded }, { $0.checksumStatus = .unverified },
      { $0.traits.insert(.truncated) }, { $0.hopLimit = 3 }, { $0.identification = 77 },
      {
        $0.options.present.insert(.timestamps); $0.options.timestampValue = 9
      },
      { $0.options.windowScale = 15 }, { $0.sourcePort = 0 },
      {
        $0.options.present.insert(.maximumSegmentSize); $0.options.maximumSegmentSize = 536
      },
      { $0.window = 5000 }, { $0.packetLength = 1234 }, { $0.checksum = 4321 },
      { swap(&$0.sourceLow, &$0.destinationLow) }, { $0.sequence = SequenceNumber(.max) },
      { $0.encapsulation = EncapsulationID(rawValue: 7) },
    ]
    for change in changes {
      var first = usual
      change(&first)
      // What comes again is held against all of what came before.
      var again = first
      again.frame += 1
      again.time.nanoseconds += 1_000_000
      var later = again
      later.frame += 1
      later.time.nanoseconds += 1_000_000_000
      later.identification &+= 1
      for segments in [[first], [first, again], [first, again, later]] {
        expectPredictionChangesNothing(segments, TrackedRun(segments), TrackerLimits())
      }
    }
  }
}

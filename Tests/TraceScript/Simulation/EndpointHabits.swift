import PacketParser

/// What distinguishes one stack, host and socket from another.
struct EndpointHabits: Sendable {
  var maximumSegmentSize: UInt32 = 1460
  var windowScale: UInt8? = 7
  var usesTimestamps = true
  var usesSACK = true
  /// Bytes that its socket holds unread.
  var buffer: UInt32 = 65535
  /// Segments in flight at most: a congestion window that never grows.
  var flight: UInt32 = 10
  var delayedACK: Int64 = 40 * millisecond
  var retransmissionTimeout: Int64 = 200 * millisecond
  /// How often it repeats something before it gives up.
  var patience = 6
  /// A listening socket answers SYNs (RFC 9293 §3.10.1, passive OPEN).
  var isListening = false
  /// How many SYNs it does not answer, its queue being full.
  var ignoredSYNs = 0
  /// The FIN rides on the last data where both are due.
  var joinsFIN = true
  /// A client sends data on its SYN, a server takes them (RFC 7413).
  var usesFastOpen = false
  /// 2·MSL as Linux has it (TCP_TIMEWAIT_LEN); the same limits FIN-WAIT-2 after close().
  var timeWait: Int64 = 60 * second
}

let millisecond: Int64 = 1_000_000
let second: Int64 = 1_000_000_000

extension EndpointHabits {
  /// Draws habits as real hosts have them.
  init(drawing random: inout Randomness) {
    maximumSegmentSize = random.pick([1460, 1440, 536, 1220, 100])
    windowScale = random.chance(0.7) ? UInt8(random.number(0...7)) : nil
    usesTimestamps = random.chance(0.6)
    usesSACK = random.chance(0.7)
    buffer = random.pick([65535, 29200, 4000, 1000])
    flight = UInt32(random.number(1...10))
    delayedACK = random.chance(0.3) ? 0 : random.number(1...200) * millisecond
    retransmissionTimeout = random.number(200...1000) * millisecond
    patience = Int(random.number(2...8))
    joinsFIN = random.chance(0.7)
  }
}

/// What an application does with its socket.
enum ApplicationAct: Sendable {
  case write(UInt32)
  case stopReading
  case resumeReading
  /// Waits until the peer has closed its direction.
  case awaitEnd
  /// shutdown(SHUT_WR): closes its own direction and goes on reading.
  case shutdown
  /// close(): nobody will read what still comes.
  case close
  /// close() with SO_LINGER 0.
  case abort
  /// The host starts anew and has forgotten the connection (RFC 9293 §3.5.1, half-open).
  case restart
}

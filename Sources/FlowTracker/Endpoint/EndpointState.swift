/// The states of one end of a connection (RFC 9293 §3.3.2).
///
///                              +---------+ ---------\      active OPEN
///                              |  CLOSED |            \    -----------
///                              +---------+<---------\   \   create TCB
///                                |     ^              \   \  snd SYN
///                   passive OPEN |     |   CLOSE        \   \
///                   ------------ |     | ----------       \   \
///                    create TCB  |     | delete TCB         \   \
///                                V     |                      \   \
///            rcv RST (note 1)  +---------+            CLOSE    |    \
///         -------------------->|  LISTEN |          ---------- |     |
///        /                     +---------+          delete TCB |     |
///       /           rcv SYN      |     |     SEND              |     |
///      /           -----------   |     |    -------            |     V
///     +--------+      snd SYN,ACK  /       \   snd SYN          +---------+
///     |        |<-----------------           ------------------>|         |
///     |  SYN   |                    rcv SYN                     |  SYN    |
///     |  RCVD  |<-----------------------------------------------|  SENT   |
///     |        |                  snd SYN,ACK                   |         |
///     |        |------------------           -------------------|         |
///     +--------+   rcv ACK of SYN  \       /  rcv SYN,ACK       +---------+
///        |         --------------   |     |   -----------
///        |                x         |     |     snd ACK
///        |                          V     V
///        |  CLOSE                 +---------+
///        | -------                |  ESTAB  |
///        | snd FIN                +---------+
///        |                 CLOSE    |     |    rcv FIN
///        V                -------   |     |    -------
///     +---------+         snd FIN  /       \   snd ACK         +---------+
///     |  FIN    |<----------------          ------------------>|  CLOSE  |
///     | WAIT-1  |------------------                            |   WAIT  |
///     +---------+          rcv FIN  \                          +---------+
///       | rcv ACK of FIN   -------   |                          CLOSE  |
///       | --------------   snd ACK   |                         ------- |
///       V        x                   V                         snd FIN V
///     +---------+               +---------+                    +---------+
///     |FINWAIT-2|               | CLOSING |                    | LAST-ACK|
///     +---------+               +---------+                    +---------+
///       |              rcv ACK of FIN |                 rcv ACK of FIN |
///       |  rcv FIN     -------------- |    Timeout=2MSL -------------- |
///       |  -------            x       V    ------------        x       V
///        \ snd ACK              +---------+delete TCB          +---------+
///          -------------------->|TIME-WAIT|------------------->| CLOSED  |
///                               +---------+                    +---------+
///
/// What the diagram leaves to the text: a FIN that completes the handshake or acknowledges our own
/// takes two arrows with one segment (here one arrow, past the state in between); SYN-RECEIVED goes
/// to CLOSE-WAIT on a FIN (§3.10.7.4); an acceptable RST ends every synchronized state; and only
/// what was opened passively falls back to LISTEN.
public enum EndpointState: UInt8, CaseIterable, Sendable, BitwiseCopyable, Named {
  case closed
  case listen
  case synSent
  case synReceived
  case established
  case finWait1
  case finWait2
  case closeWait
  case closing
  case lastACK
  case timeWait

  /// The RFC's name: `FIN-WAIT-1`.
  public var staticName: StaticString {
    switch self {
    case .closed: "CLOSED"
    case .listen: "LISTEN"
    case .synSent: "SYN-SENT"
    case .synReceived: "SYN-RECEIVED"
    case .established: "ESTABLISHED"
    case .finWait1: "FIN-WAIT-1"
    case .finWait2: "FIN-WAIT-2"
    case .closeWait: "CLOSE-WAIT"
    case .closing: "CLOSING"
    case .lastACK: "LAST-ACK"
    case .timeWait: "TIME-WAIT"
    }
  }

  /// Both ends have agreed on sequence numbers: ESTABLISHED and later, CLOSED not included.
  public var isSynchronized: Bool {
    switch self {
    case .closed, .listen, .synSent, .synReceived: false
    default: true
    }
  }
}

/// What can move an endpoint from one state to the next: something it sends, something that reaches
/// it, or its clock.
public enum EndpointEvent: CaseIterable, Sendable {
  case sendsSYN
  case sendsSYNACK
  /// A SYN without ACK: simultaneous open, or a split handshake (§3.5).
  case receivesSYN
  /// A SYN-ACK that acknowledges its SYN.
  case receivesSYNACK
  case receivesACKOfSYN
  case sendsFIN
  /// A FIN in sequence that does not acknowledge a FIN of its own.
  case receivesFIN
  case receivesACKOfFIN
  /// A FIN in sequence that also acknowledges its own FIN.
  case receivesFINAndACKOfFIN
  case sendsRST
  /// An acceptable RST (§3.10.7; RFC 5961 §3), at an end that was opened actively.
  case receivesRST
  /// The same, at an end that was in LISTEN before.
  case receivesRSTAfterPassiveOpen
  /// 2·MSL have passed in TIME-WAIT.
  case timeWaitEnds
}

extension EndpointState {
  /// The state after `event`, or `nil` where RFC 9293 draws no such arrow.
  public func next(on event: EndpointEvent) -> EndpointState? {
    switch (self, event) {
    case (.closed, .sendsSYN), (.listen, .sendsSYN): .synSent
    case (.listen, .sendsSYNACK): .synReceived

    case (.synSent, .receivesSYNACK): .established
    case (.synSent, .receivesSYN), (.synSent, .sendsSYNACK): .synReceived
    case (.synSent, .receivesRST): .closed

    case (.synReceived, .receivesACKOfSYN), (.synReceived, .receivesSYNACK): .established
    case (.synReceived, .sendsFIN): .finWait1
    case (.synReceived, .receivesFIN): .closeWait
    case (.synReceived, .receivesRSTAfterPassiveOpen): .listen
    case (.synReceived, .receivesRST), (.synReceived, .sendsRST): .closed

    case (.established, .sendsFIN): .finWait1
    case (.established, .receivesFIN): .closeWait

    case (.finWait1, .receivesACKOfFIN): .finWait2
    case (.finWait1, .receivesFIN): .closing
    case (.finWait1, .receivesFINAndACKOfFIN): .timeWait
    case (.finWait2, .receivesFIN): .timeWait
    case (.closing, .receivesACKOfFIN): .timeWait

    case (.closeWait, .sendsFIN): .lastACK
    case (.lastACK, .receivesACKOfFIN): .closed

    case (.timeWait, .timeWaitEnds): .closed

    case (_, .sendsRST) where isSynchronized: .closed
    case (_, .receivesRST) where isSynchronized: .closed
    case (_, .receivesRSTAfterPassiveOpen) where isSynchronized: .closed
    default: nil
    }
  }
}

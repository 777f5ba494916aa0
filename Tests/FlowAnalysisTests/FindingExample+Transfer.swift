// What happened to the bytes, after a request and its answer; and what the capture lacks, by itself.
extension FindingExample {
  static let transfers: [Example] = [
    (
      "data without an answer",
      """
          > P. 101:201(100) ack 51           ! data-never-acked by unknown, never-closed
      +61 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "a window shuts and opens",
      """
      < . 51:51(0) ack 101 win 0             ! zero-window by server
      < . 51:51(0) ack 101 win 500
      """
    ),
    (
      "a window stays shut",
      """
          < . 51:51(0) ack 101 win 0         ! zero-window-stuck by server, zero-window, never-closed
      +61 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "a shut window is probed",
      """
         < . 51:51(0) ack 101 win 0          ! zero-window
      +1 > . 100:100(0) ack 51               ! zero-window-probe by server
         < . 51:51(0) ack 101 win 500
      """
    ),
    (
      "an idle connection is probed",
      """
      +10 > . 100:100(0) ack 51              ! keep-alive by client
          < . 51:51(0) ack 101
      """
    ),
    ("the capture lacks a segment", "< . 51:51(0) ack 201  ! gap-in-capture by capture"),
    (
      "a frame is there twice",
      """
      > P. 101:201(100) ack 51 id 9
      dup                                    ! duplicate-frame by capture
      < . 51:51(0) ack 201
      """
    ),
  ]

  static let transfersMissed: [NearMiss] = [
    (
      "data-never-acked", "the capture ends before the connection has been idle for long",
      """
          > P. 101:201(100) ack 51
      +59 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "data-never-acked", "all was acknowledged",
      """
          > P. 101:201(100) ack 51
          < . 51:51(0) ack 201               ! never-closed
      +61 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "zero-window", "the window of a RST says nothing",
      "< R. 51:51(0) ack 101 win 0           ! abortive-close"
    ),
    (
      "zero-window-stuck", "it opens again before all is silent",
      """
          < . 51:51(0) ack 101 win 0         ! zero-window
          < . 51:51(0) ack 101 win 500       ! never-closed
      +61 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "zero-window-probe", "the window is open",
      """
      +10 > . 100:100(0) ack 51              ! keep-alive
          < . 51:51(0) ack 101
      """
    ),
    (
      "keep-alive", "the window is shut",
      """
         < . 51:51(0) ack 101 win 0          ! zero-window
      +1 > . 100:100(0) ack 51               ! zero-window-probe
      """
    ),
    (
      "bad-checksum", "the network card is to compute it",
      "> P. 101:201(100) ack 51 offloaded"
    ),
    (
      "gap-in-capture", "the acknowledgment stands before what it acknowledges",
      """
                < . 51:51(0) ack 201
      +0.000002 > P. 101:201(100) ack 51
      """
    ),
    (
      "duplicate-frame", "the sender has sent it again",
      """
      > P. 101:201(100) ack 51 id 9
      > P. 101:201(100) ack 51 id 10
      < . 51:51(0) ack 201
      """
    ),
  ]

  static let captures: [Example] = [
    (
      "one direction",
      """
      > P. 1:101(100) ack 1                  ! midstream-start by capture
      > P. 101:201(100) ack 51
      > P. 201:301(100) ack 101              ! one-sided by capture, ends-after-capture by capture
      """
    ),
    (
      "both directions",
      """
      > P. 1:101(100) ack 1                  ! midstream-start
      < P. 1:51(50) ack 101
      > . 101:101(0) ack 51                  ! ends-after-capture
      """
    ),
    (
      "a SYN-ACK at the beginning of the capture",
      """
      < S. 0:0(0) ack 1 <mss 1460,wscale 7>  ! window-scale-unknown by capture
      > . 1:1(0) ack 1
      > P. 1:11(10) ack 1
      < . 1:1(0) ack 11
      """
    ),
  ]

  static let capturesMissed: [NearMiss] = [
    (
      "one-sided", "the other end answers once",
      """
      > P. 1:101(100) ack 1
      > P. 101:201(100) ack 51
      < . 51:51(0) ack 201
      """
    ),
    (
      "midstream-start", "the SYN-ACK is there",
      """
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      """
    ),
    ("ends-after-capture", "a RST has ended it", opening + "< R. 1:1(0) ack 1  ! abortive-close"),
    (
      "window-scale-unknown", "the SYN-ACK does without",
      """
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      """
    ),
  ]
}

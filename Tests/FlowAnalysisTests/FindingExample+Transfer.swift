// Windows that shut, ends that fall silent, and what the capture lacks.
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
            < . 51:51(0) ack 101 win 0       ! zero-window by server
      +0.05 < . 51:51(0) ack 101 win 500
      """
    ),
    (
      "a window shuts and opens at once",
      """
             < . 51:51(0) ack 101 win 0      ! zero-window note by server
      +0.049 < . 51:51(0) ack 101 win 500
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
    (
      "a server that is gone leaves keep-alives without an answer",
      """
      +10 > . 100:100(0) ack 51
      +10 > . 100:100(0) ack 51
      +10 > . 100:100(0) ack 51              ! keep-alive-unanswered by unknown, keep-alive
      """
    ),
    (
      "a RST in the window",
      """
      < R 60:60(0)                           ! reset-inexact
      > . 101:101(0) ack 51                  ! challenge-ack by server
      > P. 101:201(100) ack 51
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
          < . 51:51(0) ack 101 win 0         ! zero-window note
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
      "keep-alive-unanswered", "the second is answered",
      """
      +10 > . 100:100(0) ack 51
      +10 > . 100:100(0) ack 51
          < . 51:51(0) ack 101
      +10 > . 100:100(0) ack 51              ! keep-alive
      """
    ),
    (
      "challenge-ack", "the RST is out of the window",
      """
      < R 90000051:90000051(0)               ! reset-out-of-window
      > . 101:101(0) ack 51
      > P. 101:201(100) ack 51
      < . 51:51(0) ack 201
      """
    ),
    (
      "bad-checksum", "the network card is to compute it",
      "> P. 101:201(100) ack 51 offloaded"
    ),
  ]

  static let captures: [Example] = [
    (
      "the tail is probed where both ends use selective acknowledgments",
      """
            > S 0:0(0) <mss 1460,sackOK>
      +0.01 < S. 0:0(0) ack 1 <mss 1460,sackOK>
      +0.01 > . 1:1(0) ack 1
            > P. 1:101(100) ack 1
      +0.04 > P. 1:101(100) ack 1            ! retransmission-tail-probe by network
            < . 1:1(0) ack 101
      """
    ),
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

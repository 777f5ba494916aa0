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
      "a timer runs out",
      """
           > P. 101:201(100) ack 51
      +0.3 > P. 101:201(100) ack 51          ! retransmission-timeout by network
           < . 51:51(0) ack 201
      """
    ),
    (
      "the same bytes, five times",
      """
           > P. 101:201(100) ack 51
      +0.3 > P. 101:201(100) ack 51
      +0.6 > P. 101:201(100) ack 51
      +1.2 > P. 101:201(100) ack 51
      +2.4 > P. 101:201(100) ack 51          ! excessive-retransmission by unknown, retransmission-timeout
           < . 51:51(0) ack 201
      """
    ),
    (
      "somebody is faster than the server",
      """
      < P. 51:151(100) ack 101 altered 7 ttl 200
      < P. 51:251(200) ack 101               ! retransmission-differs by unknown
      > .  101:101(0) ack 251
      """
    ),
    (
      "other bytes than before, further on",
      """
           > P. 101:201(100) ack 51
      +0.3 > P. 101:201(100) ack 51 altered 99 ! retransmission-differs, retransmission-timeout
           < .  51:51(0) ack 201
      """
    ),
    (
      "the same bytes, at one pace",
      """
           > P. 101:201(100) ack 51
      +0.5 > P. 101:201(100) ack 51
      +0.5 > P. 101:201(100) ack 51
      +0.6 > P. 101:201(100) ack 51
      +0.5 > P. 101:201(100) ack 51          ! backoff-missing by client, excessive-retransmission, retransmission-timeout
           < . 51:51(0) ack 201
      """
    ),
    (
      "what is large does not get through",
      """
           > . 101:1561(1460) ack 51
      +0.3 > . 101:1561(1460) ack 51
      +0.1 < P. 51:61(10) ack 101
      +0.5 > . 101:1561(1460) ack 61
      +1.2 > . 101:1561(1460) ack 61         ! pmtu-black-hole by network, retransmission-timeout
      """
    ),
    (
      "the capture mixes up frames",
      """
                < . 51:51(0) ack 201
      +0.000999 > P. 101:201(100) ack 51     ! capture-reordered by capture
      """
    ),
    (
      "three duplicate acknowledgments, and what they ask for",
      """
            > P. 101:201(100) ack 51
            > P. 201:601(400) ack 51
      +0.02 < . 51:51(0) ack 201
            < . 51:51(0) ack 201
            < . 51:51(0) ack 201
            < . 51:51(0) ack 201             ! triple-duplicate-ack by network
            > P. 201:301(100) ack 51         ! retransmission-fast by network
            < . 51:51(0) ack 601
      """
    ),
    (
      "one duplicate acknowledgment",
      """
            > P. 101:201(100) ack 51
            > P. 201:601(400) ack 51
      +0.02 < . 51:51(0) ack 201
            < . 51:51(0) ack 201             ! duplicate-ack by network
            < . 51:51(0) ack 601
      """
    ),
    (
      "an acknowledgment that comes late",
      """
           > P. 101:201(100) ack 51
           < . 51:51(0) ack 201
      +0.3 > P. 101:201(100) ack 51          ! retransmission-spurious by network
           < . 51:51(0) ack 201
      """
    ),
    (
      "a segment that others overtake",
      """
      > P. 201:301(100) ack 51 id 6
      > P. 101:201(100) ack 51 id 5          ! out-of-order by network
      < . 51:51(0) ack 301
      """
    ),
    (
      "a segment that is lost before the capture",
      """
           > P. 201:301(100) ack 51
      +0.3 > P. 101:201(100) ack 51          ! loss-before-capture by network, retransmission-timeout
           < . 51:51(0) ack 301
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
      "retransmission-differs", "less of the same",
      """
           > P. 101:201(100) ack 51
      +0.3 > P. 101:104(3) ack 51            ! retransmission-timeout
           < .  51:51(0) ack 201
      """
    ),
    (
      "retransmission-differs", "a keep-alive may carry any byte",
      """
           > P. 100:101(1) ack 51 altered 0  ! keep-alive
           < .  51:51(0) ack 101
      """
    ),
    (
      "retransmission-differs", "another connection has the same numbers",
      """
      > P. 101:201(100) ack 51
      < .  51:51(0) ack 201
      < P. 51:151(100) ack 201 altered 3
      > .  201:201(0) ack 151
      """
    ),
    (
      "backoff-missing", "it waits a little longer each time",
      """
            > P. 101:201(100) ack 51
      +0.5  > P. 101:201(100) ack 51
      +0.5  > P. 101:201(100) ack 51
      +0.64 > P. 101:201(100) ack 51
      +0.82 > P. 101:201(100) ack 51         ! excessive-retransmission, retransmission-timeout
            < . 51:51(0) ack 201
      """
    ),
    (
      "backoff-missing", "the receiver has asked for it each time",
      """
            > P. 101:201(100) ack 51
            > P. 201:301(100) ack 51
            > P. 301:401(100) ack 51
            > P. 401:501(100) ack 51
      +0.02 < . 51:51(0) ack 101
            < . 51:51(0) ack 101
            < . 51:51(0) ack 101
            > P. 101:201(100) ack 51
      +0.3  < . 51:51(0) ack 101
            > P. 101:201(100) ack 51
      +0.3  < . 51:51(0) ack 101
            > P. 101:201(100) ack 51
      +0.3  < . 51:51(0) ack 101
            > P. 101:201(100) ack 51
      +0.3  < . 51:51(0) ack 101             ! triple-duplicate-ack
            > P. 101:201(100) ack 51         ! retransmission-fast
            < . 51:51(0) ack 501
      """
    ),
    (
      "pmtu-black-hole", "it does get through, late",
      """
           > . 101:1561(1460) ack 51
      +0.3 > . 101:1561(1460) ack 51
      +0.1 < P. 51:61(10) ack 101
      +0.5 > . 101:1561(1460) ack 61
      +1.2 > . 101:1561(1460) ack 61         ! retransmission-timeout
           < . 61:61(0) ack 1561
      """
    ),
    (
      "pmtu-black-hole", "nothing comes from there any more",
      """
           > . 101:1561(1460) ack 51
      +0.3 > . 101:1561(1460) ack 51
      +0.6 > . 101:1561(1460) ack 51
      +1.2 > . 101:1561(1460) ack 51         ! retransmission-timeout
      """
    ),
    (
      "pmtu-black-hole", "as much came through before",
      """
           > . 101:1561(1460) ack 51
           < . 51:51(0) ack 1561
           > . 1561:3021(1460) ack 51
      +0.3 > . 1561:3021(1460) ack 51
      +0.1 < P. 51:61(10) ack 1561
      +0.5 > . 1561:3021(1460) ack 61
      +1.2 > . 1561:3021(1460) ack 61        ! retransmission-timeout
      """
    ),
    (
      "capture-reordered", "a millisecond is more than a capture mixes up",
      """
                < . 51:51(0) ack 201
      +0.001    > P. 101:201(100) ack 51     ! retransmission-spurious
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
      "retransmission-timeout", "duplicate acknowledgments have asked for it",
      """
            > P. 101:601(500) ack 51
      +0.02 < . 51:51(0) ack 101
            < . 51:51(0) ack 101
            < . 51:51(0) ack 101             ! triple-duplicate-ack
            > P. 101:201(100) ack 51         ! retransmission-fast
            < . 51:51(0) ack 601
      """
    ),
    (
      "excessive-retransmission", "the same bytes, four times",
      """
           > P. 101:201(100) ack 51
      +0.3 > P. 101:201(100) ack 51
      +0.6 > P. 101:201(100) ack 51
      +1.2 > P. 101:201(100) ack 51          ! retransmission-timeout
           < . 51:51(0) ack 201
      """
    ),
    (
      "retransmission-fast", "it comes long after it was asked for",
      """
            > P. 101:601(500) ack 51
      +0.02 < . 51:51(0) ack 101
            < . 51:51(0) ack 101
            < . 51:51(0) ack 101             ! triple-duplicate-ack
      +0.5  > P. 101:201(100) ack 51         ! retransmission-timeout
            < . 51:51(0) ack 601
      """
    ),
    (
      "triple-duplicate-ack", "there are two",
      """
            > P. 101:601(500) ack 51
      +0.02 < . 51:51(0) ack 101
            < . 51:51(0) ack 101             ! duplicate-ack
            < . 51:51(0) ack 601
      """
    ),
    (
      "duplicate-ack", "nothing is outstanding",
      """
           > P. 101:201(100) ack 51
           < . 51:51(0) ack 201
      +0.1 < . 51:51(0) ack 201
      """
    ),
    (
      "retransmission-tail-probe", "the ends use no selective acknowledgments",
      """
            > P. 101:201(100) ack 51
      +0.03 > P. 101:201(100) ack 51         ! retransmission-timeout
            < . 51:51(0) ack 201
      """
    ),
    (
      "retransmission-spurious", "what was acknowledged ends before it",
      """
           > P. 101:201(100) ack 51
           < . 51:51(0) ack 151
      +0.3 > P. 101:201(100) ack 51          ! retransmission-timeout
           < . 51:51(0) ack 201
      """
    ),
    (
      "out-of-order", "it was sent after what it follows in the file",
      """
           > P. 201:301(100) ack 51
      +0.3 > P. 101:201(100) ack 51          ! loss-before-capture, retransmission-timeout
           < . 51:51(0) ack 301
      """
    ),
    (
      "loss-before-capture", "it was sent before what it follows in the file",
      """
           > P. 201:301(100) ack 51 id 6
      +0.3 > P. 101:201(100) ack 51 id 5     ! out-of-order
           < . 51:51(0) ack 301
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
    (
      "gap-in-capture", "the acknowledgment stands before what it acknowledges",
      """
                < . 51:51(0) ack 201
      +0.000002 > P. 101:201(100) ack 51     ! capture-reordered
      """
    ),
    (
      "duplicate-frame", "the sender has sent it again",
      """
      > P. 101:201(100) ack 51 id 9
      > P. 101:201(100) ack 51 id 10         ! retransmission-timeout
      < . 51:51(0) ack 201
      """
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

// Bytes that come again, late or in another order, after a request and its answer.
extension FindingExample {
  static let repetitions: [Example] = [
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

  static let repetitionsMissed: [NearMiss] = [
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
      "retransmission-differs", "what a keep-alive carries is no data to be held to",
      """
      > P. 101:102(1) ack 51
      < .  51:51(0) ack 102
      > .  101:102(1) ack 51 altered 0       ! keep-alive
      < .  51:51(0) ack 102
      > P. 101:121(20) ack 51                ! retransmission-spurious
      < .  51:51(0) ack 121
      """
    ),
    (
      "retransmission-differs", "another connection has the same numbers",
      """
           > P. 101:201(100) ack 51
           > S  0:0(0) <mss 1460> port 40001
           < S. 0:0(0) ack 1 <mss 1460> port 40001
           > .  1:1(0) ack 1 port 40001
           > P. 1:101(100) ack 1 port 40001
           > P. 101:201(100) ack 1 altered 3 port 40001
           < .  1:1(0) ack 201 port 40001
      +0.3 > P. 101:201(100) ack 51          ! retransmission-timeout
           < .  51:51(0) ack 201
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
            > P. 501:601(100) ack 51
      +0.4  > P. 501:601(100) ack 51
      +0.8  > P. 501:601(100) ack 51
      +1.6  > P. 501:601(100) ack 51
      +3.2  > P. 501:601(100) ack 51         ! excessive-retransmission, retransmission-timeout
            < . 51:51(0) ack 601
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
}

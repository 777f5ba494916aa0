/// Headers that none should have, and what hardly any segment says.
extension FindingExample {
  static let headers: [Example] = [
    (
      "a FIN that moves",
      """
           > F. 101:101(0) ack 51
           < .  51:51(0) ack 102
      +0.3 > F. 91:91(0) ack 51               ! fin-moved by client, retransmission-spurious
      """
    ),
    (
      "the FIN is acknowledged, and more",
      """
      > F. 101:101(0) ack 51
      < .  51:51(0) ack 102
      < .  51:51(0) ack 110                   ! ack-beyond-fin by server, gap-in-capture
      """
    ),
    (
      "a FIN without ACK",
      """
           > F  101:101(0)                    ! fin-without-ack-flag by client
      +0.3 > F. 101:101(0) ack 51             ! fin-retransmitted
           < F. 51:51(0) ack 102
           > .  102:102(0) ack 52
      """
    ),
    (
      "data without ACK",
      """
      > P  101:201(100)                       ! no-ack-flag-established by client
      < .  51:51(0) ack 201
      """
    ),
    (
      "an acknowledgment number without ACK, and an urgent pointer without URG",
      """
      > P  101:201(100) unflagged 51          ! no-ack-flag-established, ack-field-without-flag
      > P. 201:301(100) ack 51 urg 7          ! urgent-anomaly by client
      < .  51:51(0) ack 301
      """
    ),
    (
      "a RST with payload",
      """
      > R. 101:109(8) ack 51                  ! abortive-close, reset-with-data by client
      """
    ),
    (
      "data after the close",
      """
           > F. 101:101(0) ack 51
           < F. 51:51(0) ack 102
           > .  102:102(0) ack 52
      +0.2 < P. 1:51(50) ack 101              ! late-segment-after-close by unknown, retransmission-spurious
      """
    ),
    (
      "an acknowledgment that goes back",
      """
      > P. 101:201(100) ack 51 id 100
      > P. 201:301(100) ack 51 id 101
      < .  51:51(0) ack 301 id 100
      < .  51:51(0) ack 301 id 101 win 5000
      < .  51:51(0) ack 201 id 102            ! ack-regression by server
      """
    ),
    (
      "reserved bits",
      "> P. 101:201(100) ack 51 reserved      ! reserved-bits-set by client"
    ),
    (
      "congestion signals that were not agreed on",
      """
      > PE. 101:201(100) ack 51               ! ecn-inconsistent by client
      < .  51:51(0) ack 201
      """
    ),
    (
      "options that only a SYN may have, and one with a wrong length",
      """
      > P. 101:201(100) ack 51 <wscale 7>     ! option-misplaced by client
      < .  51:51(0) ack 201 <malformed>       ! option-malformed by server
      """
    ),
    (
      "selective acknowledgments that nobody has agreed on",
      """
           > P. 101:201(100) ack 51
           > P. 201:301(100) ack 51
           < .  51:51(0) ack 101 <sack 201:301>  ! duplicate-ack, sack-not-negotiated by server
      +0.3 > P. 101:201(100) ack 51           ! retransmission-timeout
           < .  51:51(0) ack 301
      """
    ),
  ]

  private static let stamped = """
    > S  0:0(0) <mss 1460,TS val 1000 ecr 0>
    < S. 0:0(0) ack 1 <mss 1460,TS val 500 ecr 1000>
    > .  1:1(0) ack 1 <TS val 1001 ecr 500>
    > P. 1:101(100) ack 1 <TS val 1010 ecr 500>
    < .  1:1(0) ack 101 <TS val 510 ecr 1010>

    """
  private static let unstamped = """
    > S  0:0(0) <mss 1460,TS val 1000 ecr 0>
    < S. 0:0(0) ack 1 <mss 1460>
    > .  1:1(0) ack 1
    > P. 1:101(100) ack 1
    < .  1:1(0) ack 101

    """

  private static let selective = """
    > S 0:0(0) <mss 1460,sackOK>
    < S. 0:0(0) ack 1 <mss 1460,sackOK>
    > . 1:1(0) ack 1
    > . 1:101(100) ack 1
    > . 101:201(100) ack 1
    > . 201:301(100) ack 1
    < . 1:1(0) ack 1 <sack 101:301>           ! duplicate-ack
    +0.3 > . 1:101(100) ack 1                 ! retransmission-timeout

    """

  static let headersOfSYNs: [Example] = [
    (
      "a segment that is larger than its receiver takes",
      """
      > S 0:0(0) <mss 600>
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      < P. 1:601(600) ack 1
      < P. 601:1202(601) ack 1               ! segment-exceeds-mss by server
      > . 1:1(0) ack 1202
      """
    ),
    (
      "a segment of which the network card may make two",
      """
               > S  0:0(0) <mss 600>
      +0.00002 < S. 0:0(0) ack 1 <mss 1460> offloaded
      +0.02    > .  1:1(0) ack 1
               < P. 1:1201(1200) ack 1       ! segment-exceeds-mss note by server
      +0.02    > .  1:1(0) ack 1201
      """
    ),
    (
      "a receiver that drops what it had",
      selective + "< . 1:1(0) ack 101         ! sack-reneging by server"
    ),
    (
      "the third segment leaves the timestamp out",
      """
      > S  0:0(0) <mss 1460,TS val 1000 ecr 0>
      < S. 0:0(0) ack 1 <mss 1460,TS val 500 ecr 1000>
      > .  1:1(0) ack 1                                ! timestamp-missing by client
      """
    ),
    (
      "a timestamp that goes back",
      stamped + """
        > P. 101:201(100) ack 1 <TS val 900 ecr 510>   ! timestamp-backwards by client
        < .  1:1(0) ack 201 <TS val 520 ecr 1010>
        """
    ),
    (
      "a timestamp that is left out",
      stamped + """
        > P. 101:201(100) ack 1                        ! timestamp-missing by client
        < .  1:1(0) ack 201 <TS val 520 ecr 1010>
        """
    ),
    (
      "data come twice, and their receiver says so",
      """
           > S  0:0(0) <mss 1460,sackOK>
           < S. 0:0(0) ack 1 <mss 1460,sackOK>
           > .  1:1(0) ack 1
           > P. 1:101(100) ack 1
           < .  1:1(0) ack 101
      +0.5 > P. 1:101(100) ack 1              ! retransmission-spurious
           < .  1:1(0) ack 101 <sack 1:101>   ! dsack by unknown
      """
    ),
    (
      "a SYN with a malformed option and an acknowledgment number",
      """
      > S  0:0(0) unflagged 77 <mss 1460,malformed>  ! option-malformed by client, ack-field-without-flag
      < S. 0:0(0) ack 1 <mss 1460>
      > .  1:1(0) ack 1
      """
    ),
  ]

  static let headersMissed: [NearMiss] = [
    (
      "fin-moved", "the FIN comes again, with the data before it",
      """
           > F. 101:111(10) ack 51
           +0.3 > F. 101:111(10) ack 51            ! fin-retransmitted
           < .  51:51(0) ack 112
      """
    ),
    (
      "ack-beyond-fin", "the FIN is acknowledged",
      """
      > F. 101:101(0) ack 51
      < .  51:51(0) ack 102
      """
    ),
    (
      "fin-without-ack-flag", "a FIN with ACK",
      "> F. 101:101(0) ack 51"
    ),
    (
      "no-ack-flag-established", "a RST needs no ACK",
      "> R  101:101(0)  ! dead-peer-reset"
    ),
    (
      "ack-field-without-flag", "an acknowledgment number with ACK",
      """
      > P. 101:201(100) ack 51
      < .  51:51(0) ack 201
      """
    ),
    (
      "urgent-anomaly", "urgent data",
      """
      > PU. 101:201(100) ack 51 urg 7
      < .  51:51(0) ack 201
      """
    ),
    (
      "reset-with-data", "a RST without",
      "> R. 101:101(0) ack 51  ! abortive-close"
    ),
    (
      "late-segment-after-close", "the FIN comes again",
      """
           > F. 101:101(0) ack 51
           < F. 51:51(0) ack 102
           > .  102:102(0) ack 52
      +0.3 < F. 51:51(0) ack 102              ! fin-retransmitted, last-ack-missing
      """
    ),
    (
      "ack-regression", "an acknowledgment that was overtaken",
      """
      > P. 101:201(100) ack 51 id 100
      > P. 201:301(100) ack 51 id 101
      < .  51:51(0) ack 301 id 102
      < .  51:51(0) ack 201 id 101
      """
    ),
    (
      "reserved-bits-set", "congestion signals are no reserved bits",
      """
      > PWEe. 101:201(100) ack 51             ! ecn-inconsistent
      < .  51:51(0) ack 201
      """
    ),
    (
      "option-misplaced", "timestamps go anywhere",
      """
      > P. 101:201(100) ack 51 <nop,nop,TS val 1 ecr 1>
      < .  51:51(0) ack 201
      """
    ),
    (
      "option-malformed", "options of the right length",
      """
      > P. 101:201(100) ack 51 <nop,TS val 1 ecr 1,nop>
      < .  51:51(0) ack 201
      """
    ),
  ]

  static let headersOfSYNsMissed: [NearMiss] = [
    (
      "segment-exceeds-mss", "more than is offered, but no more than everybody takes",
      """
      > S 0:0(0) <mss 100>
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      < P. 1:537(536) ack 1
      > . 1:1(0) ack 537
      """
    ),
    (
      "segment-exceeds-mss", "no size was offered, which is told",
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1                      ! mss-missing
      > . 1:1(0) ack 1
      > P. 1:1001(1000) ack 1
      < . 1:1(0) ack 1001
      """
    ),
    (
      "segment-exceeds-mss", "what fits into no frame was several on the wire",
      """
      > S 0:0(0) <mss 600>
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      < P. 1:1462(1461) ack 1
      > . 1:1(0) ack 1462
      """
    ),
    (
      "ecn-inconsistent", "both have agreed",
      """
      > SEW 0:0(0) <mss 1460>
      < SE. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      > PW. 1:101(100) ack 1
      < E. 1:1(0) ack 101
      """
    ),
    (
      "ecn-inconsistent", "both have agreed on more accurate signals, which any answer does",
      """
      > SEWe 0:0(0) <mss 1460>
      < SW. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      > PWe. 1:101(100) ack 1
      < EW. 1:1(0) ack 101
      """
    ),
    (
      "sack-reneging", "it acknowledges what it had",
      selective + "< . 1:1(0) ack 301"
    ),
    (
      "sack-reneging", "it says that it still has it",
      selective + "< . 1:1(0) ack 101 <sack 101:301>"
    ),
    (
      "timestamp-backwards", "a segment that others have overtaken",
      stamped + """
        > P. 201:301(100) ack 1 <TS val 1030 ecr 510>
        > P. 101:201(100) ack 1 <TS val 1020 ecr 510>  ! out-of-order
        < .  1:1(0) ack 301 <TS val 520 ecr 1020>
        """
    ),
    (
      "timestamp-backwards", "two segments in one tick of the clock",
      stamped + """
        > P. 101:201(100) ack 1 <TS val 1010 ecr 510>
        < .  1:1(0) ack 201 <TS val 520 ecr 1010>
        """
    ),
    (
      "timestamp-missing", "only one end has offered them",
      unstamped + """
        > P. 101:201(100) ack 1
        < .  1:1(0) ack 201
        """
    ),
    (
      "timestamp-missing", "a RST has none",
      stamped + """
        > R. 101:101(0) ack 1                          ! abortive-close
        """
    ),
    (
      "sack-not-negotiated", "both have offered to understand them",
      """
           > S  0:0(0) <mss 1460,sackOK>
           < S. 0:0(0) ack 1 <mss 1460,sackOK>
           > .  1:1(0) ack 1
           > P. 1:101(100) ack 1
           > P. 101:201(100) ack 1
           < .  1:1(0) ack 1 <sack 101:201>   ! duplicate-ack
      +0.3 > P. 1:101(100) ack 1              ! retransmission-timeout
           < .  1:1(0) ack 201
      """
    ),
    (
      "dsack", "a block beyond what is acknowledged",
      """
           > S  0:0(0) <mss 1460,sackOK>
           < S. 0:0(0) ack 1 <mss 1460,sackOK>
           > .  1:1(0) ack 1
           > P. 1:101(100) ack 1
           > P. 101:201(100) ack 1
           > P. 201:301(100) ack 1
           < .  1:1(0) ack 101 <sack 201:301>
           < .  1:1(0) ack 301
      """
    ),
  ]
}

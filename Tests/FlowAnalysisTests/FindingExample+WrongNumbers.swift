/// Segments that acknowledge or bring what cannot be.
extension FindingExample {
  static let wrongNumbers: [Example] = [
    (
      "a SYN-ACK for another SYN",
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 999 <mss 1460>         ! synack-wrong-ack by server
      > R 999:999(0)
      """
    ),
    (
      "a SYN-ACK with another number",
      """
         > S 0:0(0) <mss 1460>
         < S. 0:0(0) ack 1 <mss 1460>
      +1 > S 0:0(0) <mss 1460>               ! syn-retransmitted
         < S. 70000:70000(0) ack 1 <mss 1460>  ! synack-isn-changed by server
         > . 1:1(0) ack 70001
      """
    ),
    (
      "two answers to one SYN, of which the client takes the second",
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      < S. 70000:70000(0) ack 1 <mss 1460>   ! synack-isn-changed
      > . 1:1(0) ack 70001
      """
    ),
    (
      "data on a SYN without Fast Open",
      """
      > S 0:10(10) <mss 1460>                ! syn-with-data by client
      < S. 0:0(0) ack 1 <mss 1460>
      > P. 1:11(10) ack 1
      """
    ),
    (
      "the SYN comes again later",
      opening + """
        +0.2 > S 0:0(0) <mss 1460,wscale 7>  ! duplicate-syn-after-established by network
             < . 1:1(0) ack 1                ! challenge-ack
        """
    ),
    (
      "an ACK of what the server has not sent",
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1000000000              ! final-ack-wrong by client
      < R 1000000000:1000000000(0)
      > . 1:1(0) ack 1
      """
    ),
    (
      "the third segment has data",
      """
      > S 0:0(0) <mss 1460,wscale 7>
      < S. 0:0(0) ack 1 <mss 1460,wscale 7>
      > P. 1:101(100) ack 1                  ! handshake-completed-by-data by unknown
      < . 1:1(0) ack 101
      """
    ),
    (
      "the third segment closes",
      """
      > S 0:0(0) <mss 1460,wscale 7>
      < S. 0:0(0) ack 1 <mss 1460,wscale 7>
      > F. 1:1(0) ack 1                      ! handshake-completed-by-data
      < F. 1:1(0) ack 2
      > . 2:2(0) ack 2
      """
    ),
    (
      "data behind a FIN",
      opening + """
        > F. 1:1(0) ack 1
        < . 1:1(0) ack 2
        > P. 2:12(10) ack 1                  ! data-after-fin by client
        < F. 1:1(0) ack 2
        > . 2:2(0) ack 2
        """
    ),
  ]

  static let wrongNumbersMissed: [NearMiss] = [
    (
      "synack-wrong-ack", "it answers the first of two SYNs",
      """
         > S 0:0(0) <mss 1460>
      +1 > S 5000:5000(0) <mss 1460>         ! syn-isn-changed
         < S. 0:0(0) ack 1 <mss 1460>
         > R 1:1(0)
      """
    ),
    (
      "synack-wrong-ack", "it answers an old SYN that the capture lacks",
      """
      > S 100:100(0) <mss 1460>
      < S. 300:300(0) ack 91 <mss 1460>
      > R 91:91(0)
      < S. 400:400(0) ack 101 <mss 1460>     ! old-duplicate-syn
      > . 101:101(0) ack 401
      """
    ),
    (
      "data-after-fin", "a keep-alive of one byte",
      opening + """
            > P. 1:11(10) ack 1
            > F. 11:11(0) ack 1
            < . 1:1(0) ack 12
        +70 > . 11:12(1) ack 1               ! keep-alive
            < . 1:1(0) ack 12
        """
    ),
    (
      "synack-isn-changed", "the same number again",
      """
         > S 0:0(0) <mss 1460>
         < S. 0:0(0) ack 1 <mss 1460>
      +1 > S 0:0(0) <mss 1460>               ! syn-retransmitted
         < S. 0:0(0) ack 1 <mss 1460>        ! synack-retransmitted
         > . 1:1(0) ack 1
      """
    ),
    (
      "syn-with-data", "it asks for Fast Open",
      """
      > S 0:10(10) <mss 1460,FO 0102030405060708>
      < S. 0:0(0) ack 1 <mss 1460>           ! tfo-ignored
      > P. 1:11(10) ack 1
      """
    ),
    (
      "duplicate-syn-after-established", "the SYN comes again before the handshake is over",
      """
         > S 0:0(0) <mss 1460>
      +1 > S 0:0(0) <mss 1460>               ! syn-retransmitted
         < S. 0:0(0) ack 1 <mss 1460>
         > . 1:1(0) ack 1
      """
    ),
    (
      "final-ack-wrong", "the capture lacks what the server sent before",
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1001                    ! gap-in-capture
      """
    ),
    (
      "handshake-completed-by-data", "the data were on the SYN already",
      """
      > S 0:10(10) <mss 1460>                ! syn-with-data
      < S. 0:0(0) ack 1 <mss 1460>
      > P. 1:11(10) ack 1
      """
    ),
    (
      "data-after-fin", "the data before the FIN again",
      opening + """
           > P. 1:11(10) ack 1
           > F. 11:11(0) ack 1
        +1 > P. 1:11(10) ack 1               ! retransmission-timeout
           < F. 1:1(0) ack 12
           > . 12:12(0) ack 2
        """
    ),
  ]
}

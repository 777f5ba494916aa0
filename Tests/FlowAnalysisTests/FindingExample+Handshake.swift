// How connections were opened, or were not.
extension FindingExample {
  static let handshakes: [Example] = [
    (
      "data before the answer",
      """
      > S 0:0(0) <mss 1460>
      > P 1:101(100)
      < S. 0:0(0) ack 1 <mss 1460>           ! data-before-established by client
      """
    ),
    (
      "a RST that answers another SYN",
      """
      > S 0:0(0) <mss 1460>
      < R. 0:0(0) ack 500                    ! reset-wrong-ack by unknown
      """
    ),
    (
      "a SYN without answer",
      """
           > S 0:0(0) <mss 1460>             ! syn-unanswered by unknown
      +1.1 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "a RST answers the SYN",
      """
      > S 0:0(0) <mss 1460>
      < R. 0:0(0) ack 1                      ! connection-refused by server
      """
    ),
    (
      "a SYN is answered at the second attempt",
      """
         > S 0:0(0) <mss 1460>
      +1 > S 0:0(0) <mss 1460>               ! syn-retransmitted by network
         < S. 0:0(0) ack 1 <mss 1460>
         > . 1:1(0) ack 1
      """
    ),
    (
      "a SYN is answered at the fourth attempt",
      """
         > S 0:0(0) <mss 1460>
      +1 > S 0:0(0) <mss 1460>
      +2 > S 0:0(0) <mss 1460>
      +4 > S 0:0(0) <mss 1460>               ! syn-retransmitted warning
         < S. 0:0(0) ack 1 <mss 1460>
         > . 1:1(0) ack 1
      """
    ),
    (
      "nobody acknowledges the SYN-ACK",
      """
         > S 0:0(0) <mss 1460>
         < S. 0:0(0) ack 1 <mss 1460>
      +1 < S. 0:0(0) ack 1 <mss 1460>        ! half-open-handshake by client, synack-retransmitted by unknown
      """
    ),
    (
      "the client breaks the handshake off",
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      > R 1:1(0)                             ! handshake-aborted by client
      """
    ),
    (
      "the server breaks the handshake off",
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      < R 1:1(0)                             ! handshake-aborted by server
      """
    ),
    (
      "a SYN-ACK comes twice before it is acknowledged",
      """
         > S 0:0(0) <mss 1460>
         < S. 0:0(0) ack 1 <mss 1460>
      +1 < S. 0:0(0) ack 1 <mss 1460>        ! synack-retransmitted by network
         > . 1:1(0) ack 1
      """
    ),
    (
      "a SYN-ACK is repeated although it was acknowledged",
      opening + """
        +1 < S. 0:0(0) ack 1 <mss 1460,wscale 7>  ! synack-retransmitted by unknown
           > . 1:1(0) ack 1
        """
    ),
    (
      "a second attempt has another number",
      """
         > S 0:0(0) <mss 1460>
      +1 > S 5000:5000(0) <mss 1460>         ! syn-isn-changed by client
      """
    ),
    (
      "a SYN without the option that all have",
      """
      > S 0:0(0)                             ! mss-missing by client
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      """
    ),
    (
      "a shift beyond what is allowed",
      """
      > S 0:0(0) <mss 1460,wscale 7>
      < S. 0:0(0) ack 1 <mss 1460,wscale 15>  ! window-scale-too-large by server
      > . 1:1(0) ack 1
      """
    ),
    (
      "two SYNs cross",
      """
               > S 0:0(0) <mss 1460>
      +0.00001 < S 0:0(0) <mss 1460>         ! simultaneous-open by unknown
               > S. 0:0(0) ack 1
               < S. 0:0(0) ack 1
      """
    ),
    (
      "a SYN answers the SYN",
      """
           > S 0:0(0) <mss 1460>
      +0.1 < S 0:0(0) <mss 1460>
           > S. 0:0(0) ack 1                 ! split-handshake by server
      +0.1 < . 1:1(0) ack 1
      """
    ),
    (
      "an ACK and a SYN answer the SYN",
      """
           > S 0:0(0) <mss 1460>
      +0.1 < . 0:0(0) ack 1
           < S 0:0(0) <mss 1460>
           > S. 0:0(0) ack 1                 ! split-handshake by server
      +0.1 < . 1:1(0) ack 1
      """
    ),
    (
      "data on the SYN are taken",
      """
      > S 0:10(10) <mss 1460,FO 0102030405060708>
      < S. 0:0(0) ack 11 <mss 1460>          ! tfo-accepted by client
      < P. 1:21(20) ack 11
      > . 11:11(0) ack 21
      """
    ),
    (
      "data on the SYN are sent again",
      """
      > S 0:10(10) <mss 1460,FO 0102030405060708>
      < S. 0:0(0) ack 1 <mss 1460>           ! tfo-ignored by server
      > P. 1:11(10) ack 1
      < . 1:1(0) ack 11
      """
    ),
    (
      "a SYN strays into the open connection",
      opening + """
        > S 90000:90000(0) <mss 1460>        ! syn-on-established by unknown
        < . 1:1(0) ack 1                      ! challenge-ack by client
        > P. 1:11(10) ack 1
        < . 1:1(0) ack 11
        """
    ),
    (
      "the same ports again, a second after the close",
      opening + closed + """
        +1 > S 90000:90000(0) <mss 1460>
           < S. 90000:90000(0) ack 90001 <mss 1460>  ! time-wait-reuse by client
           > . 90001:90001(0) ack 90001
        """
    ),
    (
      "the same ports again, while the connection is open",
      opening + """
        +1 > S 90000:90000(0) <mss 1460>     ! port-reuse-ambiguous by client
           < S. 90000:90000(0) ack 90001 <mss 1460>
           > . 90001:90001(0) ack 90001
        """
    ),
    (
      "a SYN-ACK for no SYN",
      """
         > S 0:0(0) <mss 1460> port 40001
         < R. 0:0(0) ack 1 port 40001        ! connection-refused
      +2 < S. 0:0(0) ack 1 <mss 1460>        ! unsolicited-synack by unknown
         > R 1:1(0)
      """
    ),
  ]

  static let handshakesMissed: [NearMiss] = [
    (
      "data-before-established", "it has had the answer, which the capture has put behind it",
      """
      > S 0:0(0) <mss 1460>
      > P. 1:101(100) ack 1
      < S. 0:0(0) ack 1 <mss 1460>
      < . 1:1(0) ack 101
      """
    ),
    (
      "data-before-established", "the capture lacks the answer",
      """
      > S 0:0(0) <mss 1460>
      > P 1:101(100)
      < . 1:1(0) ack 101
      """
    ),
    (
      "reset-wrong-ack", "the RST acknowledges the SYN",
      """
      > S 0:0(0) <mss 1460>
      < R. 0:0(0) ack 1                      ! connection-refused
      """
    ),
    (
      "syn-unanswered", "the capture ends before the SYN would have been repeated",
      """
           > S 0:0(0) <mss 1460>
      +0.9 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "connection-refused", "the RST acknowledges another SYN",
      """
      > S 0:0(0) <mss 1460>
      < R. 0:0(0) ack 500                    ! reset-wrong-ack by unknown
      """
    ),
    (
      "half-open-handshake", "the capture ends before the SYN-ACK would have been repeated",
      """
           > S 0:0(0) <mss 1460>
           < S. 0:0(0) ack 1 <mss 1460>
      +0.9 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "handshake-aborted", "the RST comes when the handshake is over",
      opening + "< R. 1:1(0) ack 1           ! abortive-close by server"
    ),
    (
      "syn-retransmitted", "the capture has the SYN twice",
      """
      > S 0:0(0) <mss 1460>
      dup                                    ! duplicate-frame by capture
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      """
    ),
    (
      "synack-retransmitted", "the capture has the SYN-ACK twice",
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      dup                                    ! duplicate-frame by capture
      > . 1:1(0) ack 1
      """
    ),
    (
      "syn-isn-changed", "the second attempt comes from another port",
      """
           > S 0:0(0) <mss 1460>
      +0.9 > S 5000:5000(0) <mss 1460> port 40001
      """
    ),
    (
      "mss-missing", "both ends name one",
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 536>
      > . 1:1(0) ack 1
      """
    ),
    (
      "window-scale-too-large", "the largest shift that is allowed",
      """
      > S 0:0(0) <mss 1460,wscale 14>
      < S. 0:0(0) ack 1 <mss 1460,wscale 14>
      > . 1:1(0) ack 1
      """
    ),
    (
      "simultaneous-open", "the second SYN answers the first",
      """
           > S 0:0(0) <mss 1460>
      +0.1 < S 0:0(0) <mss 1460>
           > S. 0:0(0) ack 1                 ! split-handshake
      +0.1 < . 1:1(0) ack 1
      """
    ),
    (
      "split-handshake", "both ends send a SYN-ACK",
      """
               > S 0:0(0) <mss 1460>
      +0.00001 < S 0:0(0) <mss 1460>         ! simultaneous-open
               < S. 0:0(0) ack 1
               > S. 0:0(0) ack 1
      """
    ),
    (
      "tfo-accepted", "the SYN-ACK covers the SYN alone",
      """
      > S 0:10(10) <mss 1460,FO 0102030405060708>
      < S. 0:0(0) ack 1 <mss 1460>           ! tfo-ignored
      > P. 1:11(10) ack 1
      """
    ),
    (
      "tfo-ignored", "a cookie is asked for, and no data is sent",
      """
      > S 0:0(0) <mss 1460,FO>
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      """
    ),
    (
      "tfo-ignored", "data without a cookie",
      """
      > S 0:10(10) <mss 1460>                ! syn-with-data
      < S. 0:0(0) ack 1 <mss 1460>
      > P. 1:11(10) ack 1
      """
    ),
    (
      "syn-on-established", "the SYN of the handshake again",
      opening + "+1 > S 0:0(0) <mss 1460,wscale 7>  ! duplicate-syn-after-established"
    ),
    (
      "time-wait-reuse", "the same ports again, after 2 MSL",
      opening + closed + """
        +70 > S 90000:90000(0) <mss 1460>
            < S. 90000:90000(0) ack 90001 <mss 1460>
            > . 90001:90001(0) ack 90001
        """
    ),
    (
      "port-reuse-ambiguous", "the same ports again, after a RST",
      opening + """
           < R. 1:1(0) ack 1                 ! abortive-close
        +1 > S 90000:90000(0) <mss 1460>
           < S. 90000:90000(0) ack 90001 <mss 1460>
           > . 90001:90001(0) ack 90001
        """
    ),
    (
      "unsolicited-synack", "the SYN may have come before the capture",
      """
      < S. 0:0(0) ack 1 <mss 1460>
      > R 1:1(0)
      """
    ),
  ]
}

/// Connections that an end, or a device on the way, knows nothing of any more.
extension FindingExample {
  static let forgotten: [Example] = [
    (
      // RFC 9293 §3.5, figure 8.
      "an old SYN is answered before the new one",
      """
         > S 90:90(0) <mss 1460>
         < S. 0:0(0) ack 91 <mss 1460>
         > R 91:91(0)                        ! handshake-aborted
         > S 100:100(0) <mss 1460>
         < S. 400:400(0) ack 101 <mss 1460>  ! old-duplicate-syn by network
         > . 101:101(0) ack 401
      """
    ),
    (
      // RFC 9293 §3.5.1, figure 9.
      "a host that was restarted opens the same connection",
      opening + request + """
             > S 90000:90000(0) <mss 1460>
             < . 51:51(0) ack 101            ! challenge-ack
             > R 101:101(0)                  ! dead-peer-reset by client
          +1 > S 90000:90000(0) <mss 1460>   ! syn-retransmitted
             < S. 70000:70000(0) ack 90001 <mss 1460>  ! half-open-recovered by client
             > . 90001:90001(0) ack 70001
        """
    ),
    (
      "TIME-WAIT answers for the old connection",
      opening + """
        < F. 1:1(0) ack 1
        > F. 1:1(0) ack 2
        < . 2:2(0) ack 2
        > S 90000:90000(0) <mss 1460>
        < . 2:2(0) ack 2                     ! time-wait-refused by unknown, challenge-ack
        """
    ),
    (
      "a SYN is refused by a RST while the ports are in TIME-WAIT",
      opening + closed + """
        > S 90000:90000(0) <mss 1460>
        < R. 0:0(0) ack 90001                ! connection-refused, time-wait-refused by unknown
        """
    ),
    (
      // RFC 9293 §3.5.1, figure 10.
      "a host has no such connection",
      opening + request + """
        > P. 101:201(100) ack 51
        < R 51:51(0)                         ! dead-peer-reset by server
        """
    ),
    (
      "the first segment after two minutes draws a RST",
      opening + request + """
        +120 > P. 101:201(100) ack 51
             < R. 51:51(0) ack 201           ! reset-after-idle by unknown
        """
    ),
    (
      "a RST from another distance",
      opening + request + """
        < R. 51:51(0) ack 101 ttl 61         ! reset-forged-suspect note by unknown, abortive-close
        """
    ),
    (
      "the end that was reset goes on",
      opening + request + """
             < R. 51:51(0) ack 101
        +0.3 < P. 51:61(10) ack 101          ! reset-forged-suspect by unknown
             > . 101:101(0) ack 61
        """
    ),
  ]

  static let forgottenMissed: [NearMiss] = [
    (
      "old-duplicate-syn", "the client has closed before the SYN-ACK came, and tries again",
      """
         > S 90:90(0) <mss 1460>
         < S. 0:0(0) ack 91 <mss 1460>
         > R. 91:91(0) ack 1                 ! handshake-aborted
         > S 100:100(0) <mss 1460>
         < S. 400:400(0) ack 101 <mss 1460>
         > . 101:101(0) ack 401
      """
    ),
    (
      "half-open-recovered", "the SYN began nothing: the connection goes on",
      opening + request + """
        > S 90000:90000(0) <mss 1460>        ! syn-on-established
        < . 51:51(0) ack 101                 ! challenge-ack
        > P. 101:111(10) ack 51
        < . 51:51(0) ack 111
        """
    ),
    (
      "half-open-recovered", "both ends had closed",
      opening + closed + """
             > S 90000:90000(0) <mss 1460>
             < . 2:2(0) ack 2
             > R 2:2(0)
          +1 > S 90000:90000(0) <mss 1460>   ! syn-retransmitted
             < S. 70000:70000(0) ack 90001 <mss 1460>  ! time-wait-reuse
             > . 90001:90001(0) ack 70001
        """
    ),
    (
      "dead-peer-reset", "nothing had been sent for seconds that it could answer",
      opening + request + """
        +5 < R 51:51(0)                      ! abortive-close
        """
    ),
    (
      "dead-peer-reset", "the only segment that it could answer was acknowledged",
      opening + """
        > R 1:1(0)                           ! abortive-close by client
        """
    ),
    (
      "dead-peer-reset", "that segment stands in the capture twice",
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      dup                                    ! duplicate-frame
      > . 1:1(0) ack 1
      > R 1:1(0)                             ! abortive-close by client
      """
    ),
    (
      "reset-after-idle", "the RST comes long after the segment that ended the silence",
      opening + request + """
        +120 > P. 101:201(100) ack 51
             < . 51:51(0) ack 201
          +5 < R. 51:51(0) ack 201           ! abortive-close
        """
    ),
    (
      "time-wait-refused", "it opens a new connection",
      opening + closed + """
        > S 90000:90000(0) <mss 1460>
        < S. 90000:90000(0) ack 90001 <mss 1460>  ! time-wait-reuse
        > . 90001:90001(0) ack 90001
        """
    ),
    (
      "dead-peer-reset", "a program has sent the RST",
      opening + request + """
        > P. 101:201(100) ack 51
        < R. 51:51(0) ack 101                ! reset-mid-stream
        """
    ),
    (
      "reset-after-idle", "the silence was shorter than a minute",
      opening + request + """
        +59 > P. 101:201(100) ack 51
            < R. 51:51(0) ack 201            ! reset-with-unread-data
        """
    ),
    (
      "reset-forged-suspect", "a route that is longer by two hops",
      opening + request + """
        < R. 51:51(0) ack 101 ttl 62         ! abortive-close
        """
    ),
  ]
}

/// Replies that were due and never came, and others that came, or were not due.
extension FindingExample {
  /// The capture was taken at the server: what it shows on its way there has arrived.
  static let atServer = """
             > S  0:0(0) <mss 1460>
    +0.00002 < S. 0:0(0) ack 1 <mss 1460> offloaded
    +0.02    > .  1:1(0) ack 1
             > P. 1:101(100) ack 1
             < .  1:1(0) ack 101 offloaded

    """
  /// The client goes on, and the server with it.
  private static let more = """

    +9 > P. 101:201(100) ack 51
       < .  51:51(0) ack 201
    """

  /// One of each duty.
  static let replies: [Example] = [
    (
      "an old segment, which has arrived",
      atServer + """
        +9 > P. 1:101(100) ack 1             ! owed-reply-missing by server, retransmission-spurious
        +9 > P. 101:201(100) ack 1
           < .  1:1(0) ack 201 offloaded
        """
    ),
    (
      "an old segment, which may have been lost",
      opening + request + """
        +9 > P. 1:101(100) ack 51            ! owed-reply-missing note by unknown, retransmission-spurious
        """ + more
    ),
    (
      "an old segment without payload, again and again",
      opening + request + "> P. 101:201(100) ack 51\n< . 51:51(0) ack 201\n" + """
        +9 > .  101:101(0) ack 51
        +9 > .  101:101(0) ack 51
        +9 > .  101:101(0) ack 51            ! owed-reply-missing by server
        +9 > P. 201:301(100) ack 51
           < .  51:51(0) ack 301
        """
    ),
    (
      "a segment beyond the window",
      opening + """
        < .  1:1(0) ack 1 win 10
        > P. 5001:5101(100) ack 1            ! owed-reply-missing note, data-beyond-window by client
        +9 > P. 1:11(10) ack 1               ! loss-before-capture, retransmission-timeout
           < .  1:1(0) ack 11 win 10
        """
    ),
    (
      "a FIN again that was acknowledged",
      opening + """
           > F. 1:1(0) ack 1
           < .  1:1(0) ack 2
        +1 > F. 1:1(0) ack 1                 ! owed-reply-missing note, fin-retransmitted
        +9 < F. 1:1(0) ack 2
           > .  2:2(0) ack 2
        """
    ),
    (
      "a SYN again in SYN-RECEIVED",
      """
         > S  0:0(0) <mss 1460>
         < S. 0:0(0) ack 1 <mss 1460>
      +1 > S  0:0(0) <mss 1460>              ! owed-reply-missing note, syn-retransmitted
      +9 > .  1:1(0) ack 1
         > P. 1:11(10) ack 1
         < .  1:1(0) ack 11
      """
    ),
    (
      "a SYN-ACK again in ESTABLISHED",
      """
         > S  0:0(0) <mss 1460>
         < S. 0:0(0) ack 1 <mss 1460>
         > .  1:1(0) ack 1
      +1 < S. 0:0(0) ack 1 <mss 1460>        ! owed-reply-missing note, synack-retransmitted
      +9 > P. 1:11(10) ack 1
         < .  1:1(0) ack 11
      """
    ),
    (
      "a SYN on an open connection, which goes on",
      opening + request + """
        > S  90000:90000(0) <mss 1460>       ! owed-reply-missing note, syn-on-established
        """ + more
    ),
    (
      "a RST that is not exact, at an end that goes on",
      opening + request + """
        > R  111:111(0)                      ! owed-reply-missing note, reset-inexact
        """ + more
    ),
    (
      "an acknowledgment of what nobody can have sent",
      opening + request + """
        > .  101:101(0) ack 2000000000       ! owed-reply-missing note
        """ + more
    ),
    (
      "an acknowledgment of more than the FIN",
      opening + """
           > F. 1:1(0) ack 1
           < .  1:1(0) ack 2
           < .  1:1(0) ack 3                 ! owed-reply-missing note, ack-beyond-fin, gap-in-capture
        +9 > S  0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "probes of a shut window, which stays shut",
      opening + request + """
           < .  51:51(0) ack 101 win 0       ! zero-window
        +9 > .  100:100(0) ack 51
        +9 > .  100:100(0) ack 51
        +9 > .  100:100(0) ack 51            ! owed-reply-missing by server, zero-window-probe
        +9 < .  51:51(0) ack 101 win 100
           > P. 101:111(10) ack 51
           < .  51:51(0) ack 111
        """
    ),
    (
      "new bytes as probes of a shut window",
      opening + request + """
           < .  51:51(0) ack 101 win 0       ! zero-window
        +9 > .  101:102(1) ack 51
        +9 > .  101:102(1) ack 51            ! owed-reply-missing note, zero-window-probe
        +9 < .  51:51(0) ack 102 win 100
        """
    ),
    (
      "a keep-alive, after which nothing comes",
      opening + request + """
        +90 > . 100:100(0) ack 51            ! owed-reply-missing note, keep-alive
        +9  > S 0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "a segment after a RST",
      opening + request + """
        < R. 51:51(0) ack 101                ! reset-mid-stream
        > P. 101:111(10) ack 51              ! owed-reply-missing note
        +9 > S 0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "an old segment after both ends have closed",
      opening + request + """
           > F. 101:101(0) ack 51
           < F. 51:51(0) ack 102
           > .  102:102(0) ack 52
        +1 > P. 1:101(100) ack 52            ! owed-reply-missing note, retransmission-spurious, late-segment-after-close
        +9 > S 0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "an answer to another SYN",
      """
         > S  100:100(0) <mss 1460>
         < S. 0:0(0) ack 91 <mss 1460>       ! owed-reply-missing note, synack-wrong-ack
      +9 > S  100:100(0) <mss 1460>          ! syn-retransmitted
         < S. 0:0(0) ack 101 <mss 1460>      ! synack-retransmitted
         > .  101:101(0) ack 1
      """
    ),
    (
      "an ACK of another SYN-ACK",
      """
         > S  0:0(0) <mss 1460>
         < S. 0:0(0) ack 1 <mss 1460>
         > .  1:1(0) ack 1000000000          ! owed-reply-missing note, final-ack-wrong
      +9 > .  1:1(0) ack 1
         > P. 1:11(10) ack 1
         < .  1:1(0) ack 11
      """
    ),
  ]

  static let repliesMissed: [NearMiss] = [
    (
      "owed-reply-missing", "an old segment is answered",
      opening + request + """
        +9 > P. 1:101(100) ack 51            ! retransmission-spurious
           < .  51:51(0) ack 101
        """ + more
    ),
    (
      "owed-reply-missing", "an old segment is answered by data",
      opening + request + """
        +9 > P. 1:101(100) ack 51            ! retransmission-spurious
        +1 < P. 51:61(10) ack 101
           > .  101:101(0) ack 61
        """
    ),
    (
      "owed-reply-missing", "the capture ends before the answer was due",
      opening + request + """
        +9 > P. 1:101(100) ack 51            ! retransmission-spurious
        +1 > P. 101:201(100) ack 51
        """
    ),
    (
      "owed-reply-missing", "one reply for several segments, whose rate is limited",
      opening + request + """
        +9   > P. 1:101(100) ack 51
             < .  51:51(0) ack 101
        +0.4 > P. 1:101(100) ack 51          ! retransmission-spurious
        """ + more
    ),
    (
      "owed-reply-missing", "a FIN again that acknowledges the other one",
      opening + """
           > F. 1:1(0) ack 1
           < F. 1:1(0) ack 1                 ! simultaneous-close
           < .  2:2(0) ack 2
           > F. 1:1(0) ack 2                 ! fin-retransmitted
        +9 > S  0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "owed-reply-missing",
      "a RST that is not exact is followed by silence: an old stack has taken it",
      opening + request + """
        > R  111:111(0)                      ! reset-inexact
        +9 > S  0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "owed-reply-missing", "a SYN in TIME-WAIT",
      opening + """
           > F. 1:1(0) ack 1
           < F. 1:1(0) ack 2
           > .  2:2(0) ack 2
           < S  90000:90000(0) <mss 1460>    ! time-wait-refused, syn-unanswered
        +9 > S  0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "owed-reply-missing", "the second of two keep-alives is answered",
      opening + request + """
        +90 > . 100:100(0) ack 51
        +9  > . 100:100(0) ack 51            ! keep-alive
            < . 51:51(0) ack 101
        """ + more
    ),
    (
      "owed-reply-missing", "three keep-alives: nobody is there",
      opening + request + """
        +90 > . 100:100(0) ack 51
        +90 > . 100:100(0) ack 51
        +90 > . 100:100(0) ack 51            ! keep-alive, keep-alive-unanswered
        +9  > S 0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "owed-reply-missing", "nobody acknowledges anything any more",
      opening + request + """
        +9  > P. 1:101(100) ack 51           ! retransmission-spurious
            > P. 101:201(100) ack 51         ! data-never-acked, never-closed
        +90 > S 0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "owed-reply-missing", "RSTs answer what comes after a RST",
      opening + request + """
        < R. 51:51(0) ack 101                ! reset-mid-stream
        > P. 101:111(10) ack 51
        < R  51:51(0)
        +9 > S 0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "owed-reply-missing", "a RST after a RST",
      opening + request + """
        < R. 51:51(0) ack 101                ! abortive-close
        > R. 101:101(0) ack 51
        +9 > S 0:0(0) <mss 1460> port 40001
        """
    ),
    (
      "owed-reply-missing", "it was not closed after all",
      opening + request + """
             < R. 51:51(0) ack 101
             > P. 101:111(10) ack 51
        +9   < P. 51:61(10) ack 111          ! reset-forged-suspect by unknown
             > .  111:111(0) ack 61
        """
    ),
    (
      "owed-reply-missing", "a SYN-ACK of another SYN is refused",
      """
         > S  100:100(0) <mss 1460>
         < S. 0:0(0) ack 91 <mss 1460>       ! synack-wrong-ack
         > R  91:91(0)
      +9 > S  100:100(0) <mss 1460>          ! syn-retransmitted, syn-unanswered
      """
    ),
    (
      "owed-reply-missing", "the network has made a copy of an old segment",
      opening + request + """
        > .  101:101(0) ack 51 id 9
        dup                                  ! duplicate-frame
        """ + more
    ),
    (
      "owed-reply-missing", "bytes that were lost fill a hole",
      opening + """
             > P. 101:201(100) ack 1
             < .  1:1(0) ack 1
        +0.3 > P. 1:101(100) ack 1           ! loss-before-capture, retransmission-timeout
             < .  1:1(0) ack 201
        """
    ),
  ]
}

/// What comes after RSTs, RSTs that come one after the other, and FINs and probes out of time.
extension FindingExample {
  private static let storm = (0..<9).map { _ in "> R. 101:101(0) ack 51\n" }.joined()

  static let resets: [Example] = [
    (
      "a RST in TIME-WAIT",
      """
         > F. 101:101(0) ack 51
         < F. 51:51(0) ack 102
         > .  102:102(0) ack 52
      +1 < R  52:52(0)                       ! time-wait-assassinated by unknown
      """
    ),
    (
      "a RST in the client's name",
      """
            > R. 101:101(0) ack 51           ! reset-mid-stream
      +0.05 > P. 101:201(100) ack 51         ! data-after-reset-sent by unknown
      """
    ),
    (
      "a RST that never comes to the client",
      """
           < R. 51:51(0) ack 101
      +3   > P. 101:201(100) ack 51          ! data-after-reset-received by unknown
           < R  51:51(0)                     ! reset-mid-stream
      """
    ),
    (
      "a FIN before the last data",
      """
           > F. 201:201(0) ack 51            ! fin-out-of-order by network
           < .  51:51(0) ack 101             ! duplicate-ack
      +0.3 > P. 101:201(100) ack 51          ! loss-before-capture, retransmission-timeout
           < .  51:51(0) ack 202
      """
    ),
    (
      "many RSTs",
      "> R. 101:101(0) ack 51                 ! abortive-close\n" + storm
        + "> R. 101:101(0) ack 51                 ! reset-storm by client"
    ),
    (
      "keep-alives every five seconds",
      """
      +5 > . 100:100(0) ack 51
         < . 51:51(0) ack 101
      +5 > . 100:100(0) ack 51
         < . 51:51(0) ack 101
      +5 > . 100:100(0) ack 51               ! keep-alive-too-frequent by client, keep-alive
         < . 51:51(0) ack 101
      """
    ),
  ]

  static let resetsMissed: [NearMiss] = [
    (
      "time-wait-assassinated", "another number is expected",
      """
         > F. 101:101(0) ack 51
         < F. 51:51(0) ack 102
         > .  102:102(0) ack 52
      +1 < R  53:53(0)                       ! reset-inexact
      """
    ),
    (
      "data-after-reset-sent", "data from before it, again",
      """
           > R. 101:101(0) ack 51            ! abortive-close
      +0.3 > P. 1:101(100) ack 51            ! retransmission-spurious
      """
    ),
    (
      "data-after-reset-received", "data that were under way",
      """
      < R. 51:51(0) ack 101                  ! reset-mid-stream
      > P. 101:201(100) ack 51
      """
    ),
    (
      "fin-out-of-order", "a FIN with the last data",
      """
      > F. 101:201(100) ack 51
      < .  51:51(0) ack 202
      """
    ),
    (
      "reset-storm", "nine RSTs after the first",
      "> R. 101:101(0) ack 51                 ! abortive-close\n" + storm
    ),
    (
      "keep-alive-too-frequent", "a probe that is repeated for want of an answer",
      """
      +5 > . 100:100(0) ack 51
      +5 > . 100:100(0) ack 51
      +5 > . 100:100(0) ack 51               ! keep-alive, keep-alive-unanswered
      """
    ),
  ]
}

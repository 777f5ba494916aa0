// How connections ended, or did not; after a request and its answer.
extension FindingExample {
  static let endings: [Example] = [
    (
      "a firewall has made the handshake in the name of the server",
      """
      > F. 101:101(0) ack 51
      < F. 51:51(0) ack 102 ttl 120          ! identity-changed by unknown
      > . 102:102(0) ack 52
      """
    ),
    (
      "nobody acknowledges the FIN",
      """
           > F. 101:101(0) ack 51            ! fin-unacked by unknown
      +1.1 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "a FIN comes twice",
      """
           > F. 101:101(0) ack 51
      +0.5 > F. 101:101(0) ack 51            ! fin-retransmitted by network
           < F. 51:51(0) ack 102
           > . 102:102(0) ack 52
      """
    ),
    (
      "a FIN comes four times",
      """
           > F. 101:101(0) ack 51
      +0.5 > F. 101:101(0) ack 51
      +1   > F. 101:101(0) ack 51
      +2   > F. 101:101(0) ack 51            ! fin-retransmitted warning
           < F. 51:51(0) ack 102
           > . 102:102(0) ack 52
      """
    ),
    (
      "the server does not close",
      """
          > F. 101:101(0) ack 51             ! close-wait-stuck by server
          < . 51:51(0) ack 102
      +61 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "the server goes on sending",
      """
      > F. 101:101(0) ack 51                 ! half-close-data by server
      < . 51:51(0) ack 102
      < P. 51:151(100) ack 102
      > . 102:102(0) ack 151
      < F. 151:151(0) ack 102
      > . 102:102(0) ack 152
      """
    ),
    (
      "what the server goes on to send draws a RST",
      """
      > F. 101:101(0) ack 51
      < . 51:51(0) ack 102
      < P. 51:151(100) ack 102
      > R 102:102(0)                         ! fin-wait-2-abort by client
      """
    ),
    (
      "the last acknowledgment does not come",
      """
           > F. 101:101(0) ack 51
           < F. 51:51(0) ack 102             ! last-ack-missing by unknown
      +1.1 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "two FINs cross",
      """
      > F. 101:101(0) ack 51
      < F. 51:51(0) ack 101                  ! simultaneous-close by unknown
      > . 102:102(0) ack 52
      < . 52:52(0) ack 102
      """
    ),
    (
      "an open connection falls silent",
      """
          > P. 101:201(100) ack 51
          < . 51:51(0) ack 201               ! never-closed by unknown
      +61 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    ("a RST in place of a FIN", "> R. 101:101(0) ack 51  ! abortive-close by client"),
    (
      "a RST in the middle of a transfer",
      """
      > P. 101:201(100) ack 51
      < R. 51:51(0) ack 101                  ! reset-mid-stream by server
      """
    ),
    (
      "a program that closes without reading",
      """
      > P. 101:201(100) ack 51
      < R. 51:51(0) ack 201                  ! reset-with-unread-data by server
      """
    ),
    (
      "a program that closes without reading while its own answer is under way",
      """
      < P. 51:151(100) ack 101
      > P. 101:201(100) ack 51
      < R. 151:151(0) ack 201                ! reset-with-unread-data by server
      """
    ),
    (
      "a program that closes on data that acknowledges its FIN",
      """
      < F. 51:51(0) ack 101
      > P. 101:132(31) ack 52
      < R 52:52(0)                           ! reset-with-unread-data by server
      """
    ),
    (
      "a program that closes far away",
      """
           > P. 101:201(100) ack 51
      +0.5 < R. 51:51(0) ack 201             ! reset-with-unread-data by server
      """
    ),
    (
      "a program that closes without waiting for what is under way",
      """
      > P. 101:201(100) ack 51
      < F. 51:51(0) ack 101
      < R 51:51(0)                           ! reset-with-unread-data by server
      """
    ),
    ("a RST from elsewhere", "> R 90000000:90000000(0)  ! reset-out-of-window by unknown"),
    ("a RST a little ahead", "> R 151:151(0)  ! reset-inexact by unknown"),
    (
      "a RST after the FIN",
      """
      > F. 101:101(0) ack 51
      < . 51:51(0) ack 102
      > R. 102:102(0) ack 51                 ! reset-after-fin by client
      """
    ),
  ]

  static let endingsMissed: [NearMiss] = [
    (
      "identity-changed", "a FIN on a much longer route",
      "> F. 101:101(0) ack 51 ttl 34\n< F. 51:51(0) ack 102\n> . 102:102(0) ack 52"
    ),
    (
      "identity-changed", "a time to live just above a value that systems start from",
      "> F. 101:101(0) ack 51 ttl 79\n< F. 51:51(0) ack 102\n> . 102:102(0) ack 52"
    ),
    (
      "fin-unacked", "the capture ends before the FIN would have been repeated",
      """
           > F. 101:101(0) ack 51
      +0.9 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "fin-retransmitted", "the capture has the FIN twice",
      """
      > F. 101:101(0) ack 51
      dup                                    ! duplicate-frame
      < F. 51:51(0) ack 102
      > . 102:102(0) ack 52
      """
    ),
    (
      "close-wait-stuck", "the server takes its time to close",
      """
          > F. 101:101(0) ack 51
          < . 51:51(0) ack 102
      +59 < F. 51:51(0) ack 102
          > . 102:102(0) ack 52
      """
    ),
    (
      "close-wait-stuck", "the capture ends before the server must have closed",
      """
          > F. 101:101(0) ack 51
          < . 51:51(0) ack 102
      +59 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "half-close-data", "the data crossed the FIN",
      """
      > F. 101:101(0) ack 51
      < P. 51:151(100) ack 101
      > . 102:102(0) ack 151
      < F. 151:151(0) ack 102
      > . 102:102(0) ack 152
      """
    ),
    (
      "half-close-data", "a RST answers the data",
      """
      > F. 101:101(0) ack 51
      < . 51:51(0) ack 102
      < P. 51:151(100) ack 102
      > R 102:102(0)                         ! fin-wait-2-abort
      """
    ),
    (
      "fin-wait-2-abort", "no data came",
      """
      > F. 101:101(0) ack 51
      < . 51:51(0) ack 102
      > R. 102:102(0) ack 51                 ! reset-after-fin
      """
    ),
    (
      "last-ack-missing", "the capture ends before the FIN would have been repeated",
      """
           > F. 101:101(0) ack 51
           < F. 51:51(0) ack 102
      +0.9 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "simultaneous-close", "the second FIN acknowledges the first",
      """
      > F. 101:101(0) ack 51
      < F. 51:51(0) ack 102
      > . 102:102(0) ack 52
      """
    ),
    (
      "never-closed", "the capture ends before the connection has been idle for long",
      "+59 > S 0:0(0) <mss 1460> port 40001"
    ),
    (
      "never-closed", "one end has closed",
      """
          > F. 101:101(0) ack 51             ! close-wait-stuck
          < . 51:51(0) ack 102
      +61 > S 0:0(0) <mss 1460> port 40001
      """
    ),
    (
      "abortive-close", "something was not acknowledged",
      """
      > P. 101:201(100) ack 51
      > R. 201:201(0) ack 51                 ! reset-mid-stream by client
      """
    ),
    (
      "reset-mid-stream", "all was acknowledged",
      """
      > P. 101:201(100) ack 51
      < . 51:51(0) ack 201
      < R. 51:51(0) ack 201                  ! abortive-close by server
      """
    ),
    (
      "reset-with-unread-data", "it had been acknowledged",
      """
      > P. 101:201(100) ack 51
      < . 51:51(0) ack 201
      < R. 51:51(0) ack 201                  ! abortive-close
      """
    ),
    (
      "reset-with-unread-data", "the RST does not say that it had come",
      """
      > P. 101:201(100) ack 51
      < R. 51:51(0) ack 101                  ! reset-mid-stream
      """
    ),
    (
      "reset-with-unread-data", "the acknowledgment was long due",
      """
           > P. 101:201(100) ack 51
      +0.6 < R. 51:51(0) ack 201             ! reset-mid-stream
      """
    ),
    (
      "reset-with-unread-data", "nobody can have had what was not sent",
      """
      > P. 101:201(100) ack 51
      < R. 51:51(0) ack 900000001            ! reset-mid-stream
      """
    ),
    (
      "reset-with-unread-data", "what came was the FIN",
      """
      > F. 101:101(0) ack 51
      < R. 51:51(0) ack 102                  ! abortive-close
      """
    ),
    (
      "reset-with-unread-data", "a RST after the FIN had all",
      """
      > P. 101:201(100) ack 51
      < F. 51:51(0) ack 201
      < R. 52:52(0) ack 201                  ! reset-after-fin
      """
    ),
    (
      "reset-after-fin", "it is the other end that resets",
      """
      > F. 101:101(0) ack 51
      < . 51:51(0) ack 102
      < R. 51:51(0) ack 102                  ! abortive-close by server
      """
    ),
    (
      "reset-out-of-window", "just within the window",
      "> R 8388000:8388000(0)                 ! reset-inexact"
    ),
    (
      "reset-inexact", "just beyond the window",
      "> R 8388800:8388800(0)                 ! reset-out-of-window"
    ),
  ]
}

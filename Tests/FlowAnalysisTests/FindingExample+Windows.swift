/// What ends do with windows, of which the first are small.
extension FindingExample {
  static let smallWindows = """
    > S 0:0(0) win 2000 <mss 1460>
    < S. 0:0(0) ack 1 win 2000 <mss 1460>
    > . 1:1(0) ack 1 win 2000

    """

  static let windows: [Example] = [
    (
      "as much as there is room for",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2001(540) ack 1               ! window-full by server
      < . 1:1(0) ack 2001 win 2000
      """
    ),
    (
      "more than there is room for",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2101(640) ack 1               ! data-beyond-window by client
      < . 1:1(0) ack 2101 win 2000
      """
    ),
    (
      "a window that shrinks",
      """
      > P. 1:101(100) ack 1
      < . 1:1(0) ack 101 win 1644             ! window-shrunk by server
      """
    ),
    (
      "what was under way when a window shrank",
      """
      > P. 1:101(100) ack 1
      < . 1:1(0) ack 101 win 1000             ! window-shrunk by server
      > P. 101:1201(1100) ack 1               ! data-beyond-window note by client
      < . 1:1(0) ack 1201 win 1000
      """
    ),
    (
      "a window that opens by crumbs",
      """
      > . 1:1461(1460) ack 1
      < . 1:1(0) ack 1461 win 540
      > P. 1461:2001(540) ack 1
      < . 1:1(0) ack 2001 win 100
      > P. 2001:2101(100) ack 1
      < . 1:1(0) ack 2101 win 100
      > P. 2101:2201(100) ack 1               ! window-full by server
      < . 1:1(0) ack 2201 win 100             ! silly-window by server
      """
    ),
    (
      "a sender that waits for a window without asking",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2001(540) ack 1               ! window-full by server
      < . 1:1(0) ack 2001 win 0               ! zero-window by server, probe-missing by client
      +5 < . 1:1(0) ack 2001 win 2000
      +0.2 > P. 2001:2101(100) ack 1
      < . 1:1(0) ack 2101 win 1900
      """
    ),
    (
      "a window that is shut on a FIN",
      """
      > F. 1:1(0) ack 1
      < . 1:1(0) ack 2 win 0                  ! window-slam by server
      < F. 1:1(0) ack 2
      > . 2:2(0) ack 2
      """
    ),
  ]

  static let windowsMissed: [NearMiss] = [
    (
      "window-full", "there is room for one byte more",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2000(539) ack 1
      < . 1:1(0) ack 2000 win 2000
      """
    ),
    (
      "data-beyond-window", "one byte more asks whether there is room again",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2002(541) ack 1
      < . 1:1(0) ack 2002 win 2000
      """
    ),
    (
      "data-beyond-window", "what is sent again was within the window before",
      """
      > P. 1:101(100) ack 1
      > P. 101:1501(1400) ack 1
      < . 1:1(0) ack 101 win 1000             ! window-shrunk
      +0.3 > P. 101:1501(1400) ack 1          ! retransmission-timeout
      < . 1:1(0) ack 1501 win 1000
      """
    ),
    (
      "window-shrunk", "less than 256 bytes are rounded away",
      """
      > P. 1:101(100) ack 1
      < . 1:1(0) ack 101 win 1645
      """
    ),
    (
      "window-shrunk", "nothing is to come after a FIN",
      """
      > F. 1:1(0) ack 1
      < . 1:1(0) ack 2 win 100
      < F. 1:1(0) ack 2 win 100
      > . 2:2(0) ack 2
      """
    ),
    (
      "silly-window", "it does so twice",
      """
      > . 1:1461(1460) ack 1
      < . 1:1(0) ack 1461 win 540
      > P. 1461:2001(540) ack 1
      < . 1:1(0) ack 2001 win 100
      > P. 2001:2101(100) ack 1               ! window-full
      < . 1:1(0) ack 2101 win 100
      """
    ),
    (
      "silly-window", "half of the buffer is worth a segment",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2001(540) ack 1
      < . 1:1(0) ack 2001 win 1000
      > P. 2001:3001(1000) ack 1
      < . 1:1(0) ack 3001 win 1000
      > P. 3001:4001(1000) ack 1              ! window-full
      < . 1:1(0) ack 4001 win 1000
      """
    ),
    (
      "probe-missing", "five seconds are not over",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2001(540) ack 1               ! window-full
      < . 1:1(0) ack 2001 win 0               ! zero-window
      +4.9 < . 1:1(0) ack 2001 win 2000
      > P. 2001:2101(100) ack 1
      < . 1:1(0) ack 2101 win 1900
      """
    ),
    (
      "probe-missing", "it did ask",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2001(540) ack 1               ! window-full
      < . 1:1(0) ack 2001 win 0
      +3 > . 2000:2000(0) ack 1               ! zero-window-probe
      < . 1:1(0) ack 2001 win 0               ! zero-window
      +3 < . 1:1(0) ack 2001 win 2000
      > P. 2001:2101(100) ack 1
      < . 1:1(0) ack 2101 win 1900
      """
    ),
    (
      "probe-missing", "nothing was waiting",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2001(540) ack 1               ! window-full
      < . 1:1(0) ack 2001 win 0               ! zero-window
      +5 < . 1:1(0) ack 2001 win 2000
      +0.21 > P. 2001:2101(100) ack 1
      < . 1:1(0) ack 2101 win 1900
      """
    ),
    (
      "window-slam", "data may still come",
      """
      > P. 1:101(100) ack 1
      < . 1:1(0) ack 101 win 0                ! zero-window note, window-shrunk
      < . 1:1(0) ack 101 win 2000
      """
    ),
  ]
}

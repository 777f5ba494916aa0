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
      "probe-missing", "what comes then answers a request",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2001(540) ack 1               ! window-full
      < . 1:1(0) ack 2001 win 0               ! zero-window
      +5 < P. 1:51(50) ack 2001 win 2000
      > P. 2001:2101(100) ack 51
      < . 51:51(0) ack 2101 win 1900
      """
    ),
    (
      "probe-missing", "it is asked for when the window is open",
      """
      > . 1:1461(1460) ack 1
      > P. 1461:2001(540) ack 1               ! window-full
      < . 1:1(0) ack 2001 win 0               ! zero-window
      +5 < . 1:1(0) ack 2001 win 2000
      < P. 1:51(50) ack 2001 win 2000
      > P. 2001:2101(100) ack 51
      < . 51:51(0) ack 2101 win 1900
      """
    ),
    (
      "window-shrunk", "where windows are scaled, the first one is not",
      """
      +1 > S 0:0(0) port 40002 <mss 1460,wscale 7>
      < S. 0:0(0) ack 1 win 60000 port 40002 <mss 1460,wscale 7>
      > . 1:1(0) ack 1 port 40002
      > . 1:101(100) ack 1 port 40002
      < . 1:1(0) ack 101 win 100 port 40002
      """
    ),
    (
      "window-shrunk", "an acknowledgment that others have overtaken",
      """
      > . 1:501(500) ack 1
      > . 501:1001(500) ack 1
      > . 1001:1501(500) ack 1
      < . 1:1(0) ack 501 win 1500
      < . 1:1(0) ack 1501 win 500
      < . 1:1(0) ack 1001 win 1000 id 0
      > . 1501:1601(100) ack 1
      < . 1:1(0) ack 1601 win 400
      """
    ),
    (
      "data-beyond-window", "an older window came late",
      """
      > . 1:501(500) ack 1
      > . 501:1001(500) ack 1
      < . 1:1(0) ack 1001 win 9000
      < . 1:1(0) ack 501 win 1500 id 0
      > . 1001:4001(3000) ack 1
      < . 1:1(0) ack 4001 win 9000
      """
    ),
    (
      "silly-window", "a window that is rounded up to its unit",
      """
      +1 > S 0:0(0) port 40002 <mss 1460,wscale 7>
      < S. 0:0(0) ack 1 win 2000 port 40002 <mss 1460,wscale 7>
      > . 1:1(0) ack 1 port 40002
      < . 1:1(0) ack 1 win 20 port 40002
      > . 1:101(100) ack 1 port 40002
      < . 1:1(0) ack 101 win 20 port 40002
      > . 101:201(100) ack 1 port 40002
      < . 1:1(0) ack 201 win 20 port 40002
      > . 201:301(100) ack 1 port 40002
      < . 1:1(0) ack 301 win 20 port 40002
      > . 301:401(100) ack 1 port 40002
      < . 1:1(0) ack 401 win 20 port 40002
      """
    ),
    (
      "window-slam", "it was full before",
      """
      > . 1:1461(1460) ack 1
      > FP. 1461:2001(540) ack 1              ! window-full
      < . 1:1(0) ack 2002 win 0               ! zero-window
      +1 < F. 1:1(0) ack 2002
      > . 2002:2002(0) ack 2
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

/// Ends that cannot be.
extension FindingExample {
  static let addresses: [Example] = [
    (
      "a SYN from port 0",
      """
      > S 0:0(0) <mss 1460> port 0  ! port-zero
      < R. 0:0(0) ack 1 port 0      ! connection-refused by server
      """
    ),
    (
      "a connection with port 0, like any other",
      """
      > S 0:0(0) <mss 1460,wscale 7> service 0           ! port-zero
      < S. 0:0(0) ack 1 <mss 1460,wscale 7> service 0
      > . 1:1(0) ack 1 service 0
      > F. 1:1(0) ack 1 service 0
      < F. 1:1(0) ack 2 service 0
      > . 2:2(0) ack 2 service 0
      """
    ),
    (
      "a socket that is connected to itself",
      """
      > S  0:0(0) <mss 1460,wscale 7> client 2 port 80        ! simultaneous-open by client
      > S. 0:0(0) ack 1 <mss 1460,wscale 7> client 2 port 80
      > .  1:1(0) ack 1 client 2 port 80
      > F. 1:1(0) ack 1 client 2 port 80                      ! simultaneous-close
      > .  2:2(0) ack 2 client 2 port 80
      """
    ),
    ("a SYN to its own source", "> S 0:0(0) <mss 1460> client 2 port 80  ! land"),
  ]

  static let addressesMissed: [NearMiss] = [
    (
      "simultaneous-open", "the answer of a listener to a forged SYN, with a number of its own",
      """
      > S 0:0(0) <mss 1460> client 2 port 80              ! land
      > S. 5000:5000(0) ack 1 <mss 1460> client 2 port 80
      """
    ),
    (
      "port-zero", "the lowest port there is",
      "> S 0:0(0) <mss 1460> port 1\n< R. 0:0(0) ack 1 port 1  ! connection-refused by server"
    ),
    ("land", "a SYN to another port of its host", "> S 0:0(0) <mss 1460> client 2 port 81"),
  ]
}

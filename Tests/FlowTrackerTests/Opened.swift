/// The three segments most scripts begin with; after them data begins at 1.
let opened = """
  > S  0:0(0) <mss 1460>          ! client SYN-SENT, server LISTEN
  < S. 0:0(0) ack 1 <mss 1460>    ! server SYN-RECEIVED, client ESTABLISHED
  > .  1:1(0) ack 1               ! server ESTABLISHED

  """

/// The opening, and a close in three segments by the client.
let openedAndClosed =
  opened + """
    > F. 1:1(0) ack 1               ! client FIN-WAIT-1, server CLOSE-WAIT
    < F. 1:1(0) ack 2               ! server LAST-ACK, client TIME-WAIT
    > .  2:2(0) ack 2               ! server CLOSED

    """

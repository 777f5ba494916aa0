import FlowTracker
import PacketParser
import Testing

struct TunnelTests {
  @Test func `one connection may go through two VLANs`() throws {
    let connections = try track(
      """
      > S  0:0(0) vlan 10          ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1 vlan 20    ! server SYN-RECEIVED, client ESTABLISHED
      > .  1:1(0) ack 1 vlan 10    ! server ESTABLISHED
      < P. 1:101(100) ack 1 vlan 20
      > .  1:1(0) ack 101 vlan 20
      """)
    #expect(connections.count == 1)
    #expect(connections[0].encapsulations(of: .client).first.rawValue == 1)
    #expect(connections[0].encapsulations(of: .client).latest.rawValue == 2)
    #expect(connections[0].encapsulations(of: .server).first.rawValue == 2)
  }

  @Test func `only one direction may be tagged`() throws {
    let connections = try track(
      """
      > S  0:0(0) vlan 10          ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1            ! server SYN-RECEIVED, client ESTABLISHED
      > .  1:1(0) ack 1 vlan 10    ! server ESTABLISHED
      < F. 1:1(0) ack 1            ! server FIN-WAIT-1, client CLOSE-WAIT
      > F. 1:1(0) ack 2 vlan 10    ! client LAST-ACK, server TIME-WAIT
      < .  2:2(0) ack 2            ! client CLOSED
      """)
    #expect(connections.count == 1)
    #expect(connections[0].encapsulations(of: .server).first == .none)
  }

  @Test func `two customers may use the same addresses in two VLANs`() throws {
    let connections = try track(
      """
      > S  0:0(0) vlan 10                             ! client SYN-SENT, server LISTEN
      > S  900000000:900000000(0) vlan 20             ! connection 2, client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1 vlan 10                       ! connection 1, server SYN-RECEIVED, client ESTABLISHED
      < S. 800000000:800000000(0) ack 900000001 vlan 20  ! connection 2, server SYN-RECEIVED, client ESTABLISHED
      > .  900000001:900000001(0) ack 800000001 vlan 20  ! server ESTABLISHED
      > .  1:1(0) ack 1 vlan 10                       ! connection 1, server ESTABLISHED
      > F. 900000001:900000001(0) ack 800000001 vlan 20  ! connection 2, client FIN-WAIT-1, server CLOSE-WAIT
      > P. 1:11(10) ack 1 vlan 10                     ! connection 1
      """)
    #expect(connections.map(\.incarnation) == [1, 1])
    #expect(connections.map(\.closed) == ["none open", "half fin-unacknowledged"])
  }

  @Test func `the connections of two VLANs are used again each for itself`() throws {
    let connections = try track(
      """
      > S  0:0(0) vlan 10                    ! client SYN-SENT, server CLOSED
      > S  900000000:900000000(0) vlan 20    ! connection 2, client SYN-SENT, server CLOSED
      < R. 0:0(0) ack 900000001 vlan 20      ! client CLOSED, acceptableReset
      +1 > S 910000000:910000000(0) vlan 20  ! connection 3, newIncarnation, client SYN-SENT
      < R. 0:0(0) ack 1 vlan 10              ! connection 1, client CLOSED, acceptableReset
      """)
    #expect(connections.map(\.incarnation) == [1, 1, 2])
  }
}

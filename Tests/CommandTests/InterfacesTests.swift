import Foundation
import Testing
import TraceScript

/// `synfin interfaces`.
struct InterfacesTests {
  private static let canMakeNetworks =
    (try? Tool.shell("unshare --net ip link set lo up").status) == 0

  @Test func `the loopback interface is there, whoever asks`() throws {
    let text = try Tool.run(["interfaces"])
    #expect(text.status == 0)
    #expect(text.lines.first?.hasPrefix("interface") == true)
    #expect(text.lines.contains { $0.hasPrefix("lo ") && $0.contains("127.0.0.1/8") })
    let records = try Tool.run(["interfaces", "--format", "ndjson"])
    #expect(records.status == 0)
    for line in records.lines.dropLast() {
      let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(record?["type"] as? String == "interface")
    }
    #expect(try Tool.run(["interfaces", "--format", "xml"]).status == 64)
  }

  @Test(
    .enabled(
      if: InterfacesTests.canMakeNetworks, "needs root to make a network, with unshare and ip"))
  func `a cable, one that is connected to nothing, and what is down`() throws {
    // The order is libpcap's, and so is what else it can capture on here.
    let outcome = try Tool.shell(
      """
      export SYNFIN; unshare --net bash -ec '
      ip link set lo up
      ip link add left type veth peer name right
      ip link add alone type veth peer name other
      ip link set left addrgenmode none; ip link set right addrgenmode none
      ip link set alone addrgenmode none
      ip link set left up; ip link set right up; ip link set alone up
      ip address add 192.0.2.1/24 dev left; ip address add 2001:db8::1/64 dev left nodad
      for i in $(seq 600); do ip link show left | grep -q "state UP" && break; sleep 0.1; done
      $SYNFIN interfaces | grep -E "^(interface|left|right|alone|other|lo) " | sed "s/  */ /g" | sort
      $SYNFIN interfaces --format ndjson | grep -E "\\"(left|alone|other|lo)\\"" | sort
      '
      """)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    // Some libpcaps offer this one for whatever is Ethernet.
    let output = outcome.output.replacing(", DOCSIS", with: "")
      .replacing(",{\"number\":143,\"name\":\"DOCSIS\"}", with: "")
    try expectGolden(output, "interfaces.txt")
  }
}

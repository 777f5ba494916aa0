import PacketParser

extension JSONWriter {
  /// `{"vlan":12}`: the layer's name, and what tells it from others of its kind.
  mutating func encapsulation(_ layer: EncapsulationLayer) {
    object {
      switch layer {
      case .vlan(let identifier): $0.pair("vlan", identifier)
      case .backbone(let service): $0.pair("backbone", service)
      case .mpls(let label): $0.pair("mpls", label)
      case .pppoe(let session): $0.pair("pppoe", session)
      case .ip(let version): $0.pair("ip", version.rawValue)
      case .gre(let key): $0.pair("gre", key)
      case .erspan(let session): $0.pair("erspan", session)
      case .vxlan(let network): $0.pair("vxlan", network)
      case .geneve(let network): $0.pair("geneve", network)
      case .gtp(let tunnel): $0.pair("gtp", tunnel)
      case .teredo: $0.pair("teredo", UInt8?.none)
      case .ayiya: $0.pair("ayiya", UInt8?.none)
      case .capwap: $0.pair("capwap", UInt8?.none)
      }
    }
  }

  private mutating func pair(_ name: StaticString, _ value: (some FixedWidthInteger)?) {
    key(name)
    if let value { integer(value) } else { null() }
  }
}

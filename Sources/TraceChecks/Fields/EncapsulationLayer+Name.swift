import PacketParser

extension EncapsulationLayer {
  /// The key of its kind in the record.
  var name: String {
    switch self {
    case .vlan: "vlan"
    case .backbone: "backbone"
    case .mpls: "mpls"
    case .pppoe: "pppoe"
    case .ip: "ip"
    case .gre: "gre"
    case .erspan: "erspan"
    case .vxlan: "vxlan"
    case .geneve: "geneve"
    case .gtp: "gtp"
    case .teredo: "teredo"
    case .ayiya: "ayiya"
    case .capwap: "capwap"
    }
  }

  static let names = [
    "vlan", "backbone", "mpls", "pppoe", "ip", "gre", "erspan", "vxlan", "geneve", "gtp", "teredo",
    "ayiya", "capwap",
  ]
}

public import PacketParser

/// What can be captured on: an interface of the host, or one that libpcap makes of several (`any`).
public struct NetworkInterface: Equatable, Sendable {
  /// An address of an interface, and how much of it is the network's.
  public struct Address: Equatable, Sendable {
    public var address: IPAddress
    /// In bits; `nil` where the system does not tell.
    public var prefixLength: Int?

    public init(address: IPAddress, prefixLength: Int?) {
      self.address = address
      self.prefixLength = prefixLength
    }
  }

  /// Whether an interface is connected to its network.
  public enum Connection: String, Sendable {
    case connected
    case disconnected
    case unknown
    /// There is nothing that it could be connected to: a loopback, or all interfaces together.
    case notApplicable = "not-applicable"
  }

  /// A link type that frames of an interface can have.
  public struct OfferedLinkType: Equatable, Sendable {
    /// As libpcap numbers it (a `DLT_` value).
    public var number: Int32
    /// libpcap's name of it, such as "EN10MB".
    public var name: String

    public init(number: Int32) {
      self.number = number
      name = LinkTypeText.name(number)
    }
  }

  /// What `LiveCapture` is opened with.
  public var name: String
  /// libpcap's description; `nil` where it has none.
  public var summary: String?
  /// Its IPv4 and IPv6 addresses, in the system's order.
  public var addresses: [Address]
  public var isUp: Bool
  /// Whether it is ready to carry frames: up, and with a carrier.
  public var isRunning: Bool
  public var isLoopback: Bool
  public var isWireless: Bool
  public var connection: Connection

  /// Everything that can be captured on, those first that are most likely meant.
  ///
  /// No permission is needed.
  ///
  /// - Throws: `LiveCaptureError.cannotList`.
  public static func all() throws(LiveCaptureError) -> [NetworkInterface] {
    do throws(InterfaceListFailure) {
      return try InterfaceList.all()
    } catch {
      throw .cannotList(reason: error.message)
    }
  }

  /// The link types that it offers, the one first that a capture has; `nil` where that cannot be learned: of
  /// an interface that is down, and without the permission to capture.
  ///
  /// The interface is opened for a moment.
  public func linkTypes() -> [OfferedLinkType]? {
    guard isUp else { return nil }
    var settings = LiveCaptureSettings()
    settings.isPromiscuous = false
    settings.bufferBytes = 1 << 16
    guard let handle = try? LiveHandle(name, settings) else { return nil }
    let (first, all) = (handle.linkTypeNumber, handle.linkTypeNumbers)
    return ([first] + all.filter { $0 != first }).map(OfferedLinkType.init)
  }
}

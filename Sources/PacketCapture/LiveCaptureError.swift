/// Why an interface cannot be captured on, or no longer.
public enum LiveCaptureError: Error, Equatable, Sendable {
  /// The process may not capture; `program` is the file that it runs.
  case noPermission(interface: String, program: String)
  /// There is no interface of that name; `others` are those that there are, the most similar first.
  case noSuchInterface(name: String, others: [String])
  /// The interface is down, so that nothing can come.
  case interfaceDown(interface: String)
  /// The interface was taken down while it was captured on; it may come up again.
  case wentDown(interface: String)
  /// The interface was removed while it was captured on.
  case disappeared(interface: String)
  case filter(FilterMistake)
  /// The filter asks for what frames of "any" do not have: the headers of their link layer.
  case filterOfOneInterface(FilterMistake)
  /// The interface has no time stamps of that type; `offered` are those that it has.
  case unsupportedTimestampType(interface: String, type: String, offered: [String])
  /// The interface does not tell frames that come from those that go.
  case unsupportedDirection(interface: String, reason: String)
  /// What else libpcap or the system refuse.
  case cannotCapture(interface: String, reason: String)
  /// The interfaces cannot be listed.
  case cannotList(reason: String)
}

extension LiveCaptureError: CustomStringConvertible {
  /// What failed, on which interface, why; then, indented, what would work.
  public var description: String {
    switch self {
    case .noPermission(let interface, let program):
      """
      cannot capture on '\(interface)': no permission
        Run it with sudo, or give it the capability once: \
      sudo setcap cap_net_raw,cap_net_admin=eip \(program.quotedForShell)
      """
    case .noSuchInterface(let name, let others):
      "cannot capture on '\(name)': there is no such interface\n  "
        + (others.isEmpty
          ? "There is none at all here." : "There are: \(others.joined(separator: ", ")).")
    case .interfaceDown(let interface):
      """
      cannot capture on '\(interface)': it is down
        Bring it up: sudo ip link set \(interface.quotedForShell) up
      """
    case .wentDown(let interface):
      "the interface '\(interface)' went down; the frames before were read"
    case .disappeared(let interface):
      "the interface '\(interface)' has disappeared; the frames before were read"
    case .filter(let mistake):
      mistake.description
    case .filterOfOneInterface(let mistake):
      """
      \(mistake)
        Frames of 'any' come without the headers of their link layer: capture on the interface that has them.
      """
    case .unsupportedTimestampType(let interface, let type, let offered):
      "cannot capture on '\(interface)' with time stamps of type '\(type)'\n  "
        + (offered.isEmpty
          ? "It has time stamps of one type only; leave the choice to it."
          : "It has: \(offered.joined(separator: ", ")).")
    case .unsupportedDirection(let interface, let reason):
      """
      cannot capture one direction on '\(interface)': \(reason)
        Capture both directions, and filter by an address of the host.
      """
    case .cannotCapture(let interface, let reason):
      "cannot capture on '\(interface)': \(reason)"
    case .cannotList(let reason):
      "cannot list the interfaces: \(reason)"
    }
  }
}

extension String {
  /// The text as a shell takes it for one word.
  fileprivate var quotedForShell: String {
    let isPlain = allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+:@".contains($0))
    }
    return isPlain && !isEmpty
      ? self
      : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        + "'"
  }
}

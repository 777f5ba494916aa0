import Glibc
import NIOCore

/// Why metrics are not served.
package struct MetricsServerError: Error, Equatable {
  /// Where they were to be served.
  package var address: MetricsAddress
  /// What the system says.
  package var reason: String
  /// What would work; `nil` where nothing is known.
  package var remedy: String?

  init(_ address: MetricsAddress, _ error: any Error) {
    self.address = address
    guard let error = error as? IOError else {
      reason = "it is no address"
      remedy = "Examples: 9100, 127.0.0.1:9100, [::1]:9100"
      return
    }
    switch error.errnoCode {
    case EADDRINUSE:
      reason = "another program listens there"
      remedy = "Choose another port; 0 takes any that is free."
    case EACCES:
      reason = "it is not allowed"
      remedy = "Ports below 1024 are for root, which synfin no longer is by then; choose another."
    case EADDRNOTAVAIL:
      reason = "this machine has no such address"
      remedy = "0.0.0.0 and [::] stand for all that it has."
    default:
      reason = error.description
      remedy = nil
    }
  }
}

extension MetricsServerError: CustomStringConvertible {
  /// What failed and why; then, indented, what would work.
  package var description: String {
    "cannot serve metrics on \(address): \(reason)" + (remedy.map { "\n  \($0)" } ?? "")
  }
}

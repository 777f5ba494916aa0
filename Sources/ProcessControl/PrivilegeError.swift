/// Why privileges were not given up.
///
/// Whoever gets it has what it had before, or less, and must not go on.
package enum PrivilegeError: Error, Equatable {
  /// The system knows no user of this name.
  case unknownUser(String)
  /// The names of users could not be looked up.
  case cannotLookUp(user: String, reason: String)
  /// Another user was asked for by somebody who is not root.
  case notRoot(user: String)
  /// The process has several threads, of which only one would lose its capabilities.
  case severalThreads(Int)
  /// The system refused a step.
  case refused(step: String, reason: String)
  /// The system refused nothing, and yet something is left.
  case left(String)
}

extension PrivilegeError: CustomStringConvertible {
  /// What failed and why; then, indented, what would work.
  package var description: String {
    switch self {
    case .unknownUser(let user):
      "there is no user '\(user)'\n  The users of this system are listed by: getent passwd"
    case .cannotLookUp(let user, let reason):
      "cannot look up the user '\(user)': \(reason)"
    case .notRoot(let user):
      "only root can become the user '\(user)'\n"
        + "  Start synfin with sudo, or without --user: it keeps your own user then."
    case .severalThreads(let count):
      "cannot give up privileges: \(count) threads run already, and the others would keep theirs"
    case .refused(let step, let reason):
      "cannot give up privileges: \(step): \(reason)\n  \(Self.safety)"
    case .left(let what):
      "cannot give up privileges: \(what)\n  \(Self.safety)"
    }
  }

  private static let safety =
    "What comes from the network is not read with more rights than that needs. "
    + "To record it for later: tcpdump -w FILE"
}

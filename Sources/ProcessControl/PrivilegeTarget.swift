/// Whom a process becomes when it gives up its privileges.
package struct PrivilegeTarget: Equatable, Sendable {
  /// What decided it.
  package enum Reason: Equatable, Sendable {
    /// Somebody named the user.
    case asked
    /// The user who called sudo.
    case sudo
    /// The user who started the process, who is not root.
    case ownUser
    /// Root started the process, and nothing says for whom.
    case nobodyElse
  }

  package var user: UInt32
  package var group: UInt32
  package var reason: Reason

  package init(user: UInt32, group: UInt32, reason: Reason) {
    self.user = user
    self.group = group
    self.reason = reason
  }

  /// Whom to become where nobody named a user.
  ///
  /// - Parameters:
  ///   - user: The real user id of the process, who in a setuid program is the one who started it.
  ///   - group: Its real group id.
  ///   - sudoUser: The value of `SUDO_UID`, which sudo sets; `nil` where there is none.
  ///   - sudoGroup: The value of `SUDO_GID`.
  package init(user: UInt32, group: UInt32, sudoUser: String?, sudoGroup: String?) {
    if user != 0 {
      self.init(user: user, group: group, reason: .ownUser)
    } else if let user = Self.id(sudoUser), let group = Self.id(sudoGroup), user != 0 {
      self.init(user: user, group: group, reason: .sudo)
    } else {
      self.init(user: user, group: group, reason: .nobodyElse)
    }
  }

  /// An id as sudo writes it; the largest number means no id at all.
  private static func id(_ text: String?) -> UInt32? {
    guard let text, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return UInt32(text).flatMap { $0 == .max ? nil : $0 }
  }
}

/// What a process gave up.
package struct PrivilegeDrop: Equatable, Sendable {
  package var target: PrivilegeTarget
  /// The name of the user that it is now; `nil` where the system knows none.
  package var userName: String?
  /// Whether it is in no group but that of the target.
  ///
  /// Who is not root cannot leave groups, which are that user's own.
  package var hasNoOtherGroups: Bool
  /// Whether the bounding set is empty too.
  ///
  /// It takes CAP_SETPCAP to empty it; with no-new-privileges nothing can be gained from it either way.
  package var hasNoBoundingSet: Bool
}

extension PrivilegeDrop: CustomStringConvertible {
  /// One sentence for whoever started it.
  package var description: String {
    let name = userName ?? "with the id \(target.user)"
    return switch target.reason {
    case .asked, .sudo: "went on as the user \(name), without capabilities"
    case .ownUser: "went on without capabilities"
    case .nobodyElse:
      "went on as the user \(name), without capabilities; --user says who should own its files"
    }
  }
}

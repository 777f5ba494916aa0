import CProcessControl
import Glibc

/// What a process may do beyond what any process of its user may.
///
/// A capture handle stays open when the right to open one is gone. So a process that has it can give
/// up everything else before it reads what strangers send, as tcpdump and dumpcap do.
package enum Privileges {
  /// Gives up everything, for good: it becomes the user `user` or whoever started it, keeps no group
  /// but that user's own, no capability in any set of capabilities(7), and sets no-new-privileges, so that no
  /// program it could start would have more.
  ///
  /// Where root started it for itself it stays root, which owns files, but can do nothing else that
  /// others cannot: what belongs to others it can neither read nor write against their will.
  ///
  /// The process must have one thread: glibc changes users and groups of all threads, but capabilities
  /// and no-new-privileges are each thread's own, and only threads that start later take them over.
  ///
  /// - Parameter user: The name of the user to become; `nil` for the one who called sudo or started a
  ///   setuid program.
  /// - Returns: What was given up, after a check that nothing of it can be had again.
  /// - Throws: `PrivilegeError`, before anything has changed where the user is unknown or not allowed;
  ///   else something may be given up already.
  package static func drop(to user: String?) throws(PrivilegeError) -> PrivilegeDrop {
    let target = try target(user)
    // Looking users up is the last that could have started one.
    if let count = threadCount, count != 1 { throw .severalThreads(count) }

    // In this order, since each step needs what later ones take away. The first two need capabilities
    // that a process with CAP_NET_RAW alone has not.
    let bounding = capability_bounding_clear()
    if bounding != EPERM { try check("bounding set", bounding) }
    let hasNoOtherGroups = try leaveGroups(target)
    try check("ambient set", capability_ambient_clear())
    try check("keep-capabilities", keep_capabilities_off())
    try check("setresgid", group_ids_set(target.group))
    try check("setresuid", user_ids_set(target.user))
    try check("capset", capability_sets_put(capability_sets()))
    try check("no-new-privileges", no_new_privileges_set())

    let drop = PrivilegeDrop(
      target: target, userName: Account(id: target.user)?.name,
      hasNoOtherGroups: hasNoOtherGroups, hasNoBoundingSet: bounding == 0)
    try verify(drop)
    return drop
  }

  private static func target(_ name: String?) throws(PrivilegeError) -> PrivilegeTarget {
    let ownUser = PrivilegeTarget(
      user: getuid(), group: getgid(), sudoUser: variable("SUDO_UID"),
      sudoGroup: variable("SUDO_GID"))
    guard let name else { return ownUser }
    let account = try Account(named: name)
    if getuid() == 0 {
      return PrivilegeTarget(user: account.user, group: account.group, reason: .asked)
    }
    // Who starts a setuid program must not become somebody else by it.
    guard account.user == ownUser.user else { throw .notRoot(user: name) }
    return ownUser
  }

  /// - Returns: Whether no supplementary group is left.
  private static func leaveGroups(_ target: PrivilegeTarget) throws(PrivilegeError) -> Bool {
    let error = setgroups(0, nil) == 0 ? 0 : errno
    // They are the user's own then; in some namespaces root cannot leave them either.
    let areOwn = target.reason == .ownUser || target.reason == .nobodyElse
    if areOwn, error == EPERM { return getgroups(0, nil) == 0 }
    try check("setgroups", error)
    return true
  }

  /// Tries to have again what was given up.
  private static func verify(_ drop: PrivilegeDrop) throws(PrivilegeError) {
    let (user, group) = (drop.target.user, drop.target.group)
    guard user_ids_are(user) else { throw .left("a user id") }
    guard group_ids_are(group) else { throw .left("a group id") }
    if drop.hasNoOtherGroups, getgroups(0, nil) != 0 { throw .left("a supplementary group") }
    if user != 0, setuid(0) == 0 { throw .left("the way back to root") }
    if group != 0, setgid(0) == 0 { throw .left("the way back to the group of root") }

    var sets = capability_sets()
    try check("capget", unsafe capability_sets_get(&sets))
    guard sets.effective | sets.permitted | sets.inheritable == 0 else {
      throw .left("a capability")
    }
    if capability_can_be_regained() { throw .left("the way back to a capability") }
    guard capability_ambient_is_clear() else { throw .left("an ambient capability") }
    if drop.hasNoBoundingSet, !capability_bounding_is_clear() {
      throw .left("a capability of the bounding set")
    }
    guard no_new_privileges_is_set() else { throw .left("no-new-privileges is not set") }
  }

  // MARK: - Pieces

  /// How many threads the process has; `nil` where there is no proc(5) to tell.
  private static var threadCount: Int? {
    var status = stat()
    // A link for the folder, one for its name, and one for each thread in it.
    guard unsafe stat("/proc/self/task", &status) == 0 else { return nil }
    return Int(status.st_nlink) - 2
  }

  private static func variable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  private static func check(_ step: String, _ error: Int32) throws(PrivilegeError) {
    guard error != 0 else { return }
    throw .refused(step: step, reason: unsafe String(cString: strerror(error)))
  }
}

import Foundation
import Glibc
import ProcessControl
import Testing

/// What a process has left when it has given up its privileges, as proc(5) tells.
struct PrivilegeTests {
  private static let isRoot: Bool = geteuid() == 0
  private static let needsRoot: Comment = "needs root, which has privileges to give up"
  private let probe: Probe

  init() throws {
    probe = try Probe()
  }

  @Test(.enabled(if: isRoot, needsRoot))
  func `root becomes the user who is named, with nothing of what it was`() throws {
    let outcome = try probe.shell("\"$PROBE\" drop nobody")
    #expect(outcome.lines.first == "went on as the user nobody, without capabilities")
    expectNothing(outcome, user: try id("-u nobody"), group: try id("-g nobody"))
  }

  @Test(.enabled(if: isRoot, needsRoot))
  func `the one who called sudo gets a process of their own`() throws {
    let outcome = try probe.shell(
      "\"$PROBE\" drop -", environment: ["SUDO_UID": "54321", "SUDO_GID": "54322"])
    #expect(outcome.lines.first == "went on as the user with the id 54321, without capabilities")
    expectNothing(outcome, user: "54321", group: "54322")
  }

  @Test(.enabled(if: isRoot, needsRoot))
  func `root for itself stays root, without what makes it one`() throws {
    let outcome = try probe.shell("\"$PROBE\" drop -")
    #expect(outcome.lines.first?.hasPrefix("went on as the user root, without capab") == true)
    #expect(outcome.lines.first?.contains("--user") == true)
    expectNothing(outcome, user: "0", group: "0")
  }

  @Test(.enabled(if: isRoot, needsRoot), arguments: ["nobody", "root"])
  func `a program that is started later has nothing either`(user: String) throws {
    let outcome = try probe.shell("\"$PROBE\" drop \(user) /bin/cat /proc/self/status")
    let ownStatus = outcome.output.ranges(of: "Name:").dropFirst().first
    let ofProgram = Probe.Outcome(
      status: outcome.status,
      output: String(outcome.output[try #require(ownStatus).lowerBound...]))
    #expect(ofProgram.lines.first == "Name:\tcat")
    expectNothing(ofProgram, user: try id("-u \(user)"), group: try id("-g \(user)"))
  }

  /// As `setcap cap_net_raw=eip` gives it.
  @Test(.enabled(if: isRoot, needsRoot))
  func `who has only a capability keeps user and groups, and loses it`() throws {
    let capability = "--inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw"
    let become = "setpriv --reuid=54321 --regid=54322 --groups=54323 \(capability)"
    let before = try probe.shell("\(become) cat /proc/self/status")
    #expect(field("CapEff", before) == "0000000000002000")
    let outcome = try probe.shell("\(become) \"$PROBE\" drop -")
    #expect(outcome.lines.first == "went on without capabilities")
    // The bounding set can only be emptied with CAP_SETPCAP; nothing comes of it any more.
    expectNothing(
      outcome, user: "54321", group: "54322", groups: "54323", but: ["CapBnd"])
  }

  @Test(.enabled(if: isRoot, needsRoot))
  func `only root can become another user`() throws {
    let become = "setpriv --reuid=54321 --regid=54322 --clear-groups"
    let outcome = try probe.shell("\(become) \"$PROBE\" drop nobody")
    #expect(outcome.status == 1)
    #expect(outcome.lines.first == "only root can become the user 'nobody'")
    #expect(outcome.output.contains("sudo"))
  }

  @Test(.enabled(if: isRoot, needsRoot))
  func `a setuid program serves nobody but the one who starts it`() throws {
    // Neither the variables of sudo nor a name make it somebody else's.
    let become = "chmod u+s \"$PROBE\"; setpriv --reuid=54321 --regid=54322 --clear-groups"
    let sudo = ["SUDO_UID": "54999", "SUDO_GID": "54999"]
    let outcome = try probe.shell("\(become) \"$PROBE\" drop -", environment: sudo)
    expectNothing(outcome, user: "54321", group: "54322")
    let named = try probe.shell("\(become) \"$PROBE\" drop root", environment: sudo)
    #expect(named.lines.first == "only root can become the user 'root'")
  }

  @Test(.enabled(if: isRoot, needsRoot))
  func `root of a namespace that cannot leave its groups still loses the rest`() throws {
    let outcome = try probe.shell("unshare --user --map-root-user \"$PROBE\" drop -")
    #expect(outcome.lines.first?.hasPrefix("went on as the user root") == true)
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
      #expect(field(set, outcome) == "0000000000000000")
    }
    #expect(field("NoNewPrivs", outcome) == "1")
  }

  @Test func `a user who is not there is an error before anything happens`() throws {
    let outcome = try probe.shell("\"$PROBE\" drop no-such-user; echo $?")
    #expect(outcome.lines.first == "there is no user 'no-such-user'")
    #expect(outcome.lines.last == "1")
  }

  @Test func `threads that would keep their capabilities are an error`() throws {
    let outcome = try probe.shell("\"$PROBE\" threads")
    #expect(outcome.status == 1)
    #expect(outcome.lines.first?.contains(": 2 threads run already") == true)
  }

  @Test func `SUDO_UID is believed only of root, and only where it is an id of another`() {
    let sudo = PrivilegeTarget(user: 0, group: 0, sudoUser: "1000", sudoGroup: "100")
    #expect(sudo == PrivilegeTarget(user: 1000, group: 100, reason: .sudo))
    let own = PrivilegeTarget(user: 7, group: 8, sudoUser: "1000", sudoGroup: "100")
    #expect(own == PrivilegeTarget(user: 7, group: 8, reason: .ownUser))

    let invalid: [(String?, String?)] = [
      (nil, nil), ("1000", nil), (nil, "100"), ("", "100"), ("0", "0"), ("-1", "100"),
      ("+5", "100"), ("4294967295", "100"), ("4294967296", "100"), ("1000", "4294967295"),
      ("alice", "100"), ("1000 ", "100"), ("٣", "100"),
    ]
    for (user, group) in invalid {
      let target = PrivilegeTarget(user: 0, group: 0, sudoUser: user, sudoGroup: group)
      #expect(target == PrivilegeTarget(user: 0, group: 0, reason: .nobodyElse))
    }
  }

  // MARK: - Pieces

  /// Expects that a process has neither capabilities nor a user or group beside those.
  private func expectNothing(
    _ outcome: Probe.Outcome, user: String, group: String, groups: String = "",
    but kept: Set<String> = [], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == 0, "\(outcome.output)", sourceLocation: sourceLocation)
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] where !kept.contains(set) {
      #expect(field(set, outcome) == "0000000000000000", "\(set)", sourceLocation: sourceLocation)
    }
    #expect(field("NoNewPrivs", outcome) == "1", sourceLocation: sourceLocation)
    // Real, effective, saved, and of the file system.
    let (users, ofGroups) = (field("Uid", outcome), field("Gid", outcome))
    let fourTimes = { (id: String) in [id, id, id, id].joined(separator: "\t") }
    #expect(users == fourTimes(user), sourceLocation: sourceLocation)
    #expect(ofGroups == fourTimes(group), sourceLocation: sourceLocation)
    #expect(field("Groups", outcome) == groups, sourceLocation: sourceLocation)
  }

  private func field(_ name: String, _ outcome: Probe.Outcome) -> String? {
    outcome.lines.first { $0.hasPrefix(name + ":") }
      .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
  }

  private func id(_ arguments: String) throws -> String {
    try probe.shell("id \(arguments)").output.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

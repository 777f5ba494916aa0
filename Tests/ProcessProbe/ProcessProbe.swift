import Foundation
import ProcessControl

/// A process for tests to look at: what it does with itself cannot be undone.
///
///     ProcessProbe drop USER|- [PROGRAM ARGUMENT…]   gives up privileges, shows proc(5), runs a program
///     ProcessProbe threads                           tries it with a second thread
///     ProcessProbe watch HOW                         says which signals come
@main
enum ProcessProbe {
  static func main() {
    var arguments = CommandLine.arguments.dropFirst()
    switch arguments.popFirst() {
    case "drop":
      let user = arguments.popFirst()
      drop(to: user == "-" ? nil : user, thenRun: Array(arguments))
    case "threads":
      Thread.detachNewThread { sleep(60) }
      drop(to: nil, thenRun: [])
    case "watch": Watching.run(arguments.popFirst() ?? "once")
    default: fail("unknown arguments")
    }
  }

  private static func drop(to user: String?, thenRun command: [String]) {
    do {
      say(try Privileges.drop(to: user).description)
    } catch {
      fail(error.description)
    }
    say((try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? "no proc(5)")
    if !command.isEmpty { run(command) }
  }

  static func run(_ command: [String]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    do { try process.run() } catch { fail("cannot run \(command)") }
    process.waitUntilExit()
  }

  /// A line that whoever reads has at once.
  static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  static func fail(_ line: String) -> Never {
    say(line)
    exit(1)
  }
}

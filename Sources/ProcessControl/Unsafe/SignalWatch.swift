import CProcessControl
import Glibc

/// Signals that a process has got, as a set: like the system's own, two of a kind are one.
package struct ArrivedSignals: OptionSet, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  private init(_ bit: signal_bits) {
    rawValue = bit.rawValue
  }

  /// SIGINT, as Ctrl-C sends it.
  package static let interrupt = ArrivedSignals(signal_interrupt)
  /// SIGTERM.
  package static let terminate = ArrivedSignals(signal_terminate)
  /// SIGHUP: the terminal is gone; never comes under nohup(1).
  package static let hangUp = ArrivedSignals(signal_hang_up)
  /// SIGUSR1.
  package static let user1 = ArrivedSignals(signal_user1)
  /// SIGWINCH: the terminal has another size.
  package static let windowChange = ArrivedSignals(signal_window_change)
  /// SIGCONT: the process was stopped, and the terminal may have been somebody else's.
  package static let `continue` = ArrivedSignals(signal_continue)

  /// The ones that ask for an orderly end.
  package static let stop: ArrivedSignals = [.interrupt, .terminate, .hangUp]
}

/// Signals as something that a loop can wait for, together with the descriptor of a capture.
///
/// As long as it is there, none of `ArrivedSignals` does what it does by default, with one exception: a
/// SIGINT that comes later than 50 ms after any that asks for an end ends the process at once, whatever
/// the loop does meanwhile. It sets the terminal as it was noted, and leaves the exit status of a process
/// that was interrupted.
///
/// Nothing is blocked, so threads and programs that start later find nothing changed but the handlers;
/// a system call that a handler interrupts goes on, other than poll(2) and its kind.
package final class SignalWatch {
  /// Can be read from while signals wait to be taken; nobody but this may read it.
  package let descriptor: Int32

  /// Begins to watch.
  ///
  /// - Returns: `nil` if there is another watch or the process has too many files open.
  package init?() {
    var descriptor: Int32 = -1
    guard unsafe signal_watch_open(&descriptor) == 0 else { return nil }
    self.descriptor = descriptor
  }

  /// The signals do again what they did before.
  deinit {
    signal_watch_close()
  }

  /// The signals that have come since the last time; does not wait.
  package func take() -> ArrivedSignals {
    ArrivedSignals(rawValue: signal_watch_take())
  }

  /// What a loop waited for.
  package struct Arrival: Equatable, Sendable {
    package var signals: ArrivedSignals
    /// Whether each descriptor can be read from, or has an end or an error to be read.
    package var isReady: [Bool]
  }

  /// Waits until a signal has come or one of the descriptors can be read from.
  ///
  /// - Parameters:
  ///   - descriptors: What else to wait for; negative ones are never ready.
  ///   - milliseconds: How long to wait at most; `nil` for as long as it takes.
  /// - Returns: What has come; sometimes nothing before the time is over.
  package func wait(beside descriptors: [Int32], milliseconds: Int32?) -> Arrival {
    var polled = ([descriptor] + descriptors).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let count = unsafe poll(&polled, nfds_t(polled.count), milliseconds ?? -1)
    return Arrival(
      signals: take(), isReady: polled.dropFirst().map { count > 0 && $0.revents != 0 })
  }

  // MARK: - Terminal

  /// Notes how a terminal is set, before somebody sets it otherwise.
  ///
  /// - Parameters:
  ///   - descriptor: The terminal.
  ///   - text: What undoes the escape sequences that will be written to it, at most 256 bytes.
  /// - Returns: Whether it is a terminal and the text short enough; nothing is noted otherwise.
  package func noteTerminal(_ descriptor: Int32, undoneBy text: String) -> Bool {
    let bytes = Array(text.utf8)
    return unsafe signal_watch_note_terminal(descriptor, bytes, bytes.count)
  }

  /// Forgets what was noted: the terminal is as it was.
  package func forgetTerminal() {
    signal_watch_forget_terminal()
  }
}

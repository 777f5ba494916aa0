import Glibc

/// Threads of the system.
///
/// Who reads a capture waits for disks, for pipes and for its turn. The threads on which Swift runs tasks
/// are as many as there are cores, and must not be kept waiting for each other.
enum Threads {
  /// Runs `body` on so many threads, this one among them, until it has ended on all.
  ///
  /// Where the system has not so many, it runs on those that there are.
  static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    var others: [pthread_t] = []
    while others.count + 1 < count, let thread = start(body) { others.append(thread) }
    body()
    for thread in others { pthread_join(thread, nil) }
  }

  /// Runs `other` on a thread of its own while `body` runs on this one, and waits for both.
  ///
  /// - Returns: Whether the system had a thread; if not, neither has run.
  static func run(beside other: @escaping @Sendable () -> Void, _ body: () -> Void) -> Bool {
    guard let thread = start(other) else { return false }
    body()
    pthread_join(thread, nil)
    return true
  }

  /// Runs `body` on a thread that nobody waits for: it ends with the process at the latest.
  ///
  /// - Returns: Whether the system had a thread.
  static func startDetached(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard let thread = start(body) else { return false }
    pthread_detach(thread)
    return true
  }

  private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    let body = unsafe Unmanaged.passRetained(ThreadBody(run: body))
    var thread = pthread_t()
    guard unsafe pthread_create(&thread, nil, runThread, body.toOpaque()) == 0 else {
      unsafe body.release()
      return nil
    }
    return thread
  }
}

private final class ThreadBody {
  let run: @Sendable () -> Void

  init(run: @escaping @Sendable () -> Void) {
    self.run = run
  }
}

private func runThread(_ body: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let body = unsafe body else { return nil }
  unsafe Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run()
  return nil
}

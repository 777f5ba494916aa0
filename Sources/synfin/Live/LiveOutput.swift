import ProcessControl

/// Standard output of a capture, which whoever reads it slowly, or not at all, is not to hold up.
///
/// A thread of its own writes. What is not written yet is held: so much that the capture goes on, then it waits,
/// and nothing is lost. Who asks the program to end while nobody reads is not kept waiting for that.
final class LiveOutput {
  /// Beyond so many bytes the capture waits.
  private static let limit = 64 << 20
  /// What one look at the interface brings, and the end, has room beyond that.
  private static let hardLimit = 2 * limit
  /// Once the program is asked to end, a reader that takes nothing for so long has lost the rest, in nanoseconds.
  private static let patience: Int64 = 1_000_000_000
  private static let waitMilliseconds: Int32 = 20

  private let writer = OutputWriter()
  private let hasThread: Bool
  private let signals: SignalWatch
  /// Signals that came while it waited, for whoever takes them.
  private var arrived: ArrivedSignals = []
  private var isEnding = false
  private var hasToldOfWait = false

  /// Begins to write; who waits for the reader looks at signals meanwhile.
  init(_ signals: SignalWatch) {
    self.signals = signals
    let writer = writer
    hasThread = Threads.startDetached { writer.run() }
  }

  /// What is held is as much as there is room for.
  var isFull: Bool { writer.held >= Self.limit }

  /// Writes, or holds what is to be written.
  func write(_ bytes: [UInt8]) throws {
    guard hasThread else { return try OutputStream.standardOutput.write(bytes) }
    try writer.put(bytes)
    while writer.held >= Self.hardLimit {
      waitForReader()
      try giveUpIfStalled()
    }
  }

  /// Waits until there is room again; once the program is asked to end, only as long as somebody reads.
  ///
  /// - Returns: Whether there is; if not, nothing that is told any more is written.
  func waitForRoom() -> Bool {
    while isFull {
      waitForReader()
      guard (try? giveUpIfStalled()) != nil else { return false }
    }
    return true
  }

  /// Waits a little for the reader, or for a signal.
  func waitForReader() {
    if !hasToldOfWait, OutputStream.standardError.isReady {
      hasToldOfWait = true
      Diagnostics.hint("nobody reads the output: the capture waits, and the kernel may drop frames")
    }
    note(signals.wait(beside: [], milliseconds: Self.waitMilliseconds).signals)
  }

  /// The signals that have come since the last time.
  func takeSignals() -> ArrivedSignals {
    note(signals.take())
    defer { arrived = [] }
    return arrived
  }

  /// Waits until all is written; once the program is asked to end, only as long as somebody reads.
  func close() throws {
    guard hasThread else { return }
    try writer.put([])
    writer.close()
    while !writer.isDone {
      note(signals.wait(beside: [], milliseconds: Self.waitMilliseconds).signals)
      try giveUpIfStalled()
    }
    try writer.put([])
  }

  private func note(_ signals: ArrivedSignals) {
    arrived.formUnion(signals)
    if !signals.isDisjoint(with: .stop) { isEnding = true }
  }

  private func giveUpIfStalled() throws {
    guard isEnding, SystemClock.monotonic &- writer.progressedAt > Self.patience else { return }
    throw writer.abandon()
  }
}

/// What the thread that writes shares with the one that has something to write.
private final class OutputWriter: Sendable {
  /// So little that a slow reader is seen to read.
  private static let chunk = 4 * 1024

  private let state = Monitor(State())

  private struct State {
    var pieces: [[UInt8]] = []
    var held = 0
    var isClosed = false
    var isDone = false
    var failure: OutputStream.Failure?
    var progressedAt = SystemClock.monotonic
  }

  var held: Int { state.with { $0.held } }
  var isDone: Bool { state.with { $0.isDone } }
  /// When the reader took something last, or had taken all.
  var progressedAt: Int64 {
    state.with { $0.held == 0 ? SystemClock.monotonic : $0.progressedAt }
  }

  /// Holds bytes to be written.
  ///
  /// - Throws: Why no more can be written.
  func put(_ bytes: [UInt8]) throws {
    let failure = state.with { state in
      if state.held == 0 { state.progressedAt = SystemClock.monotonic }
      if !bytes.isEmpty, state.failure == nil {
        state.pieces.append(bytes)
        state.held += bytes.count
      }
      return state.failure
    }
    if let failure { throw failure }
  }

  /// Nothing more comes.
  func close() { state.with { $0.isClosed = true } }

  /// Drops what is not written, and what comes.
  ///
  /// - Returns: That, as a failure.
  func abandon() -> OutputStream.Failure {
    state.with { state in
      let failure = OutputStream.Failure.unread(bytes: state.held)
      (state.failure, state.pieces, state.held) = (failure, [], 0)
      return failure
    }
  }

  /// Writes until it is closed and all is written, or nothing can be.
  func run() {
    while let pieces = next() {
      for piece in pieces {
        var rest = piece[...]
        while !rest.isEmpty {
          let chunk = Array(rest.prefix(Self.chunk))
          rest = rest.dropFirst(chunk.count)
          do {
            try OutputStream.standardOutput.write(chunk)
            state.with { state in
              state.held -= min(state.held, chunk.count)
              state.progressedAt = SystemClock.monotonic
            }
          } catch {
            return state.with { state in
              (state.failure, state.isDone) = (state.failure ?? error, true)
              (state.pieces, state.held) = ([], 0)
            }
          }
        }
      }
    }
    state.with { $0.isDone = true }
  }

  private func next() -> [[UInt8]]? {
    state.wait { state -> [[UInt8]]?? in
      guard !state.pieces.isEmpty else { return state.isClosed ? .some(nil) : nil }
      defer { state.pieces = [] }
      return .some(state.pieces)
    }
  }
}

/// Where captures that are analyzed at the same time write to, so that all of it stands in the order in
/// which they were given.
///
/// The capture whose turn it is writes at once. What the others have to say is held; when that is as much as
/// there is room for, their threads wait. Captures are taken up in their order, so the one whose turn it is
/// has a thread, and that one waits for nobody.
final class OrderedOutput: Sendable {
  enum Channel {
    case results
    case errors
  }

  /// Nobody wants the results any more.
  struct Cancelled: Error {}

  private let results: OutputStream
  private let state = Monitor(State())

  /// An output whose results go to a stream, and whose errors go to standard error.
  init(to results: OutputStream) {
    self.results = results
  }

  /// The first error of a write to the results; what comes after it is dropped.
  var failure: OutputStream.Failure? { state.with { $0.failure } }
  var isCancelled: Bool { state.with { $0.isCancelled } }

  func hasTurn(_ capture: Int) -> Bool {
    state.with { $0.turn == capture }
  }

  /// Waits until all captures before this one have ended, or nothing is wanted any more.
  func waitForTurn(of capture: Int) {
    state.wait { $0.turn == capture || $0.isCancelled ? () : nil }
  }

  /// Says something for a capture, now or when its turn comes.
  func write(_ bytes: [UInt8], to channel: Channel, of capture: Int) throws(Cancelled) {
    let piece = Piece(channel: channel, bytes: bytes)
    let place = state.wait { $0.place(for: piece, of: capture) }
    if case .turn(let held) = place { put(held + [piece]) }
    if isCancelled { throw Cancelled() }
  }

  /// A capture has nothing more to say; the turn passes to the next one that has.
  func end(_ capture: Int) {
    let hasTurn = state.with {
      $0.ended.insert(capture)
      return $0.turn == capture
    }
    guard hasTurn else { return }
    while let pieces = state.with({ $0.passTurn() }) { put(pieces) }
  }

  /// Drops what has not been said, and lets nobody wait any longer.
  func cancel() {
    state.with { $0.isCancelled = true }
  }

  /// Writes for the capture whose turn it is.
  private func put(_ pieces: [Piece]) {
    for piece in pieces {
      switch piece.channel {
      case .errors: try? OutputStream.standardError.write(piece.bytes)
      case .results:
        guard failure == nil else { continue }
        do {
          try results.write(piece.bytes)
        } catch {
          state.with {
            $0.failure = error
            $0.isCancelled = true
          }
        }
      }
    }
  }
}

private struct Piece {
  var channel: OrderedOutput.Channel
  var bytes: [UInt8]
}

private enum Place {
  /// It is the capture's turn; before comes what was held of it.
  case turn(held: [Piece])
  case held
  case cancelled
}

private struct State {
  /// What all captures together may have to say before it is their turn.
  private static let bytesHeldAtMost = 16 << 20

  /// The capture whose turn it is.
  var turn = 0
  /// Captures behind it that have nothing more to say.
  var ended: Set<Int> = []
  var isCancelled = false
  var failure: OutputStream.Failure?

  private var held: [Int: [Piece]] = [:]
  private var bytesHeld = 0

  /// Where a piece goes; `nil` as long as it has to wait.
  mutating func place(for piece: Piece, of capture: Int) -> Place? {
    if turn == capture { return .turn(held: takeHeld(of: capture)) }
    if isCancelled { return .cancelled }
    guard bytesHeld + piece.bytes.count <= Self.bytesHeldAtMost else { return nil }
    // A copy has no room that is not used, as the buffer has that it comes from.
    held[capture, default: []].append(
      Piece(channel: piece.channel, bytes: Array(piece.bytes[...])))
    bytesHeld += piece.bytes.count
    return .held
  }

  /// What is left to be said of the capture whose turn it is, which has ended, or of those behind it that
  /// have; `nil` when one has the turn whose thread writes for itself.
  mutating func passTurn() -> [Piece]? {
    let pieces = takeHeld(of: turn)
    guard pieces.isEmpty else { return pieces }
    guard !isCancelled else { return nil }
    ended.remove(turn)
    turn += 1
    return ended.contains(turn) ? [] : nil
  }

  private mutating func takeHeld(of capture: Int) -> [Piece] {
    let pieces = held.removeValue(forKey: capture) ?? []
    for piece in pieces { bytesHeld -= piece.bytes.count }
    return pieces
  }
}

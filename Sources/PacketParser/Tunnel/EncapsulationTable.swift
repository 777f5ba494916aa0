/// The stack of layers of the frame being decoded, and the names of all stacks met so far.
struct EncapsulationTable: ~Copyable {
  /// The layers of the frame being decoded; the decoder clears it at each frame.
  var current = EncapsulationStack()

  private var last = EncapsulationStack()
  private var lastID = EncapsulationID.none
  private(set) var names = EncapsulationNames()
  private var ids: [EncapsulationStack: EncapsulationID] = [:]
  private let limit: Int

  /// A table that names at most `limit` different stacks.
  init(limit: Int) {
    self.limit = max(0, min(limit, Int(EncapsulationID.other.rawValue) - 1))
  }

  /// The name of the current stack.
  ///
  /// Neighbouring frames mostly share their stack, so the last one is compared before any hashing.
  @inline(__always)
  mutating func identifyCurrent() -> EncapsulationID {
    current.count == 0 ? .none : identifyWrapped()
  }

  @inline(never)
  private mutating func identifyWrapped() -> EncapsulationID {
    if current == last { return lastID }
    last = current
    lastID = ids[current] ?? nameCurrent()
    return lastID
  }

  private mutating func nameCurrent() -> EncapsulationID {
    guard names.stacks.count < limit else { return .other }
    let id = names.add(current)
    ids[current] = id
    return id
  }
}

/// What the encapsulations are that segments have had so far.
public struct EncapsulationNames: Sendable {
  fileprivate var stacks: [EncapsulationStack] = []

  fileprivate mutating func add(_ stack: EncapsulationStack) -> EncapsulationID {
    stacks.append(stack)
    return EncapsulationID(rawValue: UInt16(stacks.count))
  }

  /// The layers that a segment's `encapsulation` names, outermost first.
  ///
  /// Empty for `EncapsulationID.none` and `.other`.
  public func layers(of id: EncapsulationID) -> [EncapsulationLayer] {
    let index = Int(id.rawValue) - 1
    return stacks.indices.contains(index) ? stacks[index].layers : []
  }
}

/// A few layers, outermost first, as a flat value.
struct EncapsulationStack: BitwiseCopyable, Sendable {
  static let capacity = 16

  private(set) var count: UInt8 = 0
  private var elements = InlineArray<16, EncapsulationLayer>(repeating: .teredo)

  mutating func clear() {
    count = 0
  }

  /// Adds an inner layer; `false` when there are too many already.
  mutating func push(_ layer: EncapsulationLayer) -> Bool {
    guard Int(count) < Self.capacity else { return false }
    elements[Int(count)] = layer
    count += 1
    return true
  }

  var layers: [EncapsulationLayer] {
    (0..<Int(count)).map { elements[$0] }
  }
}

extension EncapsulationStack: Hashable {
  static func == (left: EncapsulationStack, right: EncapsulationStack) -> Bool {
    guard left.count == right.count else { return false }
    for index in 0..<Int(left.count) where left.elements[index] != right.elements[index] {
      return false
    }
    return true
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for index in 0..<Int(count) {
      hasher.combine(elements[index])
    }
  }
}

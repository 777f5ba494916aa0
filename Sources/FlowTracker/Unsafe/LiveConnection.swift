/// A connection where it lies in the table: what every segment touches, and, elsewhere, the
/// rest.
///
/// Valid until the table gives its place to another connection; nobody keeps one.
@safe
struct LiveConnection {
  private let address: UnsafeMutablePointer<StoredConnection>
  private let pool: UnsafeMutablePointer<IrregularityPool>
  private let id: ConnectionID

  typealias Irregularities = IrregularityPool.Irregularities

  @inline(__always)
  init(
    _ address: UnsafeMutablePointer<StoredConnection>,
    _ pool: UnsafeMutablePointer<IrregularityPool>, _ id: ConnectionID
  ) {
    unsafe self.address = address
    unsafe self.pool = pool
    self.id = id
  }

  var core: ConnectionCore {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(coreAddress) }
    @inline(__always)
    nonmutating unsafeMutableAddress { unsafe coreAddress }
  }

  var history: ConnectionHistory {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(historyAddress) }
    @inline(__always)
    nonmutating unsafeMutableAddress { unsafe historyAddress }
  }

  /// The irregularities of the client, then of the server; there are none before they are asked for.
  var irregularities: Irregularities {
    unsafeAddress { unsafe UnsafePointer(beginIrregularities(.needsCare)) }
    nonmutating unsafeMutableAddress { unsafe beginIrregularities(.needsCare) }
  }

  /// The same where nothing that comes later depends on it: to note copies of frames, and to tell of any.
  var toldIrregularities: Irregularities {
    unsafeAddress { unsafe UnsafePointer(beginIrregularities([])) }
    nonmutating unsafeMutableAddress { unsafe beginIrregularities([]) }
  }

  @inline(__always)
  private var coreAddress: UnsafeMutablePointer<ConnectionCore> {
    unsafe UnsafeMutableRawPointer(address).assumingMemoryBound(to: ConnectionCore.self)
  }

  @inline(__always)
  private var historyAddress: UnsafeMutablePointer<ConnectionHistory> {
    unsafe (UnsafeMutableRawPointer(address) + StoredConnection.coreSize)
      .assumingMemoryBound(to: ConnectionHistory.self)
  }

  @inline(__always)
  private func beginIrregularities(
    _ trait: ConnectionCore.Traits
  ) -> UnsafeMutablePointer<Irregularities> {
    if !core.traits.isSuperset(of: trait.union(.isIrregular)) { beginToBeIrregular(trait) }
    return unsafe pool.pointee.record(of: id)
  }

  @inline(never)
  private func beginToBeIrregular(_ trait: ConnectionCore.Traits) {
    if !core.traits.contains(.isIrregular) { unsafe pool.pointee.begin(id) }
    core.traits.formUnion(trait.union(.isIrregular))
  }
}

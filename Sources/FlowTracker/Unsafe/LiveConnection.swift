/// A connection where it lies in the table: what every segment touches, and, elsewhere, the rest.
///
/// Valid until the table gives its place to another connection; nobody keeps one.
@safe
struct LiveConnection {
  private let coreAddress: UnsafeMutablePointer<ConnectionCore>
  private let historyAddress: UnsafeMutablePointer<ConnectionHistory>

  @inline(__always)
  init(
    core: UnsafeMutablePointer<ConnectionCore>, history: UnsafeMutablePointer<ConnectionHistory>
  ) {
    unsafe coreAddress = core
    unsafe historyAddress = history
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
}

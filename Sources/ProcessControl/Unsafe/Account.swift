import Glibc

/// A user of the system, as passwd(5) and what else the system asks know it.
struct Account {
  let name: String
  let user: UInt32
  /// The group that the user is in first of all.
  let group: UInt32

  init(named name: String) throws(PrivilegeError) {
    let found = unsafe Self.lookUp { entry, buffer, size, result in
      unsafe getpwnam_r(name, entry, buffer, size, result)
    }
    switch found {
    case .success(let account?): self = account
    case .success(nil): throw .unknownUser(name)
    case .failure(let failure):
      throw .cannotLookUp(user: name, reason: unsafe String(cString: strerror(failure.code)))
    }
  }

  /// `nil` where the system knows no such user, or cannot tell.
  init?(id: UInt32) {
    let found = unsafe Self.lookUp { entry, buffer, size, result in
      unsafe getpwuid_r(id, entry, buffer, size, result)
    }
    guard case .success(let account?) = found else { return nil }
    self = account
  }

  private init(_ entry: passwd) {
    name = unsafe String(cString: entry.pw_name)
    user = unsafe entry.pw_uid
    group = unsafe entry.pw_gid
  }

  private struct Failure: Error {
    let code: Int32
  }

  private typealias Question = (
    UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
    UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
  ) -> Int32

  /// Asks with more and more room for the answer.
  private static func lookUp(_ ask: Question) -> Result<Account?, Failure> {
    var size = 1024
    while true {
      var entry = unsafe passwd()
      var result: UnsafeMutablePointer<passwd>?
      let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
      defer { unsafe buffer.deallocate() }
      let code = unsafe ask(&entry, buffer, size, &result)
      switch code {
      case 0: return unsafe .success(result.map { unsafe Account($0.pointee) })
      case ERANGE where size < 1 << 20: size *= 2
      // What getpwnam(3) says of users that are not there depends on who was asked.
      case ENOENT, ESRCH, EBADF, EPERM: return .success(nil)
      default: return .failure(Failure(code: code))
      }
    }
  }
}

/// Why a capture cannot be written.
public enum CaptureWriterError: Error, Equatable, Sendable {
  case cannotCreate(path: String, reason: String)
  /// The disk is full, or whoever was reading is gone.
  case cannotWrite(path: String, reason: String)
  /// A file that is no longer to be kept stays.
  case cannotRemove(path: String, reason: String)
}

extension CaptureWriterError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotCreate(let path, let reason): "cannot create '\(path)': \(reason)"
    case .cannotWrite(let path, let reason): "cannot write '\(path)': \(reason)"
    case .cannotRemove(let path, let reason): "cannot remove '\(path)': \(reason)"
    }
  }
}

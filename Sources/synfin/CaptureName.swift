import FoundationEssentials

/// The names by which a file knows others, wherever the tool is run.
enum CaptureName {
  /// A path as it is seen from the folder of a file.
  static func of(_ path: String, besides file: String) -> String {
    let (target, base) = (parts(path), parts(file).dropLast())
    let common = zip(target, base).prefix { $0 == $1 }.count
    let up = [String](repeating: "..", count: base.count - common)
    return (up + target.dropFirst(common)).joined(separator: "/")
  }

  /// The whole path, with nothing in it that leads back.
  static func absolute(_ path: String) -> String { "/" + parts(path).joined(separator: "/") }

  private static func parts(_ path: String) -> [String] {
    let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    var parts: [String] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts
  }
}

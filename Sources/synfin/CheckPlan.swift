import FoundationEssentials
import TraceChecks

/// Which captures are held against which expectations.
struct CheckPlan {
  private(set) var items: [Item] = []
  /// What could not be read.
  private(set) var errors: [String] = []

  struct Item: Sendable {
    var capture: String
    /// `nil` where there is nothing but a baseline.
    var expectations: Expectations?
  }

  private static let captureEndings = ["pcap", "pcapng", "cap"]
  private static let compressions = ["", ".gz", ".zst"]
  private static let expectationEndings = ["yml", "yaml", "json"]

  /// A plan of the captures, files of expectations and folders that were named.
  ///
  /// - Parameters:
  ///   - paths: A folder stands for the files of expectations in it, however deep.
  ///   - expectations: The file that all captures are held against; without it, each against the one that
  ///     lies beside it.
  ///   - mayLackExpectations: Whether a capture without any is no mistake.
  init(_ paths: [String], expectations: String?, mayLackExpectations: Bool) {
    if let expectations {
      guard let file = read(expectations) else { return }
      for path in paths {
        let captures =
          Self.isFolder(path) ? Self.files(below: path).filter { Self.isCapture($0) } : [path]
        if captures.isEmpty { errors.append("'\(path)' has no capture") }
        add(captures, file)
      }
      if paths.isEmpty { addCaptures(of: file) }
      return
    }
    for path in paths {
      if Self.isFolder(path) {
        let files = Self.files(below: path).filter { Self.isExpectations($0) }
        for file in files { addCaptures(of: file) }
        if mayLackExpectations {
          let others = Self.files(below: path).filter { Self.isCapture($0) && !isPlanned($0) }
          items += others.map { Item(capture: $0) }
        } else if files.isEmpty {
          errors.append("'\(path)' has no expect.yml and no *.expect.yml")
        }
      } else if Self.isExpectations(path) {
        addCaptures(of: path)
      } else if let file = Self.beside(path) {
        if let expectations = read(file) { add(path, ifMeantBy: expectations) }
      } else if mayLackExpectations {
        items.append(Item(capture: path))
      } else {
        let name = Self.stem(of: path)
        errors.append(
          "'\(path)' has no expectations: neither '\(name).expect.yml' nor 'expect.yml' is beside it; "
            + "name them with --expect, or write them with --record")
      }
    }
  }

  private mutating func addCaptures(of path: String) {
    if let expectations = read(path) { addCaptures(of: expectations) }
  }

  private mutating func addCaptures(of expectations: Expectations) {
    let captures = Self.named(by: expectations)
    if captures.isEmpty {
      errors.append("'\(expectations.file)' names no capture, and there is none beside it")
    }
    add(captures, expectations)
  }

  /// Each capture is held against a file once, however it was found.
  private mutating func add(_ captures: [String], _ expectations: Expectations) {
    for capture in captures
    where !items.contains(where: {
      $0.capture == capture && $0.expectations?.file == expectations.file
    }) {
      items.append(Item(capture: capture, expectations: expectations))
    }
  }

  /// Adds a capture, unless the file beside it is about others.
  private mutating func add(_ capture: String, ifMeantBy expectations: Expectations) {
    let meant = Self.named(by: expectations).map(CaptureName.absolute)
    if expectations.captures.isEmpty || meant.contains(CaptureName.absolute(capture)) {
      add([capture], expectations)
    } else {
      errors.append("'\(capture)' is none of the captures that '\(expectations.file)' is about")
    }
  }

  private func isPlanned(_ capture: String) -> Bool { items.contains { $0.capture == capture } }

  private mutating func read(_ path: String) -> Expectations? {
    guard let data = InputFile.contents(path, atMost: Expectations.largestFile) else {
      errors.append("'\(path)' cannot be read")
      return nil
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      errors.append("'\(path)' is not UTF-8")
      return nil
    }
    do throws(ExpectationsError) {
      return try Expectations(reading: text, file: path)
    } catch {
      errors.append(error.description)
      return nil
    }
  }

  // MARK: - Names

  /// The captures of a file of expectations: those that it names, or those beside it.
  private static func named(by expectations: Expectations) -> [String] {
    let folder = Self.folder(of: expectations.file)
    if !expectations.captures.isEmpty {
      return expectations.captures.map { $0.hasPrefix("/") ? $0 : folder + $0 }
    }
    let name = expectations.file.dropFirst(folder.count)
    guard let end = name.firstRange(of: ".expect.") else {
      // Those that have a file of their own are held against that.
      return captures(in: folder.isEmpty ? "." : String(folder.dropLast())).filter {
        ownFile(of: $0) == nil
      }
    }
    let stem = folder + name[..<end.lowerBound]
    return captureEndings.flatMap { ending in compressions.map { "\(stem).\(ending)\($0)" } }
      .filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// The file of expectations beside a capture: its own, or the one of its folder.
  private static func beside(_ capture: String) -> String? {
    ownFile(of: capture) ?? existing(folder(of: capture) + "expect")
  }

  private static func ownFile(of capture: String) -> String? {
    existing(stem(of: capture) + ".expect")
  }

  private static func existing(_ name: String) -> String? {
    expectationEndings.map { "\(name).\($0)" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  private static func isExpectations(_ path: String) -> Bool {
    let name = path.dropFirst(folder(of: path).count)
    return expectationEndings.contains { name == "expect.\($0)" || name.hasSuffix(".expect.\($0)") }
  }

  private static func isCapture(_ path: String) -> Bool { stem(of: path) != path }

  /// The path without the endings of captures.
  private static func stem(of path: String) -> String {
    for compression in compressions {
      for ending in captureEndings where path.hasSuffix(".\(ending)\(compression)") {
        return String(path.dropLast(ending.count + compression.count + 1))
      }
    }
    return path
  }

  /// With the `/` behind it; empty where there is none.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  // MARK: - Folders

  private static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }

  private static func captures(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().filter { isCapture($0) }.map { join(folder, $0) }
  }

  /// The files in a folder and in those in it, in the order of their names; links to folders are not
  /// followed, so it ends.
  private static func files(below folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().flatMap { name in
      let path = join(folder, name)
      let type =
        try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      return type == .typeDirectory ? files(below: path) : [path]
    }
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}

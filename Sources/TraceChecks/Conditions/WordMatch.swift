import FlowTracker

extension FieldKind.Match {
  /// Whether a list of words is as expected, as far as that is known.
  func holds(_ expected: [String], of found: [String], _ outlook: Outlook) -> Truth {
    let isPartial = !outlook.isDisjoint(with: [.mayPrecede, .mayFollow, .mayLack])
    switch self {
    case .exactly:
      guard isPartial else { return Truth(found == expected) }
      if found == expected, outlook.contains(.isHidden) { return .yes }
      return Self.mayBecome(expected, found, outlook) ? .unknown : .no
    case .set:
      if Set(found) == Set(expected) { return .yes }
      return isPartial && Set(found).isSubset(of: expected) ? .unknown : .no
    case .through:
      let passed = Self.passed(expected, by: found)
      if passed == expected.count { return .yes }
      if !outlook.isDisjoint(with: [.mayPrecede, .mayLack]) { return .unknown }
      return outlook.contains(.mayFollow) && Self.mayFollow(found.last, expected[passed])
        ? .unknown : .no
    case .never:
      if found.contains(where: { expected.contains($0) }) { return .no }
      let mayHaveBeen = expected.contains { word in
        outlook.contains(.mayLack)
          || outlook.contains(.mayFollow) && Self.mayFollow(found.last, word)
          || outlook.contains(.mayPrecede) && Self.mayFollow(word, found.first)
      }
      return mayHaveBeen ? .unknown : .yes
    }
  }

  /// Whether the words that were found are those expected but for some that the capture does not have.
  private static func mayBecome(_ expected: [String], _ found: [String], _ outlook: Outlook) -> Bool
  {
    if outlook.contains(.mayLack) { return passed(found, by: expected) == found.count }
    guard found.count <= expected.count else { return false }
    let offsets = 0...(expected.count - found.count)
    return offsets.contains { offset in
      (offset == 0 || outlook.contains(.mayPrecede))
        && (offset == offsets.upperBound || outlook.contains(.mayFollow))
        && Array(expected[offset..<offset + found.count]) == found
    }
  }

  /// How many of the words, from the first on, a list has one after the other.
  private static func passed(_ words: [String], by list: [String]) -> Int {
    var rest = words[...]
    for word in list where word == rest.first { rest.removeFirst() }
    return words.count - rest.count
  }

  /// Whether one word may come some time after another: of states, whether a way leads there.
  private static func mayFollow(_ word: String?, _ next: String?) -> Bool {
    let state = { (name: String?) in EndpointState.allCases.first { $0.name == name } }
    guard let from = state(word), let to = state(next) else { return true }
    return from.reaches(to)
  }
}

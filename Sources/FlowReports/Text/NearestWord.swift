/// The word that somebody who wrote another one most likely meant.
package enum NearestWord {
  /// The word that is the fewest letters away, if that are few, or begins as it does for half of it or for
  /// six letters; of several, the first.
  package static func of(_ word: String, in words: [String]) -> String? {
    let limit = max(1, min(word.count, 60) / 3)
    var best: (word: String, distance: Int)?
    for candidate in words where abs(candidate.count - word.count) <= limit {
      let distance = distance(word.lowercased(), candidate.lowercased())
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word ?? longestBeginning(of: word, in: words)
  }

  private static func longestBeginning(of word: String, in words: [String]) -> String? {
    var best: (word: String, length: Int)?
    for candidate in words {
      let length = zip(word, candidate).prefix { $0 == $1 }.count
      if length * 2 > word.count || length >= 6, length > best?.length ?? 0 {
        best = (candidate, length)
      }
    }
    return best?.word
  }

  /// How many letters are to be inserted, removed, replaced or exchanged with their neighbour (the optimal
  /// string alignment distance).
  private static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var line = [row + 1]
      for column in right.indices {
        let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
        var best = min(replaced, last[column + 1] + 1, line[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        line.append(best)
      }
      (beforeLast, last) = (last, line)
    }
    return last[right.count]
  }
}

// What each key does.
extension LiveDisplay {
  /// Takes a key in the list of connections; `.quit` is what it may ask for.
  mutating func pressInList(_ key: Key) -> Request? {
    switch key {
    case .character("q"): return .quit
    case .up, .character("k"): select((selectedIndex ?? top + 1) - 1)
    case .down, .character("j"): select(selectedIndex.map { $0 + 1 } ?? top)
    case .pageUp, .control("b"): select((selectedIndex ?? top) - tableHeight)
    case .pageDown, .control("f"): select((selectedIndex ?? top) + tableHeight)
    case .home, .character("g"): select(0)
    case .end, .character("G"): select(listed.count - 1)
    case .enter:
      if selectedIndex == nil { select(top) }
      if let selected { mode = .ladder(Ladder(number: selected, page: pageLines([]))) }
    case .escape:
      // First the selection, then the filter.
      if selected != nil { select(nil) } else { try? apply("") }
    case .character("/"):
      mode = .filter(InputLine(filterText), before: filterText, mistake: nil)
    case .character("s"): turn(order: order.neighbour(1), isReversed: false)
    case .character("S"): turn(order: order.neighbour(-1), isReversed: false)
    case .character("r"): turn(order: order, isReversed: !isReversed)
    case .character("p"), .character(" "): pause(!isPaused)
    case .character("?"), .character("h"): mode = .help(pageLines(HelpPage.lines))
    default: break
    }
    return nil
  }

  /// Takes a key while a filter is typed: what it shows is seen at once, unless there is a mistake in it.
  mutating func pressInFilter(_ key: Key, _ line: InputLine, _ before: String) {
    var line = line
    switch key {
    case .escape:
      try? apply(before)
      mode = .list
    case .enter:
      if case .filter(_, _, .some) = mode { return }
      mode = .list
    default:
      guard line.take(key) else { return }
      do throws(LiveFilter.Mistake) {
        try apply(line.text)
        mode = .filter(line, before: before, mistake: nil)
      } catch {
        mode = .filter(line, before: before, mistake: error)
      }
    }
  }

  /// Goes back to the list, if the key means that.
  mutating func leave(with key: Key) {
    switch key {
    case .escape, .backspace, .character("q"), .character("?"), .character("h"): mode = .list
    default: break
    }
  }
}

extension RowOrder {
  /// The order that stands so far behind this one.
  func neighbour(_ distance: Int) -> RowOrder {
    let all = Self.allCases
    let index = all.firstIndex(of: self) ?? 0
    return all[(index + distance + all.count) % all.count]
  }
}

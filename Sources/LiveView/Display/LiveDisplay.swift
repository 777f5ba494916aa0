/// The live view of the connections of a capture, without its terminal: snapshots, keys and sizes go in, a
/// `Screen` comes out.
package struct LiveDisplay: Sendable {
  /// What whoever runs the display is to do.
  package enum Request: Equatable, Sendable {
    /// End the capture.
    case quit
    /// Stop the process, as Ctrl-Z does where no program takes the keys.
    case suspend
    /// Write the whole screen anew.
    case redraw
  }

  package private(set) var columns: Int
  package private(set) var rows: Int
  private(set) var isPaused = false
  /// What is shown, and what has come since the display was paused.
  private(set) var snapshot: LiveSnapshot?
  private var latest: LiveSnapshot?
  private(set) var rates = Rates()
  /// The rates of the snapshot that is shown.
  private(set) var shownRates = Rates()

  private(set) var order = RowOrder.change
  private(set) var isReversed = false
  private(set) var filterText = ""
  private var filter = LiveFilter()
  /// The rows that the filter shows, in order, as indices of the snapshot's.
  private(set) var listed: [Int] = []

  /// The number of the connection that is selected, and where it stands among those that are listed.
  private(set) var selected: Int?
  private(set) var selectedIndex: Int?
  /// The first one on the screen.
  private(set) var top = 0

  var mode = Mode.list
  /// How wide the addresses were so far, so that columns do not jump.
  var widest: [Int]
  private var request: Request?

  enum Mode: Sendable {
    case list
    /// A filter is typed; the one before it is kept.
    case filter(InputLine, before: String, mistake: LiveFilter.Mistake?)
    case ladder(Ladder)
    case help(TextPage)
  }

  /// The ladder of a connection.
  struct Ladder: Sendable {
    var number: Int
    var page: TextPage
    /// Whether its lines are those of the connection as it is shown.
    var isCurrent = false
  }

  /// An empty display for a terminal of that size.
  package init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
    widest = LiveColumn.allCases.map(\.usualWidth)
    resize(columns: columns, rows: rows)
  }

  // MARK: - What goes in

  /// Shows how things are now; while it is paused, later.
  package mutating func show(_ snapshot: LiveSnapshot) {
    rates.update(snapshot)
    latest = snapshot
    if !isPaused || self.snapshot == nil { showLatest() }
  }

  private mutating func showLatest() {
    guard let latest else { return }
    if case .ladder(var ladder) = mode {
      let (before, now) = (self.snapshot?.row(ladder.number), latest.row(ladder.number))
      if before?.packets != now?.packets || before?.lastChange != now?.lastChange {
        ladder.isCurrent = false
        mode = .ladder(ladder)
      }
    }
    (snapshot, shownRates) = (latest, rates)
    arrange()
  }

  /// Fits what is shown into a terminal of that size.
  package mutating func resize(columns: Int, rows: Int) {
    self.columns = min(max(columns, 1), Screen.mostColumns)
    self.rows = min(max(rows, 1), Screen.mostRows)
    widest = LiveColumn.allCases.map(\.usualWidth)
    switch mode {
    case .ladder(var ladder):
      ladder.page.height = pageHeight
      ladder.isCurrent = false
      mode = .ladder(ladder)
    case .help(var page):
      page.height = pageHeight
      mode = .help(page)
    case .list, .filter: break
    }
    scroll()
  }

  /// What is to be done because of the keys that were pressed; it is asked for only once.
  package mutating func takeRequest() -> Request? {
    defer { request = nil }
    return request
  }

  /// The connection whose ladder is open.
  package var openLadder: Int? {
    if case .ladder(let ladder) = mode { ladder.number } else { nil }
  }

  /// The connection whose ladder is to be given to `showLadder(of:_:)`, in lines of `columns` characters: it
  /// was opened, or has changed since.
  package var neededLadder: Int? {
    if case .ladder(let ladder) = mode, !ladder.isCurrent { ladder.number } else { nil }
  }

  /// Shows the ladder of a connection, if it is the one that is open.
  package mutating func showLadder(of number: Int, _ lines: [String]) {
    guard case .ladder(var ladder) = mode, ladder.number == number else { return }
    ladder.page.lines = lines
    ladder.isCurrent = true
    mode = .ladder(ladder)
  }

  /// Takes a key.
  package mutating func press(_ key: Key) {
    switch key {
    case .control("c"): request = .quit
    case .control("z"): request = .suspend
    case .control("l"): request = .redraw
    default:
      switch mode {
      case .list: if pressInList(key) == .quit { request = .quit }
      case .filter(let line, let before, _): pressInFilter(key, line, before)
      case .ladder(var ladder):
        if ladder.page.take(key) { mode = .ladder(ladder) } else { leave(with: key) }
      case .help(var page):
        if page.take(key) { mode = .help(page) } else { leave(with: key) }
      }
    }
  }

  // MARK: - What keys do

  func pageLines(_ lines: [String]) -> TextPage { TextPage(lines, height: pageHeight) }

  mutating func turn(order: RowOrder, isReversed: Bool) {
    (self.order, self.isReversed) = (order, isReversed)
    arrange()
  }

  mutating func pause(_ isPaused: Bool) {
    self.isPaused = isPaused
    if !isPaused { showLatest() }
  }

  /// Shows what a filter shows, if there is no mistake in it.
  mutating func apply(_ text: String) throws(LiveFilter.Mistake) {
    filter = try LiveFilter(text)
    filterText = text
    arrange()
  }

  mutating func select(_ index: Int?) {
    selectedIndex = index.flatMap { listed.isEmpty ? nil : min(max($0, 0), listed.count - 1) }
    selected = selectedIndex.flatMap { row(at: $0)?.number }
    scroll()
  }

  // MARK: - Which rows are where

  /// The row that stands at a place of the list.
  func row(at index: Int) -> LiveRow? { snapshot?.rows[listed[index]] }

  private mutating func arrange() {
    guard let snapshot else { return }
    let filter = filter
    listed = order.arrange(
      snapshot.rows, where: { filter.isEmpty || filter.shows($0) }, rates: shownRates,
      at: snapshot.time, isReversed: isReversed)
    if let selected {
      // Where it is no longer listed, what stands in its place is selected.
      let index = listed.firstIndex { snapshot.rows[$0].number == selected }
      select(index ?? selectedIndex ?? 0)
    } else {
      scroll()
    }
  }

  /// Has the selected row on the screen; without one, the first.
  private mutating func scroll() {
    let height = max(tableHeight, 1)
    guard let selectedIndex else {
      top = 0
      return
    }
    top = min(max(top, selectedIndex - height + 1), selectedIndex)
    top = max(0, min(top, listed.count - height))
  }
}

extension LiveSnapshot {
  fileprivate func row(_ number: Int) -> LiveRow? { rows.first { $0.number == number } }
}

/// Which columns stand where, in the width that there is.
struct TableLayout {
  struct Place {
    var column: LiveColumn
    var start: Int
    var width: Int
  }

  let places: [Place]

  /// What no screen should be without, as far as it has room; the most important first.
  private static let mainColumns: [LiveColumn] = [
    .client, .server, .clientState, .serverState, .findings, .rate,
  ]
  /// What comes where more room is left, in this order; those of a group together.
  private static let otherColumns: [[LiveColumn]] = [
    [.handshake], [.close], [.number], [.duration], [.packets], [.payload],
    [.clientRate, .serverRate],
  ]

  /// Findings do not take more than this from other columns; their names are long.
  private static let mostFindings = 24

  /// - Parameters:
  ///   - wanted: The width of each column in which nothing of it has to be cut.
  ///   - columns: The width of the screen.
  init(wanted: [Int], columns: Int) {
    let gap = columns < 100 ? 1 : 2
    var widths = [Int](repeating: 0, count: LiveColumn.allCases.count)
    var free = columns + gap
    for column in Self.mainColumns where column.leastWidth + gap <= free {
      widths[column.rawValue] = column.leastWidth
      free -= column.leastWidth + gap
    }
    // Both addresses grow alike, and then the findings.
    for group in [[LiveColumn.client, .server], [.findings]] {
      while let column = group.filter({ column in
        let most = column == .findings ? Self.mostFindings : .max
        return widths[column.rawValue] > 0
          && widths[column.rawValue] < min(wanted[column.rawValue], most)
      }).min(by: { widths[$0.rawValue] < widths[$1.rawValue] }), free > 0 {
        widths[column.rawValue] += 1
        free -= 1
      }
    }
    for group in Self.otherColumns {
      let needed = group.reduce(0) { $0 + wanted[$1.rawValue] + gap }
      guard needed <= free else { continue }
      for column in group { widths[column.rawValue] = wanted[column.rawValue] }
      free -= needed
    }
    // The last column has the rest of the line.
    if widths[LiveColumn.findings.rawValue] > 0 { widths[LiveColumn.findings.rawValue] += free }

    var start = 0
    var places: [Place] = []
    for column in LiveColumn.allCases where widths[column.rawValue] > 0 {
      let width = widths[column.rawValue]
      places.append(Place(column: column, start: start, width: width))
      start += width + gap
    }
    // Not even one column fits.
    if places.isEmpty { places = [Place(column: .client, start: 0, width: columns)] }
    self.places = places
  }
}

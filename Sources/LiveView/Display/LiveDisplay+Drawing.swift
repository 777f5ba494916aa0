import FlowAnalysis
import FlowReports
import PacketParser

// How it looks.
extension LiveDisplay {
  /// What the terminal is to show.
  package mutating func draw() -> Screen {
    var screen = Screen(columns: columns, rows: rows)
    switch mode {
    case .list, .filter:
      if let snapshot {
        drawTable(of: snapshot, on: &screen)
        LiveHeader(snapshot, shownRates, isPaused: isPaused)
          .draw(on: &screen, height: headerHeight)
      } else {
        screen.put("Waiting for the first packet…", row: 0, column: 0)
      }
      drawFooter(on: &screen)
    case .ladder(let ladder):
      let title = "connection \(ladder.number)" + (ladder.isCurrent ? "" : " …")
      draw(ladder.page, title, on: &screen)
    case .help(let page): draw(page, "synfin live", on: &screen)
    }
    return screen
  }

  // MARK: - Heights

  /// One line of the header at least, all of them where that leaves enough for the connections.
  private var headerHeight: Int { min(LiveHeader.mostLines, max(1, (rows - 4) / 3)) }
  /// Whether there is a line for what is to be said of the selected connection.
  private var hasDetail: Bool { rows >= 12 }
  /// Below the header and the titles of the columns, above the footer.
  var tableHeight: Int { max(0, rows - headerHeight - 2 - (hasDetail ? 1 : 0)) }
  var pageHeight: Int { max(1, rows - 2) }

  // MARK: - Connections

  private mutating func drawTable(of snapshot: LiveSnapshot, on screen: inout Screen) {
    let shown = top..<min(top + tableHeight, listed.count)
    let cells = shown.map { index in
      let row = snapshot.rows[listed[index]]
      return LiveColumn.allCases.map {
        $0.cell(row, shownRates[row.number], at: snapshot.time)
      }
    }
    for row in cells {
      for index in row.indices { widest[index] = max(widest[index], row[index].text.terminalWidth) }
    }
    let layout = TableLayout(wanted: widest, columns: columns)
    for place in layout.places {
      let title = TextTable.Cell(place.column.title + mark(place.column), .heading)
      draw(title, place, row: headerHeight, on: &screen)
      for (index, row) in cells.enumerated() {
        let isEnded = snapshot.rows[listed[top + index]].isEnded
        draw(
          row[place.column.rawValue], place, row: headerHeight + 1 + index, on: &screen,
          otherwise: isEnded ? .faint : nil)
      }
    }
    if let selectedIndex, shown.contains(selectedIndex) {
      let row = headerHeight + 1 + selectedIndex - top
      screen.setStyle(Screen.Style(isReversed: true), row: row)
    }
    if hasDetail, let selectedIndex, let row = row(at: selectedIndex) {
      detail(of: row).draw(on: &screen, row: rows - 2)
    }
  }

  /// Which way the column is in order, if the rows are by it.
  private func mark(_ column: LiveColumn) -> String {
    column.order == order ? (isReversed ? "↑" : "↓") : ""
  }

  private func draw(
    _ cell: TextTable.Cell, _ place: TableLayout.Place, row: Int, on screen: inout Screen,
    otherwise tone: TextStyle.Tone? = nil
  ) {
    let width = cell.text.terminalWidth
    var text = cell.text
    if width > place.width {
      // The port of an address stands at its end; a finding is known by its beginning.
      text =
        place.column == .findings
        ? text.prefix(place.width - 1) + "…" : text.elided(to: place.width)
    }
    let padding = place.column.alignsRight ? max(0, place.width - width) : 0
    screen.put(
      text, row: row, column: place.start + padding, Screen.Style(cell.tone ?? tone),
      limit: place.start + place.width)
  }

  /// What is to be said of the selected connection, whatever columns there are.
  private func detail(of row: LiveRow) -> Items {
    var items = Items()
    items.append("#\(row.number)", .heading)
    for finding in row.findings { items.append(finding.printable, row.severity?.tone) }
    let handshake = TextTable.Cell.handshake(row.handshake, row.handshakeKind)
    items.append("handshake \(handshake.text)", handshake.tone)
    if row.closeCell.text != "–" { items.append(row.closeCell.text, row.closeCell.tone) }
    items.append(
      "\(Quantity.count(row.clientSent.packets))/\(Quantity.count(row.serverSent.packets)) packets")
    items.append(
      "\(Quantity.bytes(row.clientSent.payload))/\(Quantity.bytes(row.serverSent.payload))")
    return items
  }

  // MARK: - The last line

  private func drawFooter(on screen: inout Screen) {
    let last = rows - 1
    if case .filter(let line, _, let mistake) = mode {
      var limit = columns
      if let mistake {
        // What is wrong has up to two thirds of the line.
        limit = max(columns - mistake.description.terminalWidth - 2, columns / 3)
      }
      screen.put("/", row: last, column: 0, Screen.Style(.heading))
      let column = line.draw(on: &screen, row: last, column: 1, limit: limit)
      if let mistake {
        screen.put(mistake.description, row: last, column: column + 2, Screen.Style(.bad))
      }
      return
    }
    var items = Items()
    if !filterText.isEmpty { items.append("/\(filterText)", .warning) }
    if snapshot != nil {
      items.append(place)
      items.append(isReversed ? order.names.reversed : order.names.usual)
    }
    for key in ["? help", "/ filter", "q end", "s order", "Enter ladder", "p pause"] {
      items.append(key, .faint)
    }
    items.draw(on: &screen, row: last)
  }

  /// `1–17 of 312`, and of how many where the filter leaves some out.
  private var place: String {
    let all = snapshot?.rows.count ?? 0
    let listed =
      "\(Quantity.count(listed.count))"
      + (listed.count < all ? " (\(Quantity.count(all)))" : "")
    let last = min(top + tableHeight, self.listed.count)
    return last == 0 ? listed : "\(Quantity.count(top + 1))–\(Quantity.count(last)) of \(listed)"
  }

  private func draw(_ page: TextPage, _ title: String, on screen: inout Screen) {
    screen.put(title, row: 0, column: 0, Screen.Style(.heading))
    page.draw(on: &screen, from: 1)
    var items = Items()
    if !page.place.isEmpty { items.append(page.place) }
    for key in ["↑↓←→ move", "q back"] { items.append(key, .faint) }
    items.draw(on: &screen, row: rows - 1)
  }
}

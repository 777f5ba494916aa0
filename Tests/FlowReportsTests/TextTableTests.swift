import FlowReports
import Testing

struct TextTableTests {
  private func table() -> TextTable {
    var table = TextTable(columns: [
      .init("#", alignsRight: true),
      .init("name", isElidable: true),
      .init("state", dispensability: 1),
      .init("bytes", alignsRight: true, dispensability: 2),
      .init("also", dispensability: 2),
    ])
    table.append([.init("1"), .init("one"), .init("open", .good), .init("7"), .init("x")])
    table.append([
      .init("20"), .init("[2001:db8::1234]:443"), .init("–"), .init("12,345"), .init(""),
    ])
    return table
  }

  private func lines(_ style: TextStyle) -> [String] {
    table().render(style).split(separator: "\n").map(String.init)
  }

  @Test func `without a limit everything is shown, aligned, and no line ends in spaces`() {
    #expect(
      lines(TextStyle()) == [
        " #  name                  state   bytes  also",
        " 1  one                   open        7  x",
        "20  [2001:db8::1234]:443  –      12,345",
      ])
  }

  @Test(arguments: [
    (45, ["#", "name", "state", "bytes", "also"]),
    (44, ["#", "name", "state"]),
    (31, ["#", "name", "state"]),
    (30, ["#", "name"]),
  ])
  func `columns are left out in their order, those of a number together`(
    width: Int, expected: [String]
  ) {
    let heading = lines(TextStyle(columns: width))[0].split(separator: " ").map(String.init)
    #expect(heading == expected)
  }

  @Test func `where a dispensable column does not fit a narrower one may`() {
    var table = TextTable(columns: [
      .init("a"), .init("much wider", dispensability: 1), .init("b", dispensability: 2),
    ])
    table.append([.init("1"), .init("2"), .init("3")])
    #expect(table.render(TextStyle(columns: 8)) == "a  b\n1  3\n")
  }

  @Test func `then the gaps narrow, and long texts lose their middles`() {
    #expect(lines(TextStyle(columns: 24))[2] == "20  [2001:db8::1234]:443")
    #expect(lines(TextStyle(columns: 23))[2] == "20 [2001:db8::1234]:443")
    #expect(lines(TextStyle(columns: 20))[2] == "20 [2001:db…234]:443")
    #expect(lines(TextStyle(columns: 1))[2] == "20 [2001:…]:443")
    #expect(lines(TextStyle(columns: 1))[1] == " 1 one")
  }

  @Test func `colours only when they are asked for, and outside the padding`() {
    #expect(!table().render(TextStyle()).contains("\u{1b}"))
    let colored = lines(TextStyle(usesColor: true))
    #expect(colored[0].contains("\u{1b}[1mstate\u{1b}[0m   \u{1b}[1mbytes\u{1b}[0m"))
    #expect(colored[1].contains("\u{1b}[32mopen\u{1b}[0m "))
  }
}

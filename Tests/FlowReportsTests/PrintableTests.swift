import FlowReports
import Testing

struct PrintableTests {
  @Test func `control characters of a name are spelt out`() {
    #expect("a\u{1b}[31m\n\u{9b}Ü".printable == "a\\u{1b}[31m\\u{a}\\u{9b}Ü")
  }
}

import LiveView
import Testing
import TraceScript

struct KeyDecoderTests {
  private func keys(_ bytes: [UInt8]) -> [Key] {
    var decoder = KeyDecoder()
    let keys = decoder.decode(bytes)
    return keys + decoder.endPause()
  }

  private func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

  @Test(arguments: [
    ("\u{1b}[A", Key.up), ("\u{1b}OA", .up), ("\u{1b}[B", .down), ("\u{1b}OB", .down),
    ("\u{1b}[C", .right), ("\u{1b}[D", .left), ("\u{1b}[1;5D", .left), ("\u{1b}[H", .home),
    ("\u{1b}OH", .home), ("\u{1b}[1~", .home), ("\u{1b}[7~", .home), ("\u{1b}[F", .end),
    ("\u{1b}[4~", .end), ("\u{1b}[8~", .end), ("\u{1b}[5~", .pageUp), ("\u{1b}[6~", .pageDown),
    ("\u{1b}[6;2~", .pageDown), ("\u{1b}[3~", .delete), ("\r", .enter), ("\n", .enter),
    ("\t", .tab), ("\u{7f}", .backspace), ("\u{8}", .backspace), ("\u{3}", .control("c")),
    ("\u{1a}", .control("z")), ("q", .character("q")), ("é", .character("é")),
    ("語", .character("語")), ("👩", .character("👩")), (" ", .character(" ")),
  ])
  func `each key by itself`(text: String, key: Key) {
    #expect(keys(text) == [key])
  }

  @Test func `escape is a key when nothing follows`() {
    var decoder = KeyDecoder()
    #expect(decoder.decode([0x1b]) == [])
    #expect(decoder.isWaiting)
    #expect(decoder.endPause() == [.escape])
    #expect(!decoder.isWaiting)
    #expect(decoder.endPause() == [])
    // What comes later is no part of it.
    #expect(decoder.decode(Array("[A".utf8)) == [.character("["), .character("A")])
  }

  @Test(arguments: [
    ("\u{1b}q", [Key.escape, .character("q")]), ("\u{1b}\u{1b}[A", [.escape, .up]),
    ("\u{1b}[", [.escape, .character("[")]), ("\u{1b}O", [.escape, .character("O")]),
    ("\u{1b}[5\u{1b}[6~", [.pageDown]), ("\u{1b}[1\u{3}", [.control("c")]),
    ("\u{1b}[[Aq", [.character("q")]), ("\u{1b}[99~q", [.character("q")]),
    ("\u{1b}]0;title q\u{7}q", [.character("q")]), ("\u{1b}P q \u{1b}\\q", [.character("q")]),
    ("\u{1b}[?1;2cq", [.character("q")]), ("\u{1b}]never ended", []), ("\u{1b}[1;5", []),
    ("\u{1b}O\u{1b}[A", [.up]),
  ])
  func `sequences that are cut, unknown or strings leave no strays`(text: String, expected: [Key]) {
    #expect(keys(text) == expected)
  }

  @Test(
    arguments: [
      [0xc3], [0x80, 0xbf, 0xfe, 0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
      [0xc2, 0x9b], [0x00, 0x1c, 0x1f],
    ] as [[UInt8]])
  func `what is no character is no key`(bytes: [UInt8]) {
    #expect(keys(bytes) == [])
    #expect(keys(bytes + [0x71]).last == .character("q"))
  }

  @Test func `it does not matter where reads end`() {
    let bytes = Array("a\u{1b}[A\u{1b}OBé語👩\u{1b}[1;5C\u{1b}]2;x\u{1b}\\\u{1b}[5~\rq".utf8)
    let whole = keys(bytes)
    #expect(whole.count == 10)
    for first in bytes.indices {
      for second in first..<bytes.count {
        var decoder = KeyDecoder()
        let parts = [bytes[..<first], bytes[first..<second], bytes[second...]]
        #expect(parts.flatMap { decoder.decode($0) } == whole)
      }
    }
  }

  @Test func `any bytes are taken, and a key gets through after them`() {
    var randomness = Randomness(seed: 20_261)
    for _ in 0..<2_000 {
      var decoder = KeyDecoder()
      let bytes = (0..<40).map { _ in UInt8.random(in: 0...255, using: &randomness) }
      let keys = decoder.decode(bytes) + decoder.endPause()
      #expect(keys.count <= bytes.count)
      #expect(decoder.decode([0x71]) == [.character("q")])
    }
  }

  @Test func `a sequence without end is not kept`() {
    var decoder = KeyDecoder()
    _ = decoder.decode([0x1b, 0x5b] + [UInt8](repeating: 0x31, count: 1_000_000))
    #expect(decoder.decode(Array("~q".utf8)) == [.character("q")])
  }
}

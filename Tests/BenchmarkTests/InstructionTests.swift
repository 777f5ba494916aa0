import Foundation
import Testing
import TraceScript

@testable import Benchmarks

@Suite struct InstructionTests {
  private let book = InstructionBook(
    swift: "Swift 6", instructionsPerPacket: ["ordinary": 800, "long": 600])

  @Test func `growth beyond five percent fails`() {
    #expect(book.verdict(on: 839, of: "ordinary").isGood)
    #expect(!book.verdict(on: 841, of: "ordinary").isGood)
    #expect(book.verdict(on: 880, of: "ordinary").description == "+10.00 %: too many")
  }

  @Test func `a gain passes, and may be kept`() {
    let verdict = book.verdict(on: 540, of: "long")
    #expect(verdict.isGood)
    #expect(verdict.description == "-10.00 %: make bench-check UPDATE=1 keeps the gain")
    #expect(book.verdict(on: 590, of: "long").description == "-1.67 %")
    #expect(book.verdict(on: 599.99, of: "long").description == "+0.00 %")
  }

  @Test func `a capture that the book does not have fails`() {
    #expect(!book.verdict(on: 1, of: "lossy").isGood)
  }

  @Test func `a book is read as it was written`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/book.json"
    try book.write(to: path)
    #expect(try InstructionBook(path: path) == book)
  }

  @Test func `the book of this repository has every counted capture`() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Benchmarks/Instructions/instructions.json").path
    let names = try InstructionBook(path: path).instructionsPerPacket.keys
    #expect(Set(names) == Set(CountedCapture.all.map(\.name)))
  }

  @Test func `the count is what callgrind collected, unless that is nothing`() {
    let log = "==7== Events    : Ir\n==7== Collected : 163318753\n==7== \n"
    #expect(InstructionCount.collected(in: log) == 163_318_753)
    #expect(InstructionCount.collected(in: "==7== Collected : 0\n") == nil)
    #expect(InstructionCount.collected(in: "") == nil)
  }
}

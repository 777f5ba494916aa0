import Testing

@testable import Benchmarks

@Suite struct CostTests {
  @Test func `a median is the value in the middle, or the mean of the two there`() {
    #expect([3.0].median == 3)
    #expect([9.0, 1, 2].median == 2)
    #expect([8.0, 1, 2, 100].median == 5)
  }

  @Test func `each figure has its own median`() {
    let cost = Cost(medianOf: [
      Cost(processorSeconds: 1, elapsedSeconds: 30, peakBytes: 200),
      Cost(processorSeconds: 2, elapsedSeconds: 10, peakBytes: 300),
      Cost(processorSeconds: 3, elapsedSeconds: 20, peakBytes: 100),
    ])
    #expect(cost == Cost(processorSeconds: 2, elapsedSeconds: 20, peakBytes: 200))
  }
}

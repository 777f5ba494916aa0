import FlowAnalysis
import Testing

/// How many different values there were, in a fixed amount of memory.
struct DistinctCountTests {
  @Test(arguments: [0, 1, 15, 254, 1_000, 1_024])
  func `few are counted exactly, however often they come`(count: Int) {
    var distinct = DistinctCount()
    for _ in 0..<3 { for value in 0..<count { distinct.insert(UInt64(value)) } }
    #expect(distinct.count == count)
    #expect(!distinct.isEstimate)
  }

  @Test(arguments: [1_025, 5_000, 12_000, 100_000, 1_000_000])
  func `many are estimated to some percent`(count: Int) {
    var distinct = DistinctCount()
    for value in 0..<count { distinct.insert(UInt64(value) &* 0x9e37_79b9) }
    #expect(distinct.isEstimate)
    #expect(abs(distinct.count - count) * 20 < count, "\(distinct.count)")
  }

  @Test func `every port is told from every other`() {
    var ports = PortSet()
    for port in 0...UInt16.max { ports.insert(port) }
    for port in [0, 22, 65535] as [UInt16] { ports.insert(port) }
    #expect(ports.count == 65_536)
    #expect(ports.first(3) == [0, 1, 2])
    var few = PortSet()
    for port in [65535, 64, 63] as [UInt16] { few.insert(port) }
    #expect(few.first(16) == [63, 64, 65535])
  }
}

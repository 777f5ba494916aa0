import CTraceGenerator
import Foundation

/// A capture that a benchmark writes or reads, by its path.
struct TraceFile {
  var path: String

  /// The version of the libpcap that reads it.
  static var libraryVersion: String { unsafe String(cString: floor_library()) }

  /// Writes a synthetic capture; throws the system's error when the file cannot be written.
  func generate(_ shape: trace_shape) throws -> trace_totals {
    var totals = trace_totals()
    let error = unsafe trace_generate(path, shape, &totals)
    guard error == 0 else {
      let reason = unsafe String(cString: strerror(error))
      throw BenchmarkError("cannot write '\(path)': \(reason)")
    }
    return totals
  }

  /// The cost of reading the capture with an empty `pcap_loop`; throws libpcap's complaint.
  func measureFloor() throws -> floor_cost {
    var cost = floor_cost()
    var complaint = [CChar](repeating: 0, count: 256)
    guard unsafe floor_measure(path, &cost, &complaint) == 0 else {
      let reason = String(
        decoding: complaint.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      throw BenchmarkError("cannot read '\(path)': \(reason)")
    }
    return cost
  }
}

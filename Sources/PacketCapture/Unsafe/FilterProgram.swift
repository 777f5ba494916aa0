internal import CPcap

/// A compiled filter, as libpcap keeps it.
@safe
struct FilterProgram: ~Copyable {
  /// Where the program is; valid as long as this value lives.
  let pointer: UnsafePointer<bpf_program>

  /// Compiles `expression`, or throws libpcap's message about it.
  init(
    _ expression: String, linkTypeNumber: Int32, snapLength: Int
  ) throws(FilterRefusal) {
    // A handle on nothing, so that what goes wrong here leaves no mark on a capture.
    guard let handle = unsafe pcap_open_dead(linkTypeNumber, Int32(clamping: snapLength)) else {
      throw FilterRefusal(message: "out of memory")
    }
    defer { unsafe pcap_close(handle) }
    try unsafe self.init(expression, for: handle)
  }

  /// Compiles `expression` for what `handle` captures, or throws libpcap's message about it.
  init(_ expression: String, for handle: OpaquePointer) throws(FilterRefusal) {
    let program = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
    unsafe program.initialize(to: bpf_program())
    let (optimize, unknownNetmask) = (Int32(1), UInt32.max)
    guard unsafe pcap_compile(handle, program, expression, optimize, unknownNetmask) == 0 else {
      unsafe program.deallocate()
      throw FilterRefusal(message: unsafe String(cString: pcap_geterr(handle)))
    }
    unsafe pointer = UnsafePointer(program)
  }

  deinit {
    let program = unsafe UnsafeMutablePointer(mutating: pointer)
    unsafe pcap_freecode(program)
    unsafe program.deallocate()
  }
}

/// libpcap's message on an expression that it refuses.
struct FilterRefusal: Error {
  let message: String
}

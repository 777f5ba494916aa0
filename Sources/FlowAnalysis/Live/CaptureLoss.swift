/// Frames that came to an interface and not into the capture, as libpcap counts them (`pcap_stats`).
public struct CaptureLoss: Sendable, Equatable {
  /// Because the program did not read them in time.
  public var droppedByKernel: Int
  /// By the network card or its driver, where that tells.
  public var droppedByInterface: Int

  public init(droppedByKernel: Int = 0, droppedByInterface: Int = 0) {
    self.droppedByKernel = droppedByKernel
    self.droppedByInterface = droppedByInterface
  }

  public var total: Int { droppedByKernel + droppedByInterface }
}

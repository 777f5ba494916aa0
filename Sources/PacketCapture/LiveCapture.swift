/// A capture on an interface, as it happens.
///
/// Opening it needs the permission to capture; reading does not, so that privileges can be dropped between.
public struct LiveCapture: ~Copyable {
  /// As it was given; "any" is all of them.
  public let interface: String
  /// Frames read so far.
  public private(set) var framesRead = 0
  /// libpcap's words on what it does otherwise than it was asked to; `nil` when there is nothing.
  public var warning: String? { handle.warning }
  /// Ends a wait for frames from elsewhere.
  public let waker: CaptureWaker

  private let handle: LiveHandle
  private var waiting: DescriptorWait
  /// A wake-up that no call has told of yet.
  private var isWoken = false
  /// The last read came to its limit, so the next need not wait.
  private var mayHaveMore = false
  private var isDown = false
  /// What reading failed with: it cannot go on.
  private var failure: LiveCaptureError?
  private var counted = LiveStatistics()
  private var lastCounts: (received: UInt32, droppedByKernel: UInt32, droppedByInterface: UInt32) =
    (0, 0, 0)

  /// Opens an interface.
  ///
  /// - Throws: `LiveCaptureError`: no permission, no such interface, one that is down, a filter that does not
  ///   compile, or a setting that the interface does not have.
  public init(interface: String, settings: LiveCaptureSettings) throws(LiveCaptureError) {
    // To libpcap a name would end at a NUL, and no name is "any".
    guard !interface.isEmpty, !interface.contains("\0") else {
      throw .noSuchInterface(interface)
    }
    let handle: LiveHandle
    do throws(ActivationFailure) {
      handle = try LiveHandle(interface, settings)
    } catch {
      throw LiveCaptureError(error, interface)
    }
    let isFiltering: Bool
    do throws(FilterMistake) {
      // Without a filter the kernel would copy whole frames: only its program tells the snap length.
      isFiltering = handle.setFilter(try handle.compile(settings.filter ?? ""))
    } catch {
      throw interface == "any" && error.isNoneOnEthernet
        ? .filterOfOneInterface(error) : .filter(error)
    }
    guard isFiltering else {
      throw .cannotCapture(interface: interface, reason: handle.errorMessage)
    }
    guard let waker = CaptureWaker() else {
      throw .cannotCapture(interface: interface, reason: "no file descriptors are left")
    }
    waiting = DescriptorWait(forFramesOf: handle.descriptor, wokenBy: waker.pipe)
    self.interface = interface
    self.waker = waker
    self.handle = handle
  }

  /// The link-layer header type as libpcap numbers it (a `DLT_` value).
  public var linkTypeNumber: Int32 { handle.linkTypeNumber }
  /// libpcap's name of the link type, such as "EN10MB", or "DLT_n" where it has none.
  public var linkTypeName: String { LinkTypeText.name(linkTypeNumber) }
  /// The most bytes of a frame that are kept.
  public var snapLength: Int { handle.snapLength }
  /// What a file of these frames has to say of them.
  public var format: CaptureFormat {
    CaptureFormat(
      linkTypeNumber: linkTypeNumber, snapLength: snapLength,
      hasNanoseconds: handle.hasNanoseconds)
  }

  /// Has a wait for frames end, too, when `descriptor` can be read.
  ///
  /// That may be standard input, or a pipe that a signal handler writes into. Whoever owns it reads it.
  public mutating func watch(_ descriptor: Int32) {
    waiting.watch(descriptor)
  }

  /// Reads up to `limit` frames into `receiver`, and waits for the first of them if none is there.
  ///
  /// Frames that are there are read in any case. A wake-up is told even if frames were read, too, so that
  /// traffic drowns none.
  ///
  /// - Parameters:
  ///   - limit: The most frames that are read before it returns, more than 0.
  ///   - milliseconds: The longest time to wait for a frame; 0 does not wait.
  ///   - receiver: Who takes the frames.
  /// - Returns: Why it returned.
  /// - Throws: `LiveCaptureError.disappeared` when the interface was removed, and `.cannotCapture`; what came
  ///   before was read.
  public mutating func readFrames<Receiver: FrameReceiver & ~Copyable>(
    atMost limit: Int, waitingAtMost milliseconds: Int, into receiver: inout Receiver
  ) throws(LiveCaptureError) -> LivePause {
    precondition(limit > 0)
    if let failure { throw failure }
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: .milliseconds(min(milliseconds, Int(Int32.max))))
    while true {
      // What is left of the last read, the interface may not tell as something new.
      let left = mayHaveMore ? .zero : clock.now.duration(to: end)
      let pause = try readOnce(atMost: limit, waitingAtMost: left, into: &receiver)
      // Frames may have come that libpcap hides, such as the other halves of a loopback interface's.
      guard pause == .timeout, clock.now < end else { return pause }
    }
  }

  /// How often an interface that is down is looked for: nothing tells that it goes away.
  private static let lookMilliseconds = 100
  /// How many frames are read at most before a wake-up is looked for.
  private static let stride = 1 << 14

  private mutating func readOnce<Receiver: FrameReceiver & ~Copyable>(
    atMost limit: Int, waitingAtMost duration: Duration, into receiver: inout Receiver
  ) throws(LiveCaptureError) -> LivePause {
    if waiting.wait(atMost: isDown ? min(duration, .milliseconds(Self.lookMilliseconds)) : duration)
    {
      waker.pipe.drain()
      isWoken = true
    }
    let before = framesRead
    let limit = min(limit, Self.stride)
    let reading = FrameLoop.with(
      &receiver, nil, framesRead: framesRead, framesSkippedByFilter: 0
    ) { loop in
      defer { framesRead = loop.framesRead }
      return handle.read(limit, into: &loop)
    }
    let count = framesRead - before
    mayHaveMore = reading == .stopped || count >= limit
    switch reading {
    case .stopped:
      return .stopped
    case .frames:
      return pause(after: count)
    case nil:
      let failure = failureOfReading
      self.failure = failure
      throw failure
    }
  }

  private mutating func pause(after count: Int) -> LivePause {
    if isWoken {
      isWoken = false
      return .woken
    }
    let (wasDown, isDown) = (self.isDown, handle.isDown)
    if count > 0 {
      // The kernel may give out the last frames after the news that it is down.
      self.isDown = wasDown && isDown
      return .frames
    }
    self.isDown = isDown
    return isDown && !wasDown ? .interfaceDown : .timeout
  }

  private var failureOfReading: LiveCaptureError {
    let message = handle.errorMessage
    return message.hasPrefix("The interface disappeared")
      ? .disappeared(interface: interface)
      : .cannotCapture(interface: interface, reason: message)
  }

  /// What has come and what was lost since the capture was opened.
  ///
  /// To be asked at least each time that four thousand million frames have come: libpcap counts with 32 bits.
  public mutating func statistics() -> LiveStatistics {
    guard let counts = handle.counts else { return counted }
    counted.received += Self.growth(from: lastCounts.received, to: counts.received)
    counted.droppedByKernel +=
      Self.growth(from: lastCounts.droppedByKernel, to: counts.droppedByKernel)
    counted.droppedByInterface +=
      Self.growth(from: lastCounts.droppedByInterface, to: counts.droppedByInterface)
    lastCounts = counts
    return counted
  }

  /// How much a counter has grown that begins anew beyond 32 bits.
  ///
  /// What looks like more than half of all is a counter that was set back: of an interface that went away.
  package static func growth(from earlier: UInt32, to later: UInt32) -> Int {
    max(0, Int(Int32(bitPattern: later &- earlier)))
  }
}

/// Why reading from an interface paused.
public enum LivePause: Sendable, BitwiseCopyable {
  /// Frames were read; more may be there.
  case frames
  /// No frame came in time.
  case timeout
  /// A waker, a watched descriptor or a signal wants attention; frames may have been read, too.
  case woken
  /// The receiver wanted no more.
  case stopped
  /// The interface has been taken down. Told once; if it comes up again, the capture goes on.
  case interfaceDown
}

/// What has come on an interface, and what was lost, in frames.
public struct LiveStatistics: Equatable, Sendable {
  /// Frames that the filter let through, those among them that the kernel then dropped; on a loopback
  /// interface the kernel counts each twice.
  public var received = 0
  /// Frames for which the kernel's buffer had no place.
  public var droppedByKernel = 0
  /// Frames that the interface or its driver lost; libpcap counts them of a promiscuous capture only.
  public var droppedByInterface = 0

  public init() {}
}

extension LiveCaptureError {
  fileprivate init(_ failure: ActivationFailure, _ interface: String) {
    if failure.isMissingInterface {
      self = .noSuchInterface(interface)
    } else if failure.isMissingPermission {
      // Without permission libpcap may not come so far as to see that there is no such interface.
      let all = try? NetworkInterface.all()
      self =
        all?.contains { $0.name == interface } == false
        ? .noSuchInterface(interface)
        : .noPermission(interface: interface, program: RunningProgram.path)
    } else if failure.isInterfaceDown {
      self = .interfaceDown(interface: interface)
    } else {
      self =
        switch failure {
        case .failed(_, let reason): .cannotCapture(interface: interface, reason: reason)
        case .unsupportedTimestampType(let type, let offered):
          .unsupportedTimestampType(interface: interface, type: type, offered: offered)
        case .unsupportedDirection(let reason):
          .unsupportedDirection(interface: interface, reason: reason)
        }
    }
  }

  /// That there is no interface of that name, with those that there are.
  fileprivate static func noSuchInterface(_ name: String) -> LiveCaptureError {
    let others = (try? NetworkInterface.all())?.map(\.name) ?? []
    let similarity = { (other: String) in zip(name, other).prefix { $0 == $1 }.count }
    // Sorting is stable: those that are equally similar keep libpcap's order.
    return .noSuchInterface(
      name: name, others: others.sorted { similarity($0) > similarity($1) })
  }
}

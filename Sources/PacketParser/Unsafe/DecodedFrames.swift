/// Frames of a capture, decoded, in their order: what one thread decodes and another one takes in.
///
///     var frames = DecodedFrames(capacity: 1024)
///     frames.append(bytes, info, by: &decoder)    // until it is full
///     frames.close(by: decoder)
///
/// Plain memory, so that each segment is written where it stays.
@safe
public struct DecodedFrames: ~Copyable, @unchecked Sendable {
  /// A frame that holds no segment, and how many segments come before it.
  public struct Other: Sendable {
    public let position: Int
    public let frame: DecodedFrame
    public let info: FrameInfo
  }

  private let segments: UnsafeMutablePointer<Segment>
  private let capacity: Int
  /// How many segments there are.
  public private(set) var count = 0
  /// The frames that hold none, in their order.
  public private(set) var others: [Other] = []
  /// What the segments name by their encapsulation.
  public private(set) var encapsulations = EncapsulationNames()

  /// Room for so many segments, and as many other frames.
  public init(capacity: Int) {
    precondition(capacity > 0)
    self.capacity = capacity
    unsafe segments = .allocate(capacity: capacity)
    unsafe segments.initialize(repeating: Segment(), count: capacity)
  }

  deinit {
    unsafe segments.deallocate()
  }

  /// A segment by its place.
  public subscript(index: Int) -> Segment {
    @inline(__always)
    unsafeAddress {
      precondition(0..<count ~= index)
      return unsafe UnsafePointer(segments + index)
    }
  }

  /// There is no room for another frame.
  @inline(__always)
  public var isFull: Bool { count == capacity || others.count == capacity }

  /// Decodes the next frame of the capture, and keeps nothing of its bytes; there must be room.
  @inline(__always)
  public mutating func append(_ bytes: RawSpan, _ info: FrameInfo, by decoder: inout FrameDecoder) {
    precondition(count < capacity)
    let frame = unsafe decoder.decode(bytes, info, into: &segments[count])
    if case .segment = frame {
      count &+= 1
    } else {
      others.append(Other(position: count, frame: frame, info: info))
    }
  }

  /// Tells what the encapsulations of its frames are, of which no more come.
  public mutating func close(by decoder: borrowing FrameDecoder) {
    encapsulations = decoder.encapsulationNames
  }

  /// Makes room for the frames that come next.
  public mutating func removeAll() {
    count = 0
    others.removeAll(keepingCapacity: true)
  }
}

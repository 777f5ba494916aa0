/// Datagrams that were to hold a TCP segment, of which the first fragment came and others did not.
public struct IncompleteDatagrams: Sendable {
  /// A fragment, by its frame.
  public struct Fragment: Sendable {
    /// The number of its frame, from 1.
    public var frame: Int
    public var time: Timestamp
  }

  private static let namedLimit = 8

  public private(set) var count = 0
  /// The first fragments of a few of them, in the order in which they were given up.
  public private(set) var named: [Fragment] = []
  /// The first fragment of the one that was given up last.
  public private(set) var last: Fragment?

  init() {}

  mutating func note(_ fragment: Fragment) {
    count += 1
    last = fragment
    if named.count < Self.namedLimit { named.append(fragment) }
  }
}

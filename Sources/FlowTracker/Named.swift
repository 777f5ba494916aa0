/// What has a name that is known when this is compiled.
///
/// A record has dozens of such names, and is written without making a string of any.
public protocol Named {
  /// The name, as all formats have it.
  var staticName: StaticString { get }
}

extension Named {
  /// The name, as all formats have it.
  public var name: String { staticName.description }
}

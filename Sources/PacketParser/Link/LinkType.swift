/// The link-layer header types that can be decoded.
public enum LinkType: CaseIterable, Sendable {
  case ethernet
}

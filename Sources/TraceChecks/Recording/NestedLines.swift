/// Fields and what they are, as YAML that is nested where names have their beginnings in common.
struct NestedLines {
  private static let columns = 100

  /// A name without what the nodes above it say, and its condition or what stands below it.
  private struct Node {
    var name: String
    var condition: String?
    var children: [Node] = []

    /// In one line; `nil` where a list would stand within it.
    var flow: String? {
      if let condition { return condition.contains("[") ? nil : condition }
      var entries: [String] = []
      for child in children {
        for leaf in child.leaves {
          guard let flow = leaf.flow else { return nil }
          entries.append("\(leaf.name): \(flow)")
        }
      }
      return "{" + entries.joined(separator: ", ") + "}"
    }

    /// What stands below, with dots in its names.
    private var leaves: [Node] {
      guard condition == nil else { return [self] }
      return children.flatMap(\.leaves).map { leaf in
        Node(name: "\(name).\(leaf.name)", condition: leaf.condition)
      }
    }
  }

  /// The lines of a mapping, in the order of the fields, but those with a beginning in common together.
  static func render(_ lines: [RecordedConnections.Line], indentation: Int) -> [String] {
    let nodes = lines.map { Node(name: $0.field, condition: $0.condition) }
    return render(grouped(nodes), indentation)
  }

  private static func grouped(_ nodes: [Node]) -> [Node] {
    var groups: [(head: String, members: [Node])] = []
    for node in nodes {
      let head = String(node.name.prefix { $0 != "." })
      if let index = groups.firstIndex(where: { $0.head == head }) {
        groups[index].members.append(node)
      } else {
        groups.append((head, [node]))
      }
    }
    return groups.flatMap { head, members -> [Node] in
      // One that is alone keeps its whole name; a name that is a field itself has nothing below it.
      guard members.count > 1, !members.contains(where: { $0.name == head }) else { return members }
      let inner = members.map { member in
        Node(name: String(member.name.dropFirst(head.count + 1)), condition: member.condition)
      }
      return [Node(name: head, children: grouped(inner))]
    }
  }

  private static func render(_ nodes: [Node], _ indentation: Int) -> [String] {
    let blanks = String(repeating: " ", count: indentation)
    return nodes.flatMap { node -> [String] in
      if let condition = node.condition { return ["\(blanks)\(node.name): \(condition)"] }
      if let flow = node.flow, indentation + node.name.count + flow.count + 2 <= columns {
        return ["\(blanks)\(node.name): \(flow)"]
      }
      return ["\(blanks)\(node.name):"] + render(node.children, indentation + 2)
    }
  }
}

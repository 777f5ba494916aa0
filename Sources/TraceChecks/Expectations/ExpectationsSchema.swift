import FlowAnalysis
import FlowTracker
import FoundationEssentials

/// What a file of expectations may say, as JSON Schema (draft 7), for editors.
public enum ExpectationsSchema {
  public static var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Strings, lists and objects: nothing that JSON has not.
    let data = (try? encoder.encode(root)) ?? Data()
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private static var root: Schema {
    var root = object([
      "capture": oneOrMore(string("The capture, beside the file.")),
      "filter": string("A filter in the language of pcap-filter(7)."),
      "quality": words(["complete", "any"], "Whether the capture itself must be whole."),
      "patience": Schema(
        type: ["string", "integer"],
        description: "So long a capture must go on for what did not come to be missing: 1s."),
      "profile": Schema(
        anyOf: [
          reference("profile"),
          object([
            "name": reference("profile"), "end": words(Side.allCases.map(\.name)),
            "level": words(["must", "should"]),
          ]),
        ], description: "The requirements of an RFC that the ends must fulfil."),
      "connections": object(
        ["where": reference("selection"), "count": reference("count")],
        "Which connections the file speaks of, and how many they are."),
      "each": oneOrMore(reference("each")),
      "some": oneOrMore(reference("some")),
      "findings": object(
        [
          "none_at_or_above": words(Finding.Severity.allCases.map(\.name), "The limit."),
          "allow": reference("findings"), "require": reference("findings"),
          "forbid": reference("findings"),
        ], "What is expected of the findings of the whole capture."),
    ])
    root.schema = "http://json-schema.org/draft-07/schema#"
    root.title = "Expectations of synfin check"
    root.definitions = definitions
    return root
  }

  /// What is said more than once.
  private static var definitions: [String: Schema] {
    var definitions = [
      "count": oneOrMore(
        Schema(type: ["integer", "string"], description: "A number: 3, >= 2, 1..5.")),
      "number": oneOrMore(Schema(type: ["integer", "string", "null"])),
      "duration": oneOrMore(
        Schema(
          type: ["integer", "string", "null"],
          pattern: #"^(any|none|not .*|[<>=]*\s*[0-9._]+\s*(ns|us|µs|ms|s|min|h)?(\s*\.\..*)?)$"#,
          maximum: 0)),
      "address": oneOrMore(string("An address or a network: 10.0.0.0/8.")),
      "profile": words(ConformanceProfile.all.map(\.name)),
      "flag": oneOrMore(Schema(type: ["boolean", "string", "null"])),
      "states": oneOrMore(choice(EndpointState.allCases.map(\.name))),
      "finding": words(FindingCatalogue.rules.map(\.id), "'synfin findings' tells more."),
      "findings": oneOrMore(reference("finding")),
      "finding of a connection": words(FindingCatalogue.ofConnections.map(\.id)),
      "findings of a connection": oneOrMore(reference("finding of a connection")),
      "selection": object(fields, "Fields of the connections that are chosen."),
      "each": object(ofConnection, "What each connection is."),
      "some": object(ofConnection, "A connection that is among them."),
    ]
    for field in ConnectionField.all { definitions["field:" + field.name] = schema(of: field) }
    for (name, group) in groups { definitions["group:" + name] = group }
    return definitions
  }

  private static var ofConnection: [String: Schema] {
    fields.merging([
      "where": reference("selection"), "count": reference("count"),
      "require": reference("findings of a connection"),
      "forbid": reference("findings of a connection"),
      "order": oneOrMore(string("client FIN before server FIN")),
    ]) { $1 }
  }

  /// The fields by their whole names, and the groups in which they may be nested.
  private static var fields: [String: Schema] {
    var schemas: [String: Schema] = [:]
    for field in ConnectionField.all { schemas[field.name] = reference("field:" + field.name) }
    for name in groups.keys {
      let group = reference("group:" + name)
      // A name that is a field and a group is either.
      schemas[name] = schemas[name].map { Schema(anyOf: [$0, group]) } ?? group
    }
    return schemas
  }

  /// What stands before a dot in the name of a field: an object of what stands behind it.
  private static let groups: [String: Schema] = {
    var members: [String: [String: Schema]] = [:]
    for field in ConnectionField.all {
      let path = field.name.split(separator: ".").map(String.init)
      for length in path.indices.dropFirst() {
        let group = path[..<length].joined(separator: ".")
        // Within a group names may have dots as well.
        members[group, default: [:]][path[length...].joined(separator: ".")] = reference(
          "field:" + field.name)
      }
    }
    for group in members.keys {
      let path = group.split(separator: ".").map(String.init)
      for length in path.indices.dropFirst() {
        let outer = path[..<length].joined(separator: ".")
        let name = path[length...].joined(separator: ".")
        let own = members[outer]?[name]
        let nested = reference("group:" + group)
        members[outer, default: [:]][name] = own.map { Schema(anyOf: [$0, nested]) } ?? nested
      }
    }
    return members.mapValues { object($0) }
  }()

  private static func schema(of field: ConnectionField) -> Schema {
    let text = "\(field.meaning), such as \(field.example)"
    let kind: Schema =
      switch field.kind {
      case .word(let allowed) where allowed == EndpointState.allCases.map(\.name):
        reference("states")
      case .word(let allowed):
        oneOrMore(choice(allowed))
      case .words(let allowed, _) where allowed == EndpointState.allCases.map(\.name):
        reference("states")
      case .words(_, .set): Schema(anyOf: [reference("findings"), words(["none"])])
      case .words(let allowed, _): oneOrMore(words(allowed + ["none"]))
      case .flag: reference("flag")
      case .quantity(.duration): reference("duration")
      case .quantity: reference("number")
      case .address: reference("address")
      }
    return Schema(anyOf: [kind], description: text)
  }

  // MARK: - Parts

  private static func string(_ description: String) -> Schema {
    Schema(type: ["string"], description: description)
  }

  private static func words(_ words: [String], _ description: String? = nil) -> Schema {
    Schema(values: words, description: description)
  }

  /// One of these words, or what else can be said of one.
  private static func choice(_ allowed: [String]) -> Schema {
    Schema(anyOf: [
      words(allowed + ["any", "none"] + allowed.map { "not \($0)" }), Schema(type: ["null"]),
      Schema(type: ["string"], pattern: #"^not \[.*\]$"#),
    ])
  }

  private static func reference(_ name: String) -> Schema {
    Schema(reference: "#/definitions/\(name)")
  }

  private static func oneOrMore(_ schema: Schema, _ description: String? = nil) -> Schema {
    Schema(anyOf: [schema, Schema(type: ["array"], items: [schema])], description: description)
  }

  private static func object(
    _ properties: [String: Schema], _ description: String? = nil
  ) -> Schema {
    Schema(
      type: ["object"], properties: properties, additionalProperties: false,
      description: description)
  }
}

private struct Schema: Encodable {
  var schema: String?
  var title: String?
  var type: [String]?
  var values: [String]?
  var pattern: String?
  var maximum: Int?
  var anyOf: [Schema]?
  /// The schema of the items, as a list of one: a structure cannot hold itself.
  var items: [Schema]?
  var properties: [String: Schema]?
  var additionalProperties: Bool?
  var definitions: [String: Schema]?
  var reference: String?
  var description: String?

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case values = "enum"
    case reference = "$ref"
    case title, type, pattern, maximum, anyOf, items, properties, additionalProperties, definitions,
      description
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(schema, forKey: .schema)
    try container.encodeIfPresent(title, forKey: .title)
    try container.encodeIfPresent(type, forKey: .type)
    try container.encodeIfPresent(values, forKey: .values)
    try container.encodeIfPresent(pattern, forKey: .pattern)
    try container.encodeIfPresent(maximum, forKey: .maximum)
    try container.encodeIfPresent(anyOf, forKey: .anyOf)
    try container.encodeIfPresent(items?.first, forKey: .items)
    try container.encodeIfPresent(properties, forKey: .properties)
    try container.encodeIfPresent(additionalProperties, forKey: .additionalProperties)
    try container.encodeIfPresent(definitions, forKey: .definitions)
    try container.encodeIfPresent(reference, forKey: .reference)
    try container.encodeIfPresent(description, forKey: .description)
  }
}

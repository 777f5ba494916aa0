import FlowAnalysis
public import FlowReports
import FlowTracker

/// Everything that can be expected, for people.
public enum FieldsText {
  /// How wide the first column is.
  private static let nameWidth = 42

  public static func render(style: TextStyle) -> String {
    var text = style.wrap(introduction) + "\n"
    for field in ConnectionField.all {
      // What the line has no room for stands below.
      let isLong = nameWidth + field.example.count > style.columns ?? .max
      let padding = String(repeating: " ", count: max(1, nameWidth - field.name.count))
      text += style.paint(field.name, .heading)
      text += (isLong ? "\n  such as " : padding) + field.example + "\n"
      text += "  \(field.meaning) (\(field.kind.name))\n"
      if let words = words(of: field) { text += "  one of: \(words)\n" }
    }
    return text
  }

  /// The words of a field, where they are few; states and findings are said once.
  private static func words(of field: ConnectionField) -> String? {
    guard case .word(let words) = field.kind, words.count <= 8 else { return nil }
    return words.joined(separator: ", ")
  }

  private static let introduction = """
    A file of expectations is YAML or JSON. Its sections:

      capture: trace.pcap            the capture, or a list of them, beside the file
      filter: tcp port 443           only frames that match, in the language of pcap-filter(7)
      quality: complete              the capture has no gaps and could be read to its end
      patience: 1s                   so long it must go on for what did not come to be missing
      profile: rfc9293               the ends do what the RFC demands, a requirement by itself; or
                                     {name: rfc9293, end: server, level: must} for one end, without SHOULDs
      connections: {where, count}    which connections the file speaks of, and how many they are
      each: {…}                      what each of them is; {where} chooses among them, {count} says how
                                     many; or a list of such
      some: [{…}, …]                 connections that are among them; {count} says how many
      findings: {none_at_or_above, allow, require, forbid}

    In each and some stand the fields below, nested or with dots, and:

      require: [half-close-data]     findings that the connection has ('synfin findings' lists them)
      forbid: [half-open-handshake]  findings that it has not
      order: client FIN before server FIN
                                     SYN, SYN-ACK, ACK, RST, client FIN, server RST, client TIME-WAIT, …

    A condition is a value, a list of values of which one must be, 'not' and a value, 'any', 'none', or of \
    numbers also < <= > >= and 1..5. Durations have a unit (ns us ms s min h), bytes may (kB MB GB KiB MiB \
    GiB), percent are written 2 %. What begins with > needs quotation marks.

    The states: \(EndpointState.allCases.map(\.name).joined(separator: ", ")).

    """
}

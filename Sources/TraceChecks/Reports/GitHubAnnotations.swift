/// What is not as expected as workflow commands of GitHub Actions, which show it beside the file.
public enum GitHubAnnotations {
  /// A line each; empty where everything is as expected.
  public static func render(_ captures: [CheckedCapture], isStrict: Bool) -> String {
    captures.map { capture in
      let unreadable = capture.error.map { error in
        command("error", capture.expectations.map { [("file", $0)] } ?? [], "unreadable", error)
      }
      let results = capture.results.filter { $0.verdict != .pass }.map { result in
        let level = result.verdict == .fail || isStrict ? "error" : "warning"
        let place = result.position.map {
          [("file", $0.file), ("line", "\($0.line)"), ("col", "\($0.column)")]
        }
        let message = "\(capture.capture)\n\(result.details)"
        return command(level, place ?? [], result.name, message)
      }
      return (unreadable ?? "") + results.joined()
    }.joined()
  }

  private static func command(
    _ level: String, _ place: [(name: String, value: String)], _ title: String, _ message: String
  ) -> String {
    let properties = (place + [("title", title)]).map { "\($0)=\(property($1))" }
    return "::\(level) \(properties.joined(separator: ","))::\(data(message))\n"
  }

  /// As the runner's toolkit escapes what a command says.
  private static func data(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}

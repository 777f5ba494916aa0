import ArgumentParser
import FlowAnalysis
import FlowReports

struct FindingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "findings",
    abstract: "What synfin can find; or one finding, with its condition and what to do next.")

  @Argument(
    help: "The name of a finding, such as half-open-handshake.",
    completion: .list(FindingCatalogue.rules.map(\.id)))
  var id: String?

  func run() throws {
    let style = TextStyle(
      columns: Terminal.isOutput ? Terminal.columns : nil,
      usesColor: Terminal.isOutput && Terminal.wantsColor)
    var text = FindingsText.catalogue(style)
    if let id {
      guard let rule = FindingCatalogue.rules.first(where: { $0.id == id }) else {
        throw ValidationError("There is no finding '\(id)'; 'synfin findings' lists them all.")
      }
      text = FindingsText.explanation(of: rule, style)
    }
    do {
      try OutputStream.standardOutput.write(Array(text.utf8))
    } catch {
      if case .brokenPipe = error { throw ExitCode.success }
      Diagnostics.error(error)
      throw ExitStatus.unwritableOutput.code
    }
  }
}

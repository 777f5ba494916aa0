import ArgumentParser

@main
struct Tool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synfin",
    abstract: "The true story of every TCP connection in a capture, from SYN to FIN.",
    discussion: """
      synfin FILE… is short for synfin analyze FILE….

      Results go to standard output, everything else to standard error. Exit status: 0 all is \
      well, 1 a finding is as bad as --fail-on says, an expectation fails, or captures differ, 2 \
      an input could not be read or only in part (what was read is reported), 3 undetermined under --strict, 64 wrong \
      usage, 74 the output could not be written.
      """,
    version: "0.1.0",
    subcommands: [
      AnalyzeCommand.self, ShowCommand.self, CheckCommand.self, DiffCommand.self,
      FindingsCommand.self, LiveCommand.self, InterfacesCommand.self,
    ],
    defaultSubcommand: AnalyzeCommand.self)

  static func main() {
    StandardStreams.open()
    // A reader that has seen enough (`| head`) is no error: writing fails then, and that is noticed.
    StandardStreams.ignoreBrokenPipes()
    do {
      var command = try parseAsRoot()
      try run(&command)
    } catch {
      exit(withError: error)
    }
  }

  /// Wrong usage that shows only while a command runs is told with the usage of that command.
  private static func run(_ command: inout any ParsableCommand) throws {
    do {
      try command.run()
    } catch let error as ValidationError {
      let used: any ParsableCommand.Type = Swift.type(of: command)
      let names = [configuration.commandName, used.configuration.commandName]
      let name = names.compactMap { $0 }.joined(separator: " ")
      StandardStreams.writeError(
        """
        Error: \(error.message)
        Usage: \(usageString(for: used))
          See '\(name) --help' for more information.

        """)
      throw ExitCode.validationFailure
    }
  }
}

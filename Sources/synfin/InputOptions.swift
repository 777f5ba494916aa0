import ArgumentParser

/// What is to be read.
struct InputOptions: ParsableArguments {
  @Argument(
    help: "Captures: pcap or pcapng, also .gz and .zst; - is standard input.",
    completion: .file())
  var files: [String]

  @Option(
    name: [.customShort("f"), .customLong("filter")],
    help: ArgumentHelp(
      "Look only at frames that match this filter, in the language of pcap-filter(7).",
      valueName: "BPF"))
  var filter: String?

  @Flag(help: "No progress on the terminal.")
  var quiet = false
}

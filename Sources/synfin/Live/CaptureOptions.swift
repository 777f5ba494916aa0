public import ArgumentParser
public import PacketCapture

/// What of an interface's traffic is captured, and how.
struct CaptureOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filter")],
    help: ArgumentHelp(
      "Capture only frames that match this filter, in the language of pcap-filter(7).",
      valueName: "BPF"))
  var filter: String?

  @Option(
    name: [.customShort("s"), .customLong("snap-length")],
    help: ArgumentHelp(
      "Keep so many bytes of each frame; headers suffice for all but --write.", valueName: "bytes"))
  var snapLength = LiveCaptureSettings().snapLength

  @Flag(
    name: [.customShort("p"), .customLong("no-promiscuous")],
    help: "Capture only what is meant for this host.")
  var isNotPromiscuous = false

  @Option(
    name: [.customShort("B"), .customLong("buffer")],
    help: ArgumentHelp("How much the kernel may hold until it is read, as 64M.", valueName: "size"))
  var buffer: ByteCount?

  @Flag(help: "Take every frame as it comes: sooner, and with more work for each.")
  var immediate = false

  @Option(
    help: ArgumentHelp(
      "Who stamps frames with their time: host, adapter, … (pcap-tstamp(7)).", valueName: "type"))
  var timestampType: String?

  @Option(
    name: [.customShort("Q"), .customLong("direction")],
    help: "Which way captured frames go, as this host sees it.")
  var direction = LiveCaptureSettings.Direction.both

  func validate() throws {
    guard 64...262_144 ~= snapLength else {
      throw ValidationError("--snap-length takes a number from 64 to 262144.")
    }
    if let buffer, buffer.bytes > Int(Int32.max) {
      throw ValidationError("--buffer takes less than 2G.")
    }
  }

  var settings: LiveCaptureSettings {
    var settings = LiveCaptureSettings()
    settings.filter = filter
    settings.snapLength = snapLength
    settings.isPromiscuous = !isNotPromiscuous
    if let buffer { settings.bufferBytes = buffer.bytes }
    settings.isImmediate = immediate
    settings.timestampType = timestampType
    settings.direction = direction
    return settings
  }
}

extension LiveCaptureSettings.Direction: ExpressibleByArgument {}

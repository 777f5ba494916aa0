import ArgumentParser
import FlowReports
import PacketCapture

struct InterfacesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interfaces",
    abstract: "What can be captured on: names, states, link types and addresses.",
    discussion: """
      Link types are told only to whoever may capture, and of interfaces that are up. The one that stands \
      first is the one that a capture has.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case ndjson
  }

  @Option(
    help: ArgumentHelp(
      "How to write it: text (a table, for people); ndjson (one JSON object a line, for programs).",
      valueName: "format"))
  var format = Format.text

  func run() throws {
    let listed: [ListedInterface]
    do throws(LiveCaptureError) {
      listed = try NetworkInterface.all().map {
        ListedInterface(interface: $0, linkTypes: $0.linkTypes())
      }
    } catch {
      Diagnostics.error(error)
      throw ExitStatus.unreadableInput.code
    }
    let bytes =
      switch format {
      case .text: Array(table(of: listed).utf8)
      case .ndjson: listed.flatMap(\.record)
      }
    do {
      try OutputStream.standardOutput.write(bytes)
    } catch {
      if case .brokenPipe = error { throw ExitCode.success }
      Diagnostics.error(error)
      throw ExitStatus.unwritableOutput.code
    }
    if format == .text, !listed.contains(where: { $0.linkTypes != nil }) {
      Diagnostics.hint("with sudo it also tells their link types")
    }
  }

  private func table(of listed: [ListedInterface]) -> String {
    var table = TextTable(columns: [
      .init("interface"), .init("state"), .init("link types", dispensability: 1, isElidable: true),
      .init("addresses", isElidable: true),
      .init("what it is", dispensability: 2, isElidable: true),
    ])
    for entry in listed { table.append(entry.row) }
    return table.render(
      TextStyle(
        columns: Terminal.isOutput ? Terminal.columns : nil,
        usesColor: Terminal.isOutput && Terminal.wantsColor))
  }
}

/// An interface, and what opening it told.
private struct ListedInterface {
  var interface: NetworkInterface
  var linkTypes: [NetworkInterface.OfferedLinkType]?

  var row: [TextTable.Cell] {
    [
      .init(interface.name.printable), state,
      .init(linkTypes?.map(\.name).joined(separator: ", ") ?? ""),
      .init(interface.addresses.map(\.text).joined(separator: ", ")), .init(kind),
    ]
  }

  private var state: TextTable.Cell {
    if interface.isUp {
      return interface.isRunning && interface.connection != .disconnected
        ? .init("up", .good) : .init("up, no carrier", .warning)
    }
    // What libpcap has a description for, such as nflog, is nothing that could be up.
    return interface.summary == nil ? .init("down", .faint) : .init("")
  }

  private var kind: String {
    interface.summary?.printable
      ?? (interface.isLoopback ? "loopback" : interface.isWireless ? "wireless" : "")
  }

  /// A line of NDJSON.
  var record: [UInt8] {
    var json = JSONWriter()
    json.object {
      $0.key("type")
      $0.word("interface")
      $0.key("schema")
      $0.integer(NDJSONReport.schema)
      $0.key("name")
      $0.string(interface.name)
      $0.key("description")
      if let summary = interface.summary { $0.string(summary) } else { $0.null() }
      $0.key("up")
      $0.boolean(interface.isUp)
      $0.key("running")
      $0.boolean(interface.isRunning)
      $0.key("loopback")
      $0.boolean(interface.isLoopback)
      $0.key("wireless")
      $0.boolean(interface.isWireless)
      $0.key("connection")
      $0.word(interface.connection.rawValue)
      $0.key("link_types")
      if let linkTypes {
        $0.array { json in for type in linkTypes { json.linkType(type) } }
      } else {
        $0.null()
      }
      $0.key("addresses")
      $0.array { json in for address in interface.addresses { json.interfaceAddress(address) } }
    }
    json.endLine()
    return json.bytes
  }
}

extension JSONWriter {
  /// `{"number":1,"name":"EN10MB"}`: as libpcap numbers and names it.
  fileprivate mutating func linkType(_ type: NetworkInterface.OfferedLinkType) {
    object {
      $0.key("number")
      $0.integer(type.number)
      $0.key("name")
      $0.string(type.name)
    }
  }

  /// `{"address":"192.0.2.1","prefix_length":24}`.
  fileprivate mutating func interfaceAddress(_ address: NetworkInterface.Address) {
    object {
      $0.key("address")
      $0.address(address.address)
      $0.key("prefix_length")
      if let length = address.prefixLength { $0.integer(length) } else { $0.null() }
    }
  }
}

extension NetworkInterface.Address {
  /// `192.0.2.1/24`.
  fileprivate var text: String {
    prefixLength.map { "\(address)/\($0)" } ?? "\(address)"
  }
}

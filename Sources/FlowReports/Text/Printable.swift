extension String {
  /// The text with control characters spelt out, so that the name of a file cannot steer the terminal.
  package var printable: String {
    var text = ""
    for scalar in unicodeScalars {
      if scalar.properties.generalCategory == .control {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

/// Bytes written as a person writes them in a test: hexadecimal digits, with spaces and line breaks
/// wherever they help.
public func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.compactMap(\.hexDigitValue)
  precondition(digits.count.isMultiple(of: 2), "an odd number of hexadecimal digits")
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

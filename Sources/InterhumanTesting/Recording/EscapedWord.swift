/// Any text as a word of a line: percent-encoding (RFC 3986, 2.1) of all but the visible characters of ASCII, and of `%`
/// and `=`.
enum EscapedWord {
    static func text(_ text: String) -> String {
        var word = ""
        for byte in text.utf8 {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "%"), byte != UInt8(ascii: "=") {
                word.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                word += (byte < 0x10 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return word
    }

    /// A percent sign without two hexadecimal digits stands for itself: older recordings did not escape it.
    static func read(_ word: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(word).utf8
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                bytes.append(UInt8(16 * digits[0] + digits[1]))
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

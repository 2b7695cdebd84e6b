/// A string's place in the text, between its quotes, still escaped.
struct JSONString {
    let start: Int
    let end: Int
    let hasEscapes: Bool
}

extension JSONReader {
    /// Reads a string's place.
    mutating func string() throws(JSONFault) -> JSONString {
        guard peek() == UInt8(ascii: "\"") else {
            throw .syntax(offset: position, position < bytes.count ? "a string was expected" : "an unexpected end")
        }
        position &+= 1
        let start = position
        var hasEscapes = false
        while true {
            skipPlainCharacters()
            guard position < bytes.count else { throw .syntax(offset: position, "an unexpected end") }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position &+= 1
                return JSONString(start: start, end: position &- 1, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try skipEscape()
            default:
                throw .syntax(offset: position, "an unescaped control character")
            }
        }
    }

    /// Goes on to the next quote, backslash or control character, eight bytes at a time.
    private mutating func skipPlainCharacters() {
        let raw = UnsafeRawBufferPointer(bytes)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        while position &+ 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let quotes = word ^ (ones &* 0x22)
            let slashes = word ^ (ones &* 0x5C)
            let found = (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes | (word &- ones &* 0x20) & ~word
            guard found & highs == 0 else { break }
            position &+= 8
        }
        while position < raw.count {
            let byte = raw[position]
            guard byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return }
            position &+= 1
        }
    }

    private mutating func skipEscape() throws(JSONFault) {
        let escape = position
        guard escape &+ 1 < bytes.count else { throw .syntax(offset: bytes.count, "an unexpected end") }
        switch bytes[escape &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position = escape &+ 2
        case UInt8(ascii: "u"):
            guard hexadecimal(at: escape &+ 2) != nil else { throw .syntax(offset: escape, "a malformed escape") }
            position = escape &+ 6
        default:
            throw .syntax(offset: escape, "a malformed escape")
        }
    }

    /// The four hexadecimal digits at a place.
    private func hexadecimal(at start: Int) -> UInt16? {
        guard start &+ 4 <= bytes.count else { return nil }
        var value: UInt16 = 0
        for byte in bytes[start..<(start &+ 4)] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- UInt8(ascii: "a") &+ 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte &- UInt8(ascii: "A") &+ 10
            default: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    /// A string's text. A surrogate without its partner is a fault of shape: no Unicode text holds one.
    func text(_ string: JSONString) throws(JSONFault) -> String {
        let escaped = bytes[string.start..<string.end]
        guard string.hasEscapes else {
            return String(decoding: UnsafeBufferPointer(rebasing: escaped), as: UTF8.self)
        }
        var text: [UInt8] = []
        text.reserveCapacity(escaped.count)
        var index = string.start
        while index < string.end {
            guard bytes[index] == UInt8(ascii: "\\") else {
                text.append(bytes[index])
                index &+= 1
                continue
            }
            let (scalar, length) = try unescape(at: index)
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            index &+= length
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The character that an escape stands for, and the bytes that the escape takes.
    private func unescape(at index: Int) throws(JSONFault) -> (Unicode.Scalar, length: Int) {
        switch bytes[index &+ 1] {
        case UInt8(ascii: "b"): return ("\u{8}", 2)
        case UInt8(ascii: "f"): return ("\u{C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"): break
        case let byte: return (Unicode.Scalar(byte), 2)
        }
        let first = hexadecimal(at: index &+ 2) ?? 0
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        guard UTF16.isLeadSurrogate(first), index &+ 7 < bytes.count, bytes[index &+ 6] == UInt8(ascii: "\\"),
            bytes[index &+ 7] == UInt8(ascii: "u"), let second = hexadecimal(at: index &+ 8),
            UTF16.isTrailSurrogate(second)
        else { throw .shape("a string holds half a surrogate pair") }
        return (UTF16.decode(UTF16.EncodedScalar([first, second])), 12)
    }

    /// Reads a string.
    mutating func readString() throws(JSONFault) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw mismatch("a string") }
        return try text(string())
    }

    /// Reads a string or null.
    mutating func readOptionalString() throws(JSONFault) -> String? {
        try takeNull() ? nil : try readString()
    }
}

import InterhumanCore

/// A start line and header fields (RFC 9112 sections 2 to 5), as text.
struct HTTPHeaderBlock: Sendable {
    let startLine: String
    let fields: [HeaderField]
}

/// Gathers a header block from a byte stream cut anywhere. It stops at the first byte that can't belong to one, so
/// that a peer which speaks something else is found out at once and not after a time-out.
struct HTTPHeaderBlockReader: Sendable {
    private let limits: HandshakeLimits
    /// What the block must begin with; empty for a request, which begins with a letter.
    private let prefix: [UInt8]
    private var bytes: [UInt8] = []

    init(limits: HandshakeLimits, prefix: String) {
        self.limits = limits
        self.prefix = Array(prefix.utf8)
    }

    /// Whether nothing has come yet.
    var isEmpty: Bool { bytes.isEmpty }

    /// Takes bytes off the front of `input` until the block is complete; nil when `input` ran out before.
    mutating func consume(_ input: inout UnsafeRawBufferPointer) throws(WireError) -> HTTPHeaderBlock? {
        var position = 0
        while position < input.count {
            let byte = input[position]
            position += 1
            try check(byte)
            bytes.append(byte)
            guard byte == UInt8(ascii: "\n"), bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) else { continue }
            input = UnsafeRawBufferPointer(rebasing: input[position...])
            defer { bytes = [] }
            return try parse()
        }
        input = UnsafeRawBufferPointer(start: nil, count: 0)
        return nil
    }

    private func check(_ byte: UInt8) throws(WireError) {
        let position = bytes.count
        guard position < limits.headerBlock else {
            throw WireError(
                .limitExceeded, operation: Self.operation,
                message: "The peer's header block is larger than \(limits.headerBlock) bytes.")
        }
        guard position < prefix.count ? byte == prefix[position] : position > 0 || byte.isTokenCharacter else {
            throw WireError(
                .notHTTP, operation: Self.operation,
                message: "The peer does not speak HTTP/1.1. Check host, port, and whether TLS is wanted (wss or ws).")
        }
        let follows = bytes.last == UInt8(ascii: "\r")
        guard (byte == UInt8(ascii: "\n")) == follows else {
            throw Self.malformed("A line does not end with CR LF.")
        }
        guard byte >= 0x20 && byte != 0x7F || byte == 0x09 || byte == 0x0D || byte == 0x0A else {
            throw Self.malformed("There is a control character in the header block.")
        }
    }

    private func parse() throws(WireError) -> HTTPHeaderBlock {
        let lines = bytes.dropLast(4).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
        guard lines.count - 1 <= limits.fieldCount else {
            throw WireError(
                .limitExceeded, operation: Self.operation,
                message: "The peer sent more than \(limits.fieldCount) header fields.")
        }
        var fields: [HeaderField] = []
        for line in lines.dropFirst() { fields.append(try Self.field(line)) }
        return HTTPHeaderBlock(startLine: Self.text(lines.first ?? []), fields: fields)
    }

    private static func field(_ line: ArraySlice<UInt8>) throws(WireError) -> HeaderField {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            throw malformed("A header line has no colon.")
        }
        let name = text(line[..<colon])
        // Blanks before the colon and folded lines are how requests are smuggled past proxies.
        guard name.isToken else { throw malformed("A header field's name is not a token.") }
        return HeaderField(name, text(line[(colon + 1)...]).trimmingBlanks())
    }

    /// UTF-8 where it is that, Latin-1 else.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        return text
    }

    private static let operation = "read an HTTP header"

    static func malformed(_ message: String) -> WireError {
        WireError(.badHandshake, operation: operation, message: "The peer's HTTP header is malformed. \(message)")
    }
}

/// Reads JSON (RFC 8259) in one pass over UTF-8 bytes, straight into whatever the caller decodes.
///
/// It builds no tree. Callers say what they expect; what they skip is checked all the same. It never traps: every
/// fault is a ``JSONFault``.
struct JSONReader {
    /// Most arrays and objects inside one another.
    static let maximumDepth = 64

    /// Valid UTF-8 that outlives the reader.
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    // MARK: Tokens

    /// The next byte that is not white space, which stays where it is; nil at the end.
    mutating func peek() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position &+= 1
            case let byte: return byte
            }
        }
        return nil
    }

    /// Takes a byte that must come next.
    mutating func expect(_ byte: UInt8) throws(JSONFault) {
        guard peek() == byte else { throw unexpected() }
        position &+= 1
    }

    /// Makes sure that nothing but white space is left.
    mutating func expectEnd() throws(JSONFault) {
        guard peek() == nil else { throw .syntax(offset: position, "something follows the value") }
    }

    /// Takes `null` when it comes next.
    mutating func takeNull() throws(JSONFault) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try takeLiteral("null")
        return true
    }

    private mutating func takeLiteral(_ literal: StaticString) throws(JSONFault) {
        let length = literal.utf8CodeUnitCount
        let rest = bytes[position...].prefix(length)
        let matches = literal.withUTF8Buffer { rest.elementsEqual($0) }
        guard matches else { throw unexpected() }
        position &+= length
    }

    private func unexpected() -> JSONFault {
        position < bytes.count
            ? .syntax(offset: position, "an unexpected character") : .syntax(offset: position, "an unexpected end")
    }

    // MARK: Containers

    /// Reads an object: calls `body` with each member of a name that `Key` has, skips the others.
    ///
    /// `body` reads the member's value whole. A known name that comes twice is a fault of shape.
    mutating func members<Key: JSONKey>(
        _ body: (inout JSONReader, Key) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        guard peek() == UInt8(ascii: "{") else { throw mismatch("an object") }
        try enter()
        // One bit a key.
        var seen: UInt64 = 0
        if peek() == UInt8(ascii: "}") { return leave() }
        while true {
            let name = try string()
            try expect(UInt8(ascii: ":"))
            if let index = Key.table.index(of: name, in: self) {
                guard seen & (1 << index) == 0 else { throw .shape("\(Key.table[index].rawValue) occurs twice") }
                seen |= 1 << index
                try body(&self, Key.table[index])
            } else {
                try Key.unknown(name, &self)
            }
            guard peek() == UInt8(ascii: ",") else { break }
            position &+= 1
        }
        try expect(UInt8(ascii: "}"))
        depth &-= 1
    }

    /// Reads an array: calls `body` for each element, which it reads whole.
    mutating func elements(_ body: (inout JSONReader) throws(JSONFault) -> Void) throws(JSONFault) {
        guard peek() == UInt8(ascii: "[") else { throw mismatch("an array") }
        try enter()
        if peek() == UInt8(ascii: "]") { return leave() }
        while true {
            try body(&self)
            guard peek() == UInt8(ascii: ",") else { break }
            position &+= 1
        }
        try expect(UInt8(ascii: "]"))
        depth &-= 1
    }

    private mutating func enter() throws(JSONFault) {
        depth &+= 1
        guard depth <= Self.maximumDepth else { throw .tooDeep(offset: position) }
        position &+= 1
    }

    private mutating func leave() {
        depth &-= 1
        position &+= 1
    }

    /// Skips a value of any kind and checks its syntax.
    mutating func skipValue() throws(JSONFault) {
        switch peek() {
        case UInt8(ascii: "{"): try skipObject()
        case UInt8(ascii: "["): try elements { reader throws(JSONFault) in try reader.skipValue() }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try takeLiteral("true")
        case UInt8(ascii: "f"): try takeLiteral("false")
        case UInt8(ascii: "n"): try takeLiteral("null")
        default: _ = try number()
        }
    }

    private mutating func skipObject() throws(JSONFault) {
        try enter()
        if peek() == UInt8(ascii: "}") { return leave() }
        while true {
            _ = try string()
            try expect(UInt8(ascii: ":"))
            try skipValue()
            guard peek() == UInt8(ascii: ",") else { break }
            position &+= 1
        }
        try expect(UInt8(ascii: "}"))
        depth &-= 1
    }

    /// Goes back to a place outside of any container that has been read since.
    mutating func rewind(to place: (position: Int, depth: Int)) {
        (position, depth) = place
    }

    /// A place to go back to.
    var place: (position: Int, depth: Int) { (position, depth) }

    /// A fault of shape if a value comes next, one of syntax if not.
    mutating func mismatch(_ wanted: String) -> JSONFault {
        var probe = self
        do throws(JSONFault) {
            try probe.skipValue()
        } catch {
            return error
        }
        return .shape("\(wanted) was expected")
    }
}

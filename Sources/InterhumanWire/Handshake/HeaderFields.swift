public import InterhumanCore

extension [HeaderField] {
    /// The values of all fields of a name, in order. Names are compared without regard to case.
    public func values(of name: String) -> [String] {
        let lowercased = name.lowercased()
        return filter { $0.name.lowercased() == lowercased }.map(\.value)
    }

    /// The value of the first field of a name.
    public func firstValue(of name: String) -> String? {
        values(of: name).first
    }

    /// The members of comma-separated lists in all fields of a name, without blanks and empty members
    /// (RFC 9110 section 5.6.1).
    public func listMembers(of name: String) -> [String] {
        values(of: name).flatMap { value in
            value.split(separator: ",").map { String($0).trimmingBlanks() }.filter { !$0.isEmpty }
        }
    }

    /// Whether a list has a member, compared without regard to case.
    func list(_ name: String, contains member: String) -> Bool {
        listMembers(of: name).contains { $0.lowercased() == member }
    }
}

extension String {
    /// The text without blanks and tabs at both ends.
    func trimmingBlanks() -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        let bytes = utf8
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first...last])
    }

    /// Whether the text is a token (RFC 9110 section 5.6.2): a field name, a subprotocol, a method.
    var isToken: Bool {
        !isEmpty && utf8.allSatisfy(\.isTokenCharacter)
    }

    /// Whether the text can be a field's value: no control characters but tab.
    var isFieldValue: Bool {
        utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    /// Whether the text can be a request's target: visible ASCII.
    var isRequestTarget: Bool {
        !isEmpty && utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

extension UInt8 {
    /// Whether the character may be in a token.
    var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^")...UInt8(ascii: "`"): true
        case UInt8(ascii: "|"), UInt8(ascii: "~"): true
        default: false
        }
    }
}

/// The names of an object's members that a decoder knows.
protocol JSONKey: RawRepresentable<String>, CaseIterable, Sendable {
    /// The names, for finding a key without making a string. `static let table = JSONKeyTable<Self>()`
    static var table: JSONKeyTable<Self> { get }

    /// Called with a member of another name, whose value it must read. By default skips it.
    static func unknown(_ name: JSONString, _ reader: inout JSONReader) throws(JSONFault)
}

extension JSONKey {
    static func unknown(_ name: JSONString, _ reader: inout JSONReader) throws(JSONFault) {
        try reader.skipValue()
    }
}

/// The names of a ``JSONKey`` as bytes; at most 64.
struct JSONKeyTable<Key: JSONKey>: Sendable {
    private let entries: [(name: [UInt8], key: Key)]

    init() {
        entries = Key.allCases.map { (Array($0.rawValue.utf8), $0) }
    }

    subscript(index: Int) -> Key { entries[index].key }

    /// Which key a name in the text is.
    func index(of name: JSONString, in reader: JSONReader) -> Int? {
        if name.hasEscapes {
            guard let text = try? reader.text(name) else { return nil }
            return entries.firstIndex { $0.key.rawValue == text }
        }
        let candidate = UnsafeBufferPointer(rebasing: reader.bytes[name.start..<name.end])
        for index in entries.indices where entries[index].name.count == candidate.count {
            if entries[index].name.elementsEqual(candidate) { return index }
        }
        return nil
    }
}

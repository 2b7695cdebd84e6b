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
    private struct Entry {
        let length: Int
        /// The last eight bytes, or all of them with zeros before: tells most names apart at once.
        let tail: UInt64
        let name: [UInt8]
        let key: Key
    }

    private let entries: [Entry]

    init() {
        entries = Key.allCases.map { key in
            let name = Array(key.rawValue.utf8)
            return Entry(length: name.count, tail: Self.tail(name), name: name, key: key)
        }
    }

    private static func tail(_ name: some Sequence<UInt8>) -> UInt64 {
        name.reduce(0) { $0 << 8 | UInt64($1) }
    }

    subscript(index: Int) -> Key { entries[index].key }

    /// Which key a name in the text is.
    func index(of name: JSONString, in reader: JSONReader) -> Int? {
        if name.hasEscapes {
            guard let text = try? reader.text(name) else { return nil }
            return entries.firstIndex { $0.key.rawValue == text }
        }
        let length = name.end &- name.start
        var tail: UInt64 = 0
        for position in max(name.start, name.end &- 8)..<name.end {
            tail = tail << 8 | UInt64(reader.bytes[position])
        }
        for index in entries.indices where entries[index].length == length && entries[index].tail == tail {
            if length <= 8 || entries[index].name.elementsEqual(reader.bytes[name.start..<name.end]) { return index }
        }
        return nil
    }
}

import InterhumanCore

extension WireRecording {
    static let firstLine = Array("interhuman-recording 1\n".utf8)

    /// The recording as a file has it.
    public var bytes: [UInt8] { entries.reduce(into: Self.firstLine) { $0 += $1.bytes } }

    /// Reads a recording.
    ///
    /// An entry that is cut off, because the program that recorded was killed, ends it.
    ///
    /// - Throws: ``WireRecordingError`` when the bytes are no recording.
    public init(bytes: [UInt8]) throws(WireRecordingError) {
        guard bytes.starts(with: Self.firstLine) else {
            throw WireRecordingError("This is no recording of version 1. Make one with RecordingConnector.")
        }
        self.init()
        var rest = bytes[Self.firstLine.count...]
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return }
            let line = String(decoding: rest[..<end], as: UTF8.self)
            guard let (head, byteCount) = Entry.read(line) else {
                throw WireRecordingError("The recording has a line that means nothing: \(line.prefix(80))")
            }
            rest = rest[(end + 1)...]
            // A payload has a line feed after it.
            guard rest.count > byteCount || byteCount == 0 else { return }
            var entry = head
            if byteCount > 0 {
                entry.payload = Array(rest.prefix(byteCount))
                rest = rest.dropFirst(byteCount + 1)
            }
            entries.append(entry)
        }
    }
}

extension WireRecording.Entry {
    /// The line and the payload.
    var bytes: [UInt8] {
        var words = ["\(time.nanoseconds)", "\(connection)", kind.rawValue, "\(payload.count)"]
        words += attributes.sorted { $0.key < $1.key }.map {
            "\(EscapedWord.text($0.key))=\(EscapedWord.text($0.value))"
        }
        let line = Array((words.joined(separator: " ") + "\n").utf8)
        return payload.isEmpty ? line : line + payload + [UInt8(ascii: "\n")]
    }

    /// Reads a line; gives the entry without its payload, and the payload's length.
    static func read(_ line: String) -> (WireRecording.Entry, byteCount: Int)? {
        let words = line.split(separator: " ")
        guard words.count >= 4, let time = Int64(words[0]), let connection = Int(words[1]),
            let kind = WireRecording.Kind(rawValue: String(words[2])), let byteCount = Int(words[3]), byteCount >= 0
        else { return nil }
        var attributes: [String: String] = [:]
        for word in words.dropFirst(4) {
            guard let sign = word.firstIndex(of: "=") else { return nil }
            attributes[EscapedWord.read(word[..<sign])] = EscapedWord.read(word[word.index(after: sign)...])
        }
        let entry = WireRecording.Entry(
            time: .nanoseconds(time), connection: connection, kind: kind, attributes: attributes)
        return (entry, byteCount)
    }
}

package import FoundationEssentials
package import InterhumanSession

/// A session's events as lines of JSON, the first one a ``JournalHeader``: how they are written and read. No I/O.
package enum SessionJournal {
    /// Longest line that is read, in bytes: the largest message of a service, with every byte of it escaped.
    package static let longestLine = 8 << 20

    /// The first line, without its end.
    package static func line(for header: JournalHeader) throws -> Data {
        try encode(header)
    }

    /// The line of an event, without its end; nil for a kind that this version does not know.
    package static func line(for event: SessionEvent) throws -> Data? {
        guard let record = EventRecord(event) else { return nil }
        return try encode(record)
    }

    /// Reads a first line; nil when it is none.
    package static func header(_ line: Data) -> JournalHeader? {
        guard line.count <= 10_000, let header = try? decoder.decode(JournalHeader.self, from: line),
            header.format == JournalHeader.format
        else { return nil }
        return JournalHeader(service: ServiceIdentity(url: header.service.url, version: header.service.version))
    }

    /// Reads the line of an event; nil when it means nothing.
    package static func event(_ line: Data) -> SessionEvent? {
        guard line.count <= longestLine else { return nil }
        return (try? decoder.decode(EventRecord.self, from: line))?.sessionEvent
    }

    /// A service may tell a time beyond all numbers.
    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }

    private static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(value)
    }
}

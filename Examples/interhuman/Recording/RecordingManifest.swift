import FoundationEssentials

/// What `messages.jsonl` of a recording says, a line of JSON each: the layout, the messages in the order in which they were
/// sent, and at the end that the recording is whole.
///
/// Lines instead of one document: each message adds its line and nothing is written twice, over a day of short segments as
/// well, and what a crash leaves can be read.
enum RecordingManifest {
    /// Name of the file in the directory.
    static let fileName = "messages.jsonl"

    /// The first line.
    struct Header: Codable, Equatable {
        static let format = "interhuman-recording-2"

        /// Name and version of the layout.
        var format = Header.format
    }

    /// One binary message.
    struct Message: Codable, Equatable {
        /// Name of the file with the message's bytes.
        var file: String
        /// Which connection carried it, from 0.
        var connection: Int
        /// Number of the segment within its encoder.
        var segment: Int
        /// Whether the message begins with the container's header.
        var includesHeader: Bool
        /// Length of that header in bytes; a later message decodes by itself with it before it.
        var headerBytes: Int?
        /// What it covers on the container's timeline, in seconds.
        var start: Double
        var end: Double
        /// When its first instant was captured, by the wall clock (ISO 8601).
        var captured: String
        var videoFrames: Int
        var audioSamples: Int
        var bytes: Int
        /// Of the message's bytes, in hexadecimal.
        var sha256: String
    }

    /// The last line of a recording that ended in order and holds everything.
    struct Ending: Codable, Equatable {
        var isComplete = true
        /// How many messages there are.
        var messageCount: Int
    }

    /// A line's text, without its end.
    static func line(_ value: some Encodable) throws(RecordingError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(value)
        } catch {
            throw RecordingError("\(fileName) can't take a message: \(error).")
        }
    }

    /// The layout before this one: the same messages in one document, which was written anew for each.
    private struct Document: Decodable {
        var format: String
        var isComplete: Bool
        var messages: [Message]
    }

    /// Name of that document in the directory.
    static let earlierFileName = "manifest.json"

    /// Reads a document of the earlier layout; nil when it is none.
    static func readEarlier(_ bytes: [UInt8]) -> (messages: [Message], isComplete: Bool)? {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)),
            document.format == "interhuman-recording-1"
        else { return nil }
        return (document.messages, document.isComplete)
    }

    /// Reads a whole file; nil when it does not begin as one of a recording.
    ///
    /// It ends with the first line that is none of a message: what a crash tore off, or the last one.
    static func read(_ bytes: [UInt8]) -> (messages: [Message], isComplete: Bool)? {
        let decoder = JSONDecoder()
        var lines = bytes.split(separator: UInt8(ascii: "\n")).makeIterator()
        guard let first = lines.next(), let header = try? decoder.decode(Header.self, from: Data(first)),
            header.format == Header.format
        else { return nil }
        var messages: [Message] = []
        while let line = lines.next() {
            guard let message = try? decoder.decode(Message.self, from: Data(line)) else {
                let ending = try? decoder.decode(Ending.self, from: Data(line))
                return (messages, ending == Ending(messageCount: messages.count))
            }
            messages.append(message)
        }
        return (messages, false)
    }
}

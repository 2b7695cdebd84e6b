import FoundationEssentials

/// What `manifest.json` of a recording says.
struct RecordingManifest: Codable, Equatable {
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

    /// Name and version of the layout.
    var format = "interhuman-recording-1"
    /// Whether the recording ended in order and holds everything.
    var isComplete = false
    /// The messages in the order in which they were sent.
    var messages: [Message] = []

    /// The manifest as JSON for people and programs.
    var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }
}

import Foundation
import Testing

/// What `messages.jsonl` of a recording says, with the files beside it.
struct RecordedMessages {
    private struct Header: Decodable {
        var format: String
    }

    private struct Message: Decodable {
        var file: String
        var start: Double
        var end: Double
        var videoFrames: Int
        var audioSamples: Int
        var bytes: Int
        var sha256: String
    }

    private struct Ending: Decodable {
        var isComplete: Bool
        var messageCount: Int
    }

    private let directory: String
    private let messages: [Message]
    let isComplete: Bool

    init(_ directory: String) throws {
        self.directory = directory
        let text = try Data(contentsOf: URL(filePath: directory + "/messages.jsonl"))
        let decoder = JSONDecoder()
        var lines = text.split(separator: UInt8(ascii: "\n"))
        let header = try decoder.decode(Header.self, from: lines.removeFirst())
        #expect(header.format == "interhuman-recording-2")
        let ending = try? decoder.decode(Ending.self, from: try #require(lines.last))
        if ending != nil { lines.removeLast() }
        messages = try lines.map { try decoder.decode(Message.self, from: $0) }
        isComplete = ending?.isComplete == true && ending?.messageCount == messages.count
    }

    var count: Int { messages.count }
    var frames: [Int] { messages.map(\.videoFrames) }
    var ranges: [(start: Double, end: Double)] { messages.map { ($0.start, $0.end) } }
    var paths: [String] { messages.map { directory + "/" + $0.file } }

    var joined: Data {
        get throws {
            try paths.reduce(into: Data()) { joined, path in joined += try Data(contentsOf: URL(filePath: path)) }
        }
    }

    /// Sizes and checksums are those of the files, and there are no others.
    func checkFiles() throws {
        for (message, path) in zip(messages, paths) {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.size] as? Int == message.bytes)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/sha256sum")
            process.arguments = [path]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(text.hasPrefix(message.sha256))
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: directory)
        // What 'stream --keep' adds is no message.
        #expect(files.filter { $0 != "events.jsonl" }.count == count + 1)
    }
}

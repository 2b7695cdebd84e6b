import Foundation
import Testing

/// What `manifest.json` of a recording says, with the files beside it.
struct RecordedMessages {
    private struct Manifest: Decodable {
        struct Message: Decodable {
            var file: String
            var start: Double
            var end: Double
            var videoFrames: Int
            var audioSamples: Int
            var bytes: Int
            var sha256: String
        }

        var format: String
        var isComplete: Bool
        var messages: [Message]
    }

    private let directory: String
    private let manifest: Manifest

    init(_ directory: String) throws {
        self.directory = directory
        manifest = try JSONDecoder().decode(
            Manifest.self, from: Data(contentsOf: URL(filePath: directory + "/manifest.json")))
        #expect(manifest.format == "interhuman-recording-1")
    }

    var isComplete: Bool { manifest.isComplete }
    var count: Int { manifest.messages.count }
    var frames: [Int] { manifest.messages.map(\.videoFrames) }
    var ranges: [(start: Double, end: Double)] { manifest.messages.map { ($0.start, $0.end) } }
    var paths: [String] { manifest.messages.map { directory + "/" + $0.file } }

    var joined: Data {
        get throws {
            try paths.reduce(into: Data()) { joined, path in joined += try Data(contentsOf: URL(filePath: path)) }
        }
    }

    /// Sizes and checksums are those of the files, and there are no others.
    func checkFiles() throws {
        for (message, path) in zip(manifest.messages, paths) {
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

import FoundationEssentials
import Interhuman

/// The segments of a kept session. What its manifest says is not trusted.
actor RecordedMedia: SegmentMedia {
    private static let largestManifest = 64 << 20
    private static let largestMessage = 256 << 20

    private let queue = BlockingQueue(label: "interhuman.recorded-media")
    private let directory: String
    private let messages: [RecordingManifest.Message]
    /// Why there are pictures of less than the whole session, or of none of it; nil when nothing is missing.
    let shortfall: String?
    private var next = 0
    private var header: [UInt8] = []
    /// Messages that are missing, or not what the manifest says.
    private(set) var badCount = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Reads the manifest of a directory.
    init(directory: String) {
        self.directory = directory
        var path = "\(directory)/\(RecordingManifest.fileName)"
        let earlier = "\(directory)/\(RecordingManifest.earlierFileName)"
        let isEarlier = !FileCheck.exists(path) && FileCheck.exists(earlier)
        if isEarlier { path = earlier }
        do throws(ReplayError) {
            let bytes = try RegularFile.contents(path, limit: Self.largestManifest)
            let read = isEarlier ? RecordingManifest.readEarlier : RecordingManifest.read
            guard let manifest = bytes.flatMap(read) else {
                throw ReplayError("\(path) is no list of a recording's messages.")
            }
            messages = manifest.messages
            shortfall =
                manifest.isComplete
                ? nil : "\(path) is not complete: what came after message \(messages.count) will have no picture."
        } catch {
            messages = []
            shortfall = "\(error.description) There will be no pictures."
        }
    }

    /// Segments are asked for in the order in which they were sent, though not each of them.
    func bytes(of segment: SegmentSummary) -> [UInt8]? {
        let place = messages[next...].firstIndex {
            $0.bytes == segment.byteCount && $0.videoFrames == segment.videoFrameCount
                && $0.audioSamples == segment.audioSampleCount
        }
        guard let place else {
            badCount += 1
            return nil
        }
        // The header that was sent last on the way there belongs to the segment.
        for index in next..<place where messages[index].headerBytes ?? 0 > 0 {
            if let bytes = read(messages[index]) { header = Array(bytes.prefix(messages[index].headerBytes ?? 0)) }
        }
        next = place + 1
        let message = messages[place]
        guard let bytes = read(message) else { return nil }
        guard message.includesHeader else { return header + bytes }
        header = Array(bytes.prefix(max(0, message.headerBytes ?? 0)))
        return bytes
    }

    private func read(_ message: RecordingManifest.Message) -> [UInt8]? {
        guard Self.isName(message.file),
            let bytes = try? RegularFile.contents("\(directory)/\(message.file)", limit: Self.largestMessage),
            bytes.count == message.bytes, SHA256Digest(of: Data(bytes)).hexadecimal == message.sha256
        else {
            badCount += 1
            return nil
        }
        return bytes
    }

    /// A name that a recording gives: digits and an ending, so no way out of the directory.
    private static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && (6...12).contains(parts[0].utf8.count)
            && parts[0].utf8.allSatisfy { (0x30...0x39).contains($0) } && ["webm", "mp4", "ts"].contains(parts[1])
    }
}

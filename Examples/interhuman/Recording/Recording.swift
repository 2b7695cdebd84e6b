import FoundationEssentials
import Interhuman

/// A directory with the messages that were sent, and their manifest, which names a message when its file is whole.
actor Recording {
    private let queue = BlockingQueue(label: "interhuman.recording")
    private let directory: String
    private let fileExtension: String
    /// From the capture clock to the wall clock, in nanoseconds.
    private let wallClockOffset: Int64
    private let manifest: JournalFile
    private var messageCount = 0
    private var connectionCount = 0
    /// Why the recording is not whole.
    private(set) var failure: RecordingError?

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Creates the directory, or takes an empty one.
    ///
    /// - Throws: ``RecordingError`` when it can't be written or holds something already.
    init(directory: String, container: SegmentContainer, clock: any MediaClock = SystemClock()) throws {
        self.directory = directory
        fileExtension =
            switch container {
            case .webM: "webm"
            case .mpegTS: "ts"
            default: "mp4"
            }
        wallClockOffset = clock.wallClockNanoseconds - clock.now.nanoseconds
        do {
            // Pictures and voices of people: for the owner only.
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            guard try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty else {
                throw RecordingError("\(directory) is not empty. Choose another directory; nothing is overwritten.")
            }
            manifest = try JournalFile(path: "\(directory)/\(RecordingManifest.fileName)")
            try manifest.append(try RecordingManifest.line(RecordingManifest.Header()))
        } catch let error as RecordingError {
            throw error
        } catch {
            throw RecordingError("\(directory) can't be written: \(error). Choose another directory.")
        }
    }

    /// A number for another connection's messages.
    func beginConnection() -> Int {
        defer { connectionCount += 1 }
        return connectionCount
    }

    /// Keeps a message. What can't be written is noted as ``failure``, and nothing more is kept.
    func keep(_ segment: MediaSegment, includingHeader: Bool, connection: Int) {
        let bytes = includingHeader ? segment.header + segment.body : segment.body
        let number = "\(messageCount)"
        let file = String(repeating: "0", count: max(0, 6 - number.count)) + number + "." + fileExtension
        let captured = Date(
            timeIntervalSince1970: Double(segment.timeRange.start.nanoseconds + wallClockOffset) / 1e9)
        noteFailure { () throws(RecordingError) in
            try PrivateFile.replace("\(directory)/\(file)", with: bytes)
            try manifest.append(
                try RecordingManifest.line(
                    RecordingManifest.Message(
                        file: file, connection: connection, segment: segment.index, includesHeader: includingHeader,
                        headerBytes: includingHeader ? segment.header.count : nil,
                        start: segment.mediaStart, end: segment.mediaEnd,
                        captured: captured.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)),
                        videoFrames: segment.videoFrameCount, audioSamples: segment.audioSampleCount,
                        bytes: bytes.count, sha256: SHA256Digest(of: Data(bytes)).hexadecimal)))
            try manifest.synchronize()
            messageCount += 1
        }
    }

    /// Marks the recording as complete.
    func finish() {
        noteFailure { () throws(RecordingError) in
            try manifest.append(try RecordingManifest.line(RecordingManifest.Ending(messageCount: messageCount)))
            try manifest.synchronize()
        }
    }

    private func noteFailure(_ write: () throws(RecordingError) -> Void) {
        guard failure == nil else { return }
        do throws(RecordingError) {
            try write()
        } catch {
            failure = error
        }
    }
}

/// A recording could not be written.
struct RecordingError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

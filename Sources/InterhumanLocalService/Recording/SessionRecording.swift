/// Keeps what a session received: the media bytes joined, and the sizes of the messages that they came in.
///
/// `<directory>/<correlation id>.webm` holds the bytes, whatever container they are; `<correlation id>.jsonl` one
/// line a message: `{"message":0,"bytes":52113}`.
actor SessionRecording {
    private let executor = FileQueueExecutor(label: "interhuman.recording")
    private let directory: String
    private let name: String
    private var files: Files?
    private var messageCount = 0
    private var hasFailed = false

    private struct Files: ~Copyable {
        let media: OutputFile
        let sizes: OutputFile
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Prepares a recording; files are created with the first message.
    init(directory: String, correlationID: String) {
        self.directory = directory
        name = correlationID
    }

    /// Appends a message. After a failure, which is thrown once, nothing more is kept: a recording with a hole in it
    /// would pass for what was received.
    func append(_ message: [UInt8]) throws(OutputFile.Failure) {
        guard !hasFailed else { return }
        do throws(OutputFile.Failure) {
            try write(message)
        } catch {
            hasFailed = true
            throw error
        }
    }

    private func write(_ message: [UInt8]) throws(OutputFile.Failure) {
        if files == nil {
            files = Files(
                media: try OutputFile(path: "\(directory)/\(name).webm"),
                sizes: try OutputFile(path: "\(directory)/\(name).jsonl"))
        }
        try files?.media.write(message)
        try files?.sizes.write(Array("{\"message\":\(messageCount),\"bytes\":\(message.count)}\n".utf8))
        messageCount += 1
    }
}

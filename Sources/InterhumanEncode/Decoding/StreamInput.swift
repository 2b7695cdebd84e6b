import InterhumanCore

/// The bytes on their way to the demuxer: tasks append pieces and suspend, the decoder's thread reads and blocks.
///
/// A piece that begins with a fresh container header ends the stream before it: the reader sees an end until it asks
/// for the next stream.
final class StreamInput: Sendable {
    private struct Piece {
        var bytes: [UInt8]
        let startsStream: Bool
    }

    /// A piece that is larger does not stay in memory for the sake of what is left of it.
    private static let largePiece = 65_536

    private struct State {
        var pieces: [Piece] = []
        /// Bytes of the first piece that were read.
        var offset = 0
        var queuedByteCount = 0
        var isFinished = false
        var failure: EncodeError?
        var appenders: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextAppender = 0
    }

    private let state = Monitor(State())
    private let limit: Int

    /// Creates an empty input; `limit` is in bytes.
    init(limit: Int) {
        self.limit = max(1, limit)
    }

    // MARK: Tasks

    /// Appends a piece, then waits until no more than the limit is queued.
    func append(_ bytes: [UInt8]) async throws(EncodeError) {
        try state.withLock { state throws(EncodeError) in
            if let failure = state.failure { throw failure }
            guard !state.isFinished else {
                throw EncodeError(
                    .misuse, operation: "append media bytes",
                    message: "The decoder was told that no more bytes come. Make a new one for another stream.")
            }
            guard !bytes.isEmpty else { return }
            state.pieces.append(Piece(bytes: bytes, startsStream: ContainerKind(firstBytes: bytes) != nil))
            state.queuedByteCount += bytes.count
        }
        await waitForRoom()
        if let failure = state.withLock({ $0.failure }) { throw failure }
        if Task.isCancelled { throw Self.cancelled("append media bytes") }
    }

    private func waitForRoom() async {
        let id = state.withLock { state in
            state.nextAppender += 1
            return state.nextAppender
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { [limit] state in
                    guard state.queuedByteCount > limit, state.failure == nil else { return true }
                    state.appenders[id] = continuation
                    return false
                }
                if isReady { continuation.resume() } else if Task.isCancelled { release(appender: id) }
            }
        } onCancel: {
            release(appender: id)
        }
    }

    private func release(appender id: Int) {
        let appender = state.withLock { $0.appenders.removeValue(forKey: id) }
        appender?.resume()
    }

    /// Says that no more comes.
    func finish() {
        state.withLock { $0.isFinished = true }
    }

    /// Ends reading and appending with an error. Only the first counts.
    func fail(_ error: EncodeError) {
        let appenders = state.withLock { state in
            state.failure = state.failure ?? error
            state.pieces.removeAll()
            state.offset = 0
            state.queuedByteCount = 0
            return Self.takeAppenders(&state)
        }
        appenders.forEach { $0.resume() }
    }

    /// The error of a cancelled operation.
    static func cancelled(_ operation: String) -> EncodeError {
        EncodeError(.cancelled, operation: operation, message: "The decoder was cancelled.")
    }

    // MARK: The decoder's thread

    /// What the reader has before it.
    enum Availability {
        case bytes(ContainerKind?)
        case finished
        case failed
    }

    /// Blocks until another stream begins. Its kind is nil when the bytes are no container that is known.
    func waitForStream() -> Availability {
        state.wait { state in
            if state.failure != nil { return .failed }
            // The first bytes may come in tiny pieces; a kind needs a few of them.
            let start = Self.firstBytes(state, count: ContainerKind.neededByteCount)
            if let kind = ContainerKind(firstBytes: start) { return .bytes(kind) }
            if start.count >= ContainerKind.neededByteCount { return .bytes(nil) }
            guard state.isFinished else { return nil }
            return start.isEmpty ? .finished : .bytes(nil)
        }
    }

    /// Takes the next piece if it is a complete file that can't be read as a stream; nil otherwise. It counts as queued
    /// until it is let go by ``release(byteCount:)``.
    func takeWholeFile() -> [UInt8]? {
        state.withLock { state in
            guard let piece = state.pieces.first, state.offset == 0, MP4Boxes.hasIndexBehindMedia(piece.bytes) else {
                return nil
            }
            state.pieces.removeFirst()
            return piece.bytes
        }
    }

    /// Says that a whole file is done with.
    func release(byteCount: Int) {
        let appenders = state.withLock { [limit] state -> [CheckedContinuation<Void, Never>] in
            // After a failure nothing is counted any more.
            state.queuedByteCount = max(0, state.queuedByteCount - byteCount)
            return state.queuedByteCount > limit ? [] : Self.takeAppenders(&state)
        }
        appenders.forEach { $0.resume() }
    }

    private static func firstBytes(_ state: State, count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var offset = state.offset
        for piece in state.pieces where bytes.count < count {
            bytes += piece.bytes[offset...].prefix(count - bytes.count)
            offset = 0
        }
        return bytes
    }

    /// Reads what is there, at least one byte; blocks while there is nothing.
    ///
    /// - Returns: The number of bytes; 0 at the stream's end; nil when the input failed.
    func read(into buffer: UnsafeMutableRawBufferPointer, isStreamStart: Bool) -> Int? {
        let (count, appenders) = state.wait { [limit] state -> (Int?, [CheckedContinuation<Void, Never>])? in
            if state.failure != nil { return (nil, []) }
            guard let piece = state.pieces.first else { return state.isFinished ? (0, []) : nil }
            if piece.startsStream, state.offset == 0, !isStreamStart { return (0, []) }
            let part = piece.bytes[state.offset...].prefix(buffer.count)
            buffer.copyBytes(from: part)
            state.offset += part.count
            state.queuedByteCount -= part.count
            let left = piece.bytes.count - state.offset
            if left == 0 {
                state.pieces.removeFirst()
                state.offset = 0
            } else if piece.bytes.count > Self.largePiece, left <= limit, left < Self.largePiece {
                state.pieces[0] = Piece(bytes: Array(piece.bytes[state.offset...]), startsStream: false)
                state.offset = 0
            }
            return (part.count, state.queuedByteCount > limit ? [] : Self.takeAppenders(&state))
        }
        appenders.forEach { $0.resume() }
        return count
    }

    private static func takeAppenders(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        defer { state.appenders.removeAll() }
        return Array(state.appenders.values)
    }
}

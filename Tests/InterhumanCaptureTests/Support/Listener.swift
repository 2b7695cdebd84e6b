import InterhumanCore
import Synchronization

/// Reads a stream's chunks all the while, whatever the test waits for: the source keeps ten seconds and no more.
final class Listener: Sendable {
    private let reading: Task<[AudioChunk], any Error>
    private let format: AudioFormat
    private let end = End()

    init(_ stream: AudioStream) {
        format = stream.format
        reading = Task { [end] in
            var chunks: [AudioChunk] = []
            for try await chunk in stream.chunks {
                chunks.append(chunk)
                if let time = end.time, chunk.captureTime > time { break }
            }
            return chunks
        }
    }

    /// What was heard until so long after now.
    func heard(until wait: Duration) async throws -> Recorded {
        end.time = SystemClock().now + wait
        return Recorded(try await reading.value, format: format)
    }

    private final class End: Sendable {
        private let value = Mutex<MediaTime?>(nil)

        var time: MediaTime? {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }
}

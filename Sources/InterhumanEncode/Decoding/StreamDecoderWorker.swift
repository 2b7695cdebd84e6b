import CInterhumanFFmpeg
import InterhumanCore

/// The thread behind a ``MediaStreamDecoder``.
final class StreamDecoderWorker: Sendable {
    let input: StreamInput
    let output: HandoffQueue<DecodedMedia, EncodeError>
    private let ended = OneShot<Void>()
    private let limits: MediaStreamDecoder.Limits

    init(limits: MediaStreamDecoder.Limits) {
        self.limits = limits
        input = StreamInput(limit: limits.queuedByteCount)
        output = HandoffQueue(
            capacity: limits.queuedOutputCount, cancellation: StreamInput.cancelled("wait for decoded media"))
    }

    /// Starts the thread.
    func start() {
        let isStarted = MediaThread.start(name: "ih-decode") { [self] in
            run()
            ended.fulfil(())
        }
        guard !isStarted else { return }
        fail(
            EncodeError(
                .library, operation: "start the decoder's thread",
                message: "The system has no thread to spare. Raise the limit on threads or end some."))
        ended.fulfil(())
    }

    /// Ends the thread soon, whatever it waits for.
    func abandon() {
        let error = StreamInput.cancelled("decode a media stream")
        input.fail(error)
        output.abandon(error)
    }

    /// Returns when the thread has let everything go.
    func waitUntilEnded() async {
        await ended.value()
    }

    private func fail(_ error: EncodeError) {
        input.fail(error)
        output.finish(error)
    }

    private func run() {
        do throws(EncodeError) {
            while let kind = try nextStream() {
                guard try decodeStream(kind) else { return }
            }
            output.finish()
        } catch {
            fail(error)
        }
    }

    /// The container that begins; nil at the end.
    private func nextStream() throws(EncodeError) -> ContainerKind? {
        switch input.waitForStream() {
        case .bytes(let kind?): return kind
        case .bytes(nil):
            throw EncodeError(
                .malformedMedia, operation: "recognise the media stream",
                message: "The bytes begin with neither a WebM nor an MP4 header. Send the header first.")
        case .finished: return nil
        case .failed: throw StreamInput.cancelled("decode a media stream")
        }
    }

    /// Decodes one stream. False when nobody wants more.
    private func decodeStream(_ kind: ContainerKind) throws(EncodeError) -> Bool {
        let decoding = try StreamDecoding(kind: kind, input: input, limits: limits)
        guard output.push(.streamStarted(decoding.information)) else { return false }
        while let media = try decoding.next() {
            for item in media {
                guard output.push(item) else { return false }
            }
        }
        return output.push(.streamEnded)
    }
}

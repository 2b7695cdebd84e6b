public import InterhumanCore

/// Decodes a stream of media bytes as they arrive, on a thread of its own.
///
/// The pieces given to ``append(_:)`` are one stream of bytes: WebM with unknown sizes, or fragmented MP4. A piece
/// that begins with a fresh header starts a new stream; a piece that is a complete MP4 file is read as one, wherever
/// its index lies. Append in one task and read ``output`` in another: both are
/// bounded, so `append` waits for the reader of `output`. A time stamp of more than 95 years counts as unknown: such a
/// picture or chunk follows the one before.
///
/// Only WebM (Matroska) and MP4 are recognised, by their first bytes, and nothing but the given bytes is ever read.
public final class MediaStreamDecoder: Sendable {
    private let worker: StreamDecoderWorker

    /// What a stream may ask of the machine. Everything beyond is refused before it is decoded.
    public struct Limits: Sendable, Hashable {
        /// Most pixels of a picture (width times height). Default 4096 × 2304.
        public var pixelCount: Int
        /// Most audio channels. Default 8.
        public var channelCount: Int
        /// Highest audio rate in Hz. Default 192,000.
        public var sampleRate: Int
        /// Most tracks in a container. Default 8; only the first video and audio track are decoded.
        public var trackCount: Int
        /// Bytes that wait to be read before `append` suspends; a single larger piece is still taken. Default 4 MiB.
        public var queuedByteCount: Int
        /// Frames and chunks that wait to be taken from `output` before decoding pauses. Default 32.
        public var queuedOutputCount: Int

        /// Creates limits; see the properties for units.
        public init(
            pixelCount: Int = 4096 * 2304, channelCount: Int = 8, sampleRate: Int = 192_000, trackCount: Int = 8,
            queuedByteCount: Int = 4 << 20, queuedOutputCount: Int = 32
        ) {
            self.pixelCount = pixelCount
            self.channelCount = channelCount
            self.sampleRate = sampleRate
            self.trackCount = trackCount
            self.queuedByteCount = queuedByteCount
            self.queuedOutputCount = queuedOutputCount
        }
    }

    /// Creates a decoder; its thread starts at once and ends with the stream, with ``cancel()`` or with the object.
    public init(limits: Limits = .init()) {
        worker = StreamDecoderWorker(limits: limits)
        worker.start()
    }

    deinit {
        worker.abandon()
    }

    /// Appends a piece of the stream; suspends while the decoder is behind.
    ///
    /// - Throws: `EncodeError`: what ended the decoding, `misuse` after ``finish()``, `cancelled` after
    ///   ``cancel()`` or when the task is cancelled.
    public func append(_ bytes: [UInt8]) async throws(EncodeError) {
        try await worker.input.append(bytes)
    }

    /// Says that no more bytes come. What was appended is still decoded.
    public func finish() async {
        worker.input.finish()
    }

    /// Stops and frees everything; returns when the thread has let go.
    public func cancel() async {
        worker.abandon()
        await worker.waitUntilEnded()
    }

    /// Decoded media in stream order. One consumer.
    ///
    /// Throws `EncodeError`: `malformedMedia` for bytes that are not media, `limitExceeded` for media beyond the
    /// limits, `codecUnavailable` for codecs that this machine's FFmpeg lacks, `cancelled` after ``cancel()``.
    public var output: MediaSequence<DecodedMedia, EncodeError> {
        MediaSequence { [worker] () async throws(EncodeError) -> DecodedMedia? in
            try await worker.output.next()
        }
    }
}

import Interhuman

/// Makes small pictures of segments. Encoding blocks, so it happens on a queue of its own.
actor SegmentStills {
    private let queue = BlockingQueue(label: "interhuman.stills")
    private let encoder: StillEncoder

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    init(maximumWidth: Int = 240, quantizer: Int = 7) {
        encoder = StillEncoder(maximumWidth: maximumWidth, maximumHeight: maximumWidth, quantizer: quantizer)
    }

    /// The first picture of a file as JPEG; nil where there is none, or the container is one that can't be read alone.
    func first(of bytes: [UInt8]) async -> [UInt8]? {
        // A report is no place to judge media: a segment without a picture goes without.
        try? await FirstPicture.of(bytes) { frame throws(EncodeError) in try encoder.encode(frame) }
    }

    /// A picture as JPEG; nil where it can't be converted.
    func still(of frame: VideoFrame) -> [UInt8]? {
        // A broken picture of a camera is nobody's concern here: the next one follows.
        try? encoder.encode(frame)
    }
}

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
        let decoder = MediaStreamDecoder()
        var picture: [UInt8]?
        do {
            try await decoder.append(bytes)
            await decoder.finish()
            for try await media in decoder.output {
                guard case .video(let frame, _) = media else { continue }
                picture = try encoder.encode(frame)
                break
            }
        } catch {
            // A report is no place to judge media: a segment without a picture goes without.
            picture = nil
        }
        await decoder.cancel()
        return picture
    }

    /// A picture as JPEG; nil where it can't be converted.
    func still(of frame: VideoFrame) -> [UInt8]? {
        // A broken picture of a camera is nobody's concern here: the next one follows.
        try? encoder.encode(frame)
    }
}

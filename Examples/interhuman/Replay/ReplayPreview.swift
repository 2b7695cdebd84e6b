import Interhuman

/// Shows the first picture of each kept segment in the live view. Decoding takes time, so it has a queue of its own.
actor ReplayPreview: SessionObserver {
    private let queue = BlockingQueue(label: "interhuman.replay-preview")
    private let view: LiveView
    private let media: any SegmentMedia
    private let scaler = PictureScaler()

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    init(view: LiveView, media: any SegmentMedia) {
        (self.view, self.media) = (view, media)
    }

    func observe(_ event: SessionEvent) async {
        guard case .segmentSent(let segment) = event.kind, segment.videoFrameCount > 0,
            let bytes = await media.bytes(of: segment)
        else { return }
        do throws(EncodeError) {
            _ = try await FirstPicture.of(bytes) { frame throws(EncodeError) in
                try view.show(frame, by: scaler, PictureOrientation())
            }
        } catch {
            // What is damaged was told by the recording; the events are worth going on for.
            view.tell("A picture can't be shown: \(error.message)")
        }
    }
}

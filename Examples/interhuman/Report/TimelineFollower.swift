import Interhuman
import SessionReport

/// Keeps a session's timeline while it runs, with pictures of what was sent.
actor TimelineFollower: SessionObserver {
    private var accumulator: TimelineAccumulator
    private let media: any SegmentMedia
    private let stills = SegmentStills()
    /// Goes up with each change.
    private(set) var revision = 0

    init(service: ServiceIdentity, media: any SegmentMedia) {
        accumulator = TimelineAccumulator(service: service)
        self.media = media
    }

    func observe(_ event: SessionEvent) async {
        if case .segmentSent(let segment) = event.kind { await picture(segment) }
        accumulator.take(event)
        revision += 1
    }

    /// The session could not begin, or its end was not seen.
    func fail(_ text: String) {
        accumulator.fail(text)
        revision += 1
    }

    /// The timeline so far.
    var timeline: Timeline { accumulator.timeline }

    private func picture(_ segment: SegmentSummary) async {
        guard segment.videoFrameCount > 0, accumulator.pictures.wants(segment.sessionStart),
            let bytes = await media.bytes(of: segment), let jpeg = await stills.first(of: bytes)
        else { return }
        accumulator.pictures.append(jpeg, at: max(0, segment.sessionStart))
    }
}

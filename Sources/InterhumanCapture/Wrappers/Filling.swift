import InterhumanCore
import Synchronization

/// What the two filled sources have in common: one ``GapFiller`` from the start on, its events and counters.
final class Filling<Track: FillableTrack>: Sendable {
    private let policy: FillingPolicy
    private let clock: any MediaClock
    private let channel = EventChannel<FillingEvent>()
    private let filler = Mutex<GapFiller<Track>?>(nil)

    init(policy: FillingPolicy, clock: any MediaClock) {
        self.policy = policy
        self.clock = clock
    }

    deinit {
        channel.finish()
    }

    var events: MediaSequence<FillingEvent, Never> { channel.sequence }
    var statistics: FillingStatistics { filler.withLock { $0?.statistics } ?? FillingStatistics() }
    var now: MediaTime { clock.now }

    /// The media of `base` without its gaps, which go to the monitor too.
    func fill(
        _ base: MediaSequence<Track.Element, CaptureError>, of track: Track, reportingTo monitor: SourceMonitor
    ) -> MediaSequence<Track.Element, CaptureError> {
        channel.report(to: monitor)
        let filler = GapFiller(base, track: track, policy: policy, clock: clock, events: channel)
        self.filler.withLock { $0 = filler }
        return MediaSequence { () async throws(CaptureError) in try await filler.next() }
    }

    /// Ends what the base's own end doesn't.
    func stop() {
        filler.withLock { $0 }?.stop()
        channel.finish()
    }
}

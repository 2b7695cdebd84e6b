import InterhumanCore
import Synchronization

/// Brings two tracks to one reader in order of time, so that neither runs away from the other.
///
/// Each track's puller puts one element and waits until it was taken. Where only one track has something, it may run
/// ahead by ``lead``; beyond that it waits for the other, up to ``patience``. A track that lets the other wait so long
/// counts as silent, and nobody waits for it until it gives something again.
final class MediaInterleaver: Sendable {
    /// What the reader gets.
    enum Step: Sendable {
        case frame(VideoFrame)
        case chunk(AudioChunk)
        /// The track gives nothing; the other goes on without it.
        case silent(MediaTrack)
        /// The track is over.
        case ended(MediaTrack)

        var time: MediaTime? {
            switch self {
            case .frame(let frame): frame.captureTime
            case .chunk(let chunk): chunk.captureTime
            case .silent, .ended: nil
            }
        }

        var end: MediaTime? {
            switch self {
            case .frame(let frame): frame.captureTime + (frame.duration ?? .zero)
            case .chunk(let chunk): chunk.captureTime + chunk.duration
            case .silent, .ended: nil
            }
        }
    }

    private struct Track {
        var pending: Step?
        var pendingSince = MediaTime.zero
        /// Time of the newest element taken.
        var reached: MediaTime?
        var isOpen = true
        var isEndTold = false
        var isSilent = false
    }

    private struct State {
        var tracks: [MediaTrack: Track]
        var hasBegun = false
        var failure: CaptureError?
        var isClosed = false
    }

    private enum Decision {
        case give(Result<Step?, CaptureError>, writer: MediaTrack?)
        case wait(until: MediaTime?)
    }

    private let clock: any MediaClock
    private let lead: Duration
    private let patience: Duration
    private let state: Mutex<State>
    private let newsForReader = Wakeup()
    private let newsForWriters: [MediaTrack: Wakeup]

    init(
        tracks: Set<MediaTrack>, clock: any MediaClock, lead: Duration = .milliseconds(500),
        patience: Duration = .seconds(1)
    ) {
        self.clock = clock
        self.lead = lead
        self.patience = patience
        state = Mutex(State(tracks: Dictionary(uniqueKeysWithValues: tracks.map { ($0, Track()) })))
        newsForWriters = Dictionary(uniqueKeysWithValues: tracks.map { ($0, Wakeup()) })
    }

    /// Puts an element and waits until it was taken; false when nobody will take any more.
    func put(_ step: Step, in track: MediaTrack) async -> Bool {
        let now = clock.now
        state.withLock { state in
            state.tracks[track]?.pending = step
            state.tracks[track]?.pendingSince = now
            state.tracks[track]?.isSilent = false
        }
        newsForReader.signal()
        while !Task.isCancelled {
            let (isTaken, isClosed) = state.withLock { ($0.tracks[track]?.pending == nil, $0.isClosed) }
            if isClosed { return false }
            if isTaken { return true }
            await newsForWriters[track]?.wait()
        }
        return false
    }

    /// Ends a track; with an error when its source failed, which ends the other as well.
    func end(_ track: MediaTrack, _ error: CaptureError? = nil) {
        state.withLock { state in
            state.tracks[track]?.isOpen = false
            state.failure = state.failure ?? error
        }
        newsForReader.signal()
    }

    /// Lets the writers go.
    func close() {
        state.withLock { $0.isClosed = true }
        for news in newsForWriters.values { news.signal() }
    }

    /// Gives the next step; nil when both tracks are over and when the task is cancelled.
    func next() async throws(CaptureError) -> Step? {
        while !Task.isCancelled {
            let now = clock.now
            switch state.withLock({ decide(&$0, now) }) {
            case .give(let result, let writer):
                if let writer { newsForWriters[writer]?.signal() }
                return try result.get()
            case .wait(until: let deadline?): await newsForReader.wait(until: deadline, on: clock)
            case .wait(until: nil): await newsForReader.wait()
            }
        }
        return nil
    }

    private func decide(_ state: inout State, _ now: MediaTime) -> Decision {
        if let failure = state.failure { return .give(.failure(failure), writer: nil) }
        for (name, track) in state.tracks where !track.isOpen && track.pending == nil && !track.isEndTold {
            state.tracks[name]?.isEndTold = true
            return .give(.success(.ended(name)), writer: nil)
        }
        let waiting = state.tracks.compactMap { name, track in track.pending?.time.map { (name, $0) } }
        guard let (name, time) = waiting.min(by: { $0.1 < $1.1 }) else {
            return state.tracks.values.contains { $0.isOpen } ? .wait(until: nil) : .give(.success(nil), writer: nil)
        }
        guard let other = state.tracks[name.other], other.pending == nil, other.isOpen, !other.isSilent,
            !mayRunAhead(to: time, of: other, in: state)
        else { return take(name, &state) }
        let deadline = (state.tracks[name]?.pendingSince ?? now) + patience
        guard now >= deadline else { return .wait(until: deadline) }
        state.tracks[name.other]?.isSilent = true
        return .give(.success(.silent(name.other)), writer: nil)
    }

    /// At the beginning nobody runs ahead: whoever is earliest gives the stream its first instant.
    private func mayRunAhead(to time: MediaTime, of other: Track, in state: State) -> Bool {
        guard state.hasBegun, let reached = other.reached else { return false }
        return time <= reached + lead
    }

    private func take(_ name: MediaTrack, _ state: inout State) -> Decision {
        let step = state.tracks[name]?.pending
        state.hasBegun = true
        state.tracks[name]?.reached = step?.time
        state.tracks[name]?.pending = nil
        return .give(.success(step), writer: name)
    }
}

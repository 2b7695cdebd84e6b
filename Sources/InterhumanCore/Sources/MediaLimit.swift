import Synchronization

/// How much media to take. The tracks of one session share a limit, so that they end together: it counts from the
/// earliest first element of all of them.
public final class MediaLimit: Sendable {
    private let duration: Duration
    private let start = Mutex<MediaTime?>(nil)

    /// Creates a limit of so much media time.
    public init(_ duration: Duration) {
        self.duration = duration
    }

    /// The end, as far as it is known once an element of that time has come.
    func end(after time: MediaTime) -> MediaTime {
        start.withLock { start in
            let earliest = min(start ?? time, time)
            start = earliest
            return earliest + duration
        }
    }
}

import Glibc
import Interhuman
import SessionReport

/// Writes a session's report: at the beginning, so that a wrong path is told at once; every half minute, so that a
/// process that is killed leaves one; and at the end. Each time the file is replaced as a whole.
actor ReportWriter: SessionObserver {
    private static let interval = Duration.seconds(30)

    private let queue = BlockingQueue(label: "interhuman.report-page")
    private let path: String
    private let follower: TimelineFollower
    private let clock = ContinuousClock()
    private var written: ContinuousClock.Instant

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Writes a first report.
    ///
    /// - Throws: ``RecordingError`` when the file can't be written.
    init(path: String, follower: TimelineFollower) async throws(RecordingError) {
        self.path = path
        self.follower = follower
        written = clock.now
        try await write()
    }

    func observe(_ event: SessionEvent) async {
        guard clock.now - written >= Self.interval else { return }
        // What can't be written now may be so at the end, which tells it.
        try? await write()
    }

    /// Writes what the follower knows.
    func write() async throws(RecordingError) {
        let timeline = await follower.timeline
        written = clock.now
        try PrivateFile.replace(path, with: ReportPage(timeline).html)
    }
}

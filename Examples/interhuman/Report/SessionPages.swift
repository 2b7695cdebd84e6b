import Interhuman
import SessionReport

/// The pages that were asked for: a report, a dashboard.
struct SessionPages {
    private let follower: TimelineFollower?
    private let report: ReportWriter?
    private let dashboard: Dashboard?
    private let sound = PeakLevel()
    private var preview: VideoTap?

    /// Opens the pages that the options ask for.
    ///
    /// - Throws: ``RecordingError`` when the report can't be written, ``DashboardError`` when nothing can listen.
    static func open(
        _ options: PageOptions, service: ServiceIdentity, media: any SegmentMedia
    ) async throws -> SessionPages {
        guard options.areWanted else { return SessionPages() }
        let follower = TimelineFollower(service: service, media: media)
        var (report, dashboard): (ReportWriter?, Dashboard?)
        if let path = options.report { report = try await ReportWriter(path: path, follower: follower) }
        if let port = options.dashboard {
            dashboard = try await Dashboard.open(port: port, follower: follower)
        }
        return SessionPages(follower: follower, report: report, dashboard: dashboard)
    }

    /// Tells where the dashboard is; once the live view, if any, has the screen, so that it stands there.
    func tellAddress(on console: Console) async {
        if let dashboard { await console.tell("dashboard   \(dashboard.url)") }
    }

    /// Who has to see the session's events, in this order.
    var observers: [any SessionObserver] {
        let all: [(any SessionObserver)?] = [follower, report, dashboard]
        return all.compactMap(\.self)
    }

    private init(
        follower: TimelineFollower? = nil, report: ReportWriter? = nil, dashboard: Dashboard? = nil
    ) {
        (self.follower, self.report, self.dashboard) = (follower, report, dashboard)
    }

    /// Puts the pages between the sources and the session, where a page shows what comes just now.
    mutating func watch(_ video: inout (any VideoSource)?, _ audio: inout (any AudioSource)?) {
        guard dashboard != nil else { return }
        preview = video.map { VideoTap($0) }
        video = preview ?? video
        audio = audio.map { HeardAudioSource($0) { [sound] in sound.hear($0.samples) } }
    }

    /// Shows a session's pictures and figures.
    func attend(_ session: StreamSession) async {
        await dashboard?.show(pictures: preview?.preview, sound: sound, of: session)
    }

    /// The session could not begin, or its end was not seen. What the session itself told of its end stays.
    func fail(_ text: String) async {
        await follower?.fail(text)
    }

    /// The command ends with an error, with or without the session's end having been seen: writes the report all the same.
    func finish(after error: any Error, telling console: Console) async {
        await fail(error is ClosedOutput ? "Nobody read the output any more." : ExitStatus.text(for: error))
        do throws(RecordingError) {
            try await finish()
        } catch {
            await console.tell("note        \(error)")
        }
    }

    /// The session is over: writes the report, and tells the browsers.
    ///
    /// - Throws: ``RecordingError`` when the report can't be written.
    func finish() async throws(RecordingError) {
        await dashboard?.finish()
        try await report?.write()
    }
}

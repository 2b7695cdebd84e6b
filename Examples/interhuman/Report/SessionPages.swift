import Interhuman
import SessionReport

/// The pages that were asked for: a report, a dashboard.
struct SessionPages {
    private let follower: TimelineFollower?
    private let report: ReportWriter?
    private let dashboard: Dashboard?

    /// Opens the pages that the options ask for.
    ///
    /// - Throws: ``RecordingError`` when the report can't be written, ``DashboardError`` when nothing can listen.
    static func open(
        _ options: PageOptions, service: ServiceIdentity, media: any SegmentMedia, console: Console
    ) async throws -> SessionPages {
        guard options.areWanted else { return SessionPages(follower: nil, report: nil, dashboard: nil) }
        let follower = TimelineFollower(service: service, media: media)
        var (report, dashboard): (ReportWriter?, Dashboard?)
        if let path = options.report { report = try await ReportWriter(path: path, follower: follower) }
        if let port = options.dashboard {
            let opened = try await Dashboard.open(port: port, follower: follower)
            await console.tell("dashboard   \(opened.url)")
            dashboard = opened
        }
        return SessionPages(follower: follower, report: report, dashboard: dashboard)
    }

    /// Who has to see the session's events, in this order.
    var observers: [any SessionObserver] {
        let all: [(any SessionObserver)?] = [follower, report, dashboard]
        return all.compactMap(\.self)
    }

    /// Shows pictures of the source and figures of the session, where a page has room for them.
    func show(
        pictures: MediaSequence<VideoFrame, Never>?, sound: OverheardAudioSource?, of session: StreamSession
    ) async {
        await dashboard?.show(pictures: pictures, sound: sound, of: session)
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

import FoundationEssentials
import Interhuman
import SessionReport

/// `--dashboard`: the timeline on a web page of this machine while the session runs.
actor Dashboard: SessionObserver {
    /// Where a browser finds it.
    nonisolated let url: String
    private let server: DashboardServer
    private let feed: DashboardFeed
    private let follower: TimelineFollower
    private let news = Wakeup()
    private var jobs: [Task<Void, Never>] = []

    /// Begins to listen on a loopback port; 0 takes a free one.
    ///
    /// - Throws: ``DashboardError``.
    static func open(port: Int, follower: TimelineFollower) async throws(DashboardError) -> Dashboard {
        let address = DashboardAddress(port: port)
        let server = try await DashboardServer(port: port)
        let dashboard = Dashboard(server: server, address: address, follower: follower)
        await dashboard.run(address)
        return dashboard
    }

    private init(server: DashboardServer, address: DashboardAddress, follower: TimelineFollower) {
        self.server = server
        self.follower = follower
        feed = DashboardFeed(arrivals: news)
        url = "http://127.0.0.1:\(server.port)/\(address.token)/"
    }

    func observe(_ event: SessionEvent) {
        news.signal()
    }

    private func run(_ address: DashboardAddress) {
        let (server, feed, follower, news) = (server, feed, follower, news)
        jobs.append(Task { await server.run(DashboardSite(address: address, port: server.port, feed: feed)) })
        jobs.append(
            Task {
                while !Task.isCancelled {
                    if feed.hasReaders { await Self.publish(follower, in: feed) }
                    // A page that changes faster can't be read.
                    try? await Task.sleep(for: .milliseconds(700))
                    await news.wait()
                }
            })
    }

    private static func publish(_ follower: TimelineFollower, in feed: DashboardFeed) async {
        let content = ReportPage(await follower.timeline).content
        // JSON, since an event's data is one line.
        guard let json = try? JSONEncoder().encode(content) else { return }
        feed.publish(.content, String(decoding: json, as: UTF8.self))
    }

    /// Shows pictures, at most eight a second and only while somebody looks, and the session's figures.
    func show(
        pictures: MediaSequence<VideoFrame, Never>?, sound: PeakLevel?, of session: StreamSession
    ) {
        let feed = feed
        if let pictures {
            jobs.append(
                Task {
                    let stills = SegmentStills(maximumWidth: 320, quantizer: 6)
                    let clock = ContinuousClock()
                    var next = clock.now
                    for await frame in pictures where feed.hasReaders && clock.now >= next {
                        guard let jpeg = await stills.still(of: frame) else { continue }
                        feed.publish(.picture, "data:image/jpeg;base64," + Data(jpeg).base64EncodedString())
                        next = clock.now + .milliseconds(120)
                    }
                })
        }
        jobs.append(
            Task {
                for await statistics in session.statistics(every: .seconds(1)) {
                    guard let json = try? JSONEncoder().encode(DashboardFigures(statistics, microphone: sound?.text))
                    else { continue }
                    feed.publish(.figures, String(decoding: json, as: UTF8.self))
                }
            })
    }

    /// Shows the last state, says that the session is over, and gives browsers the time to take it.
    func finish() async {
        await Self.publish(follower, in: feed)
        await feed.end()
        await server.stop()
        for job in jobs { job.cancel() }
        for job in jobs { await job.value }
    }
}

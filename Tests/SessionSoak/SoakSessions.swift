import Interhuman
import Synchronization

/// Sessions that stream all the time, and some that come and go.
actor SoakSessions {
    /// What all sessions so far did.
    private(set) var ended = 0
    private(set) var segments = 0
    private(set) var complaints: [String] = []

    private let port: Int

    init(port: Int) {
        self.port = port
    }

    /// Runs one session for so long.
    func run(seconds: Int, named name: String) async {
        var media = SegmentSettings()
        media.videoBitRate = 100_000
        do {
            var configuration = StreamSession.Configuration(
                credentials: StaticCredential(Credential("key")),
                endpoint: try ServiceEndpoint(baseURL: "ws://127.0.0.1:\(port)", version: .v1))
            configuration.id = name
            let session = StreamSession.live(
                configuration: configuration,
                video: TestPatternVideoSource(width: 160, height: 90, frameRate: 5, frameCount: seconds * 5),
                audio: VoiceLikeAudioSource(chunkCount: seconds * 50), media: media)
            var summary: SessionSummary?
            for try await event in try await session.start() {
                switch event.kind {
                case .segmentSent: segments += 1
                case .ended(let end): summary = end
                default: break
                }
            }
            judge(summary, name, seconds)
        } catch {
            complaints.append("\(name): \(error)")
        }
    }

    private func judge(_ summary: SessionSummary?, _ name: String, _ seconds: Int) {
        ended += 1
        guard let summary, case .sessionEnded = summary.completion else {
            complaints.append("\(name) ended with \(String(describing: summary?.completion))")
            return
        }
        if summary.timeLost != .zero { complaints.append("\(name) lost \(summary.timeLost)") }
        if abs(summary.timeSent.inSeconds - Double(seconds)) > 0.5 {
            complaints.append("\(name) sent \(summary.timeSent) of \(seconds) s")
        }
    }
}

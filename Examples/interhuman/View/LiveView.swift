import Foundation
import Interhuman
import Synchronization
import TerminalView

/// The live view of a session on the terminal. Gets what it shows from all sides, and holds up none of them.
final class LiveView: SessionObserver {
    private let mailbox: ViewMailbox
    private let ended = OneShot<Void>()
    /// The keys that concern the session. One consumer.
    let keys: AsyncStream<ViewKey>

    /// Takes the terminal's screen; nil when there is none to be had.
    ///
    /// - Parameters:
    ///   - profile: What the terminal can show.
    ///   - segmentLength: Length that segments aim at, in seconds.
    init?(profile: TerminalProfile, segmentLength: Double) {
        guard let mailbox = ViewMailbox(ViewState(segmentLength: segmentLength)), let terminal = Terminal() else {
            return nil
        }
        self.mailbox = mailbox
        let (keys, continuation) = AsyncStream.makeStream(of: ViewKey.self, bufferingPolicy: .bufferingNewest(8))
        self.keys = keys
        let ended = ended
        let screen = Mutex<ViewScreen?>(
            ViewScreen(terminal: terminal, mailbox: mailbox, profile: profile) { continuation.yield($0) })
        let thread = Thread {
            let screen = screen.withLock { $0.take() }
            screen?.run()
            continuation.finish()
            ended.fulfil(())
        }
        thread.name = "interhuman.view"
        thread.start()
    }

    /// Gives the screen back; what is printed afterwards stays. Harmless twice.
    func close() async {
        mailbox.request { $0.isClosed = true }
        await ended.value()
    }

    // MARK: What it shows

    func observe(_ event: SessionEvent) async {
        mailbox.update { $0.take(event, at: Self.now) }
    }

    /// Shows a line of the command's own.
    func tell(_ line: String) {
        mailbox.update { $0.tell(line, at: Self.now) }
    }

    /// Puts the view between the sources and the session.
    ///
    /// - Returns: What runs beside the session; cancel it when that is over.
    func watch(
        _ video: inout (any VideoSource)?, _ audio: inout (any AudioSource)?, turned orientation: PictureOrientation
    ) -> [Task<Void, Never>] {
        audio = audio.map { HeardAudioSource($0) { [self] in hear($0) } }
        guard let source = video else { return [] }
        let tap = VideoTap(source)
        video = tap
        let preview = PicturePreview(view: self, orientation: orientation)
        return [Task { await preview.follow(tap) }]
    }

    /// Shows a session's figures, and lets the keys steer it.
    ///
    /// - Returns: What runs beside the session; cancel it when that is over.
    func attend(_ session: StreamSession, finish: @escaping @Sendable () -> Void) -> [Task<Void, Never>] {
        let steering = Task { [keys] in
            for await key in keys {
                switch key {
                case .finish: finish()
                case .pause: await session.pause()
                case .resume: await session.resume()
                }
            }
        }
        return [steering, Task { await follow(session) }]
    }

    private func follow(_ session: StreamSession) async {
        for await statistics in session.statistics(every: .milliseconds(500)) {
            mailbox.update { $0.take(statistics) }
        }
    }

    /// Shows how loud a chunk is.
    private func hear(_ chunk: AudioChunk) {
        let level = SoundLevel(chunk.samples)
        mailbox.update {
            $0.hear(level, lasting: chunk.duration.inSeconds)
            $0.reached(chunk.captureTime + chunk.duration)
        }
    }

    /// Shows a frame, unless the one before is not yet on the screen.
    func show(_ frame: VideoFrame, by scaler: PictureScaler, _ orientation: PictureOrientation) throws(EncodeError) {
        let time = frame.captureTime
        guard mailbox.wantsPicture else { return mailbox.update { $0.reached(time) } }
        // More than fits on any usual screen, and cheap all the same.
        guard let picture = try scaler.picture(of: frame, maximumWidth: 240, maximumHeight: 160) else { return }
        let upright = picture.oriented(orientation)
        mailbox.show {
            $0.show(upright)
            $0.reached(time)
        }
    }

    private static var now: Double { SystemClock().now.seconds }
}

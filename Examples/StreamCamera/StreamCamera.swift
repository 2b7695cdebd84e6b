import Dispatch
import Glibc
import Interhuman

/// A chosen camera and microphone, with everything that can happen to them, until Ctrl-C.
///
///     swift run StreamCamera                          # the first camera, the default microphone
///     swift run StreamCamera /dev/video2 MICROPHONE   # by path, id or name, as `swift run ListDevices` shows them
///     swift run StreamCamera /dev/video2 -            # no sound
@main
enum StreamCamera {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        var camera = CameraConfiguration()
        (camera.width, camera.height, camera.frameRate) = (640, 360, 15)
        // A camera that is unplugged may come back. Its last picture goes on for so long.
        camera.whenLost = .wait(atMost: .seconds(60))
        let video = CameraSource(arguments.first, configuration: camera)
        let microphone = arguments.dropFirst().first
        let audio = microphone == "-" ? nil : MicrophoneSource(microphone)
        do {
            let session = StreamSession.live(
                configuration: StreamSession.Configuration(
                    credentials: EnvironmentCredential(), endpoint: try .fromEnvironment()),
                video: video, audio: audio)
            let interruption = finishOnInterruption(session)
            defer { interruption.cancel() }
            for try await event in try await session.start() { tell(event) }
        } catch {
            // Whatever failed says what to do: no camera, a busy one, no rights, no key, no network, …
            print(error)
            exit(1)
        }
    }

    /// The first Ctrl-C ends the session in order: what was recorded is sent, and the last results arrive.
    private static func finishOnInterruption(_ session: StreamSession) -> any DispatchSourceSignal {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT)
        source.setEventHandler { Task { await session.finish() } }
        source.resume()
        return source
    }

    private static func tell(_ event: SessionEvent) {
        // Into a pipe, too, each line goes at once.
        defer { fflush(nil) }
        switch event.kind {
        case .segmentSent(let segment): print("sent up to \(segment.sessionEnd) s")
        case .capturing(let capture):
            print("capturing:", [capture.video, capture.audio].compactMap(\.self).joined(separator: "; "))
        case .sourceLost(let track, let reason): print("\(track.rawValue) lost: \(reason)")
        case .sourceReturned(let track): print("\(track.rawValue) is back")
        case .reconnecting(let next): print("connection lost, attempt \(next.attempt) in \(next.delay): \(next.cause)")
        case .reconnected(let reconnected): print("connected again after \(reconnected.outage)")
        case .gap(let gap): print("not sent: \(gap.sessionStart) to \(gap.sessionEnd) s, \(gap.cause)")
        case .warning(let warning): print("warning:", warning)
        case .signalDetected(let signals): for signal in signals { print("signal:", signal.value.type) }
        case .engagement(let update): print("engagement:", update.value.state)
        case .ended(let summary): print("sent \(summary.segmentsSent) segments, \(summary.bytesSent) bytes")
        default: break
        }
    }
}

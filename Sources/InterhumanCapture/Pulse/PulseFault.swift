import CInterhumanPulse
import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Turns what libpulse said into what the user can do about it.
enum PulseFault {
    /// The error for a libpulse code (`PA_ERR_*`).
    static func error(_ code: Int32, operation: String) -> CaptureError {
        let (kind, message) = meaning(of: code)
        return CaptureError(kind, operation: operation, message: message, underlying: "libpulse: \(text(of: code))")
    }

    /// libpulse's own words.
    static func text(of code: Int32) -> String {
        pa_strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }

    private static func meaning(of code: Int32) -> (CaptureError.Code, String) {
        switch pa_error_code(UInt32(bitPattern: code)) {
        // A call on a connection that has ended meanwhile is a "bad state".
        case PA_ERR_CONNECTIONREFUSED, PA_ERR_INVALIDSERVER, PA_ERR_CONNECTIONTERMINATED, PA_ERR_TIMEOUT, PA_ERR_NODATA,
            PA_ERR_BADSTATE:
            (.audioServerUnavailable, unavailable())
        case PA_ERR_ACCESS, PA_ERR_AUTHKEY:
            (
                .permissionDenied,
                """
                The sound server refuses this user. Run as the user of the desktop session, not as root, or give \
                access to its cookie (PULSE_COOKIE; at present \(value("PULSE_COOKIE"))).
                """
            )
        case PA_ERR_NOENTITY:
            (.notFound, "The sound server has no such source. List the microphones and name one of them.")
        case PA_ERR_KILLED: (.deviceLost, "The sound server ended the recording: its source went away.")
        case PA_ERR_NOTSUPPORTED, PA_ERR_INVALID:
            (.unsupported, "The sound server can't record in this format. Ask for 48000 Hz and one or two channels.")
        case PA_ERR_BUSY: (.busy, "Another program uses the source exclusively. Close it or choose another microphone.")
        default:
            (
                .system,
                "The sound server failed. Its own log may say more (journalctl --user -u pipewire-pulse -u pulseaudio)."
            )
        }
    }

    /// What a process without a server needs to know: what was looked at and what to set.
    static func unavailable() -> String {
        """
        There is no sound server to be reached (PULSE_SERVER \(value("PULSE_SERVER")), XDG_RUNTIME_DIR \
        \(value("XDG_RUNTIME_DIR"))). Start PulseAudio or PipeWire's pulse server as the user who records. A system \
        service needs XDG_RUNTIME_DIR=/run/user/UID; a container needs the socket mounted and PULSE_SERVER=unix:PATH. \
        Without a microphone the session can run with silence.
        """
    }

    private static func value(_ name: String) -> String {
        getenv(name).map { "is \(String(cString: $0))" } ?? "is not set"
    }
}

import ArgumentParser
import Interhuman

/// Exit statuses of the command, after sysexits.h.
enum ExitStatus {
    static let usage = ExitCode(64)
    static let capture = ExitCode(66)
    static let connection = ExitCode(69)
    static let encode = ExitCode(70)
    static let recording = ExitCode(73)
    static let closedOutput = ExitCode(74)
    static let credential = ExitCode(77)
    static let cancelled = ExitCode(130)

    /// The status for what ended the command.
    static func of(_ error: any Error) -> ExitCode {
        switch error {
        case let error as SessionError: of(error)
        case is CaptureError: capture
        case is EncodeError: encode
        case is RecordingError: recording
        case is ReplayError: capture
        case is DashboardError: connection
        case let error as ConnectionError: of(SessionError(.connection(error)))
        case is ValidationError: usage
        default: connection
        }
    }

    /// What to tell the user: the account of the layer that failed, and which option helps.
    static func text(for error: any Error) -> String {
        let cause = (error as? SessionError)?.cause
        let text =
            switch cause {
            case .connection(let error): error.description
            case .capture(let error) where error.code == .audioServerUnavailable:
                error.description + "\nGive --no-audio to stream without a microphone."
            case .capture(let error): error.description
            case .encode(let error): error.description
            // The session's own account also says what the service answered.
            case .credential, nil: "\(error)"
            }
        guard case .connection(let error) = cause, error.code == .certificateRejected else { return text }
        return text + "\nGive the PEM file of the authority to trust with --ca."
    }

    private static func of(_ error: SessionError) -> ExitCode {
        switch error.code {
        case .credential: credential
        case .capture: capture
        case .encode: encode
        case .invalidConfiguration, .misuse: usage
        case .cancelled: cancelled
        default: connection
        }
    }
}

public import InterhumanCore

/// Something that happened in a ``LocalService``, for a log. Never holds a credential.
public struct ServiceEvent: Sendable, CustomStringConvertible {
    /// The service's name for the connection.
    public var correlationID: String
    /// What happened.
    public var kind: Kind

    /// Creates an event.
    public init(correlationID: String, kind: Kind) {
        self.correlationID = correlationID
        self.kind = kind
    }

    /// What happened.
    public enum Kind: Sendable {
        /// A request was answered with an HTTP status instead of a WebSocket.
        case refused(status: Int, ServiceError)
        /// A session began.
        case opened(ServiceEndpoint.Version, remoteAddress: String, credential: CredentialPlacement)
        /// A configuration took effect.
        case configured(SessionConfiguration)
        /// A media message was accepted for decoding; `index` counts from 0.
        case segmentAccepted(index: Int, byteCount: Int)
        /// A container's header was read; the text names container, codecs, size and rate.
        case streamStarted(String)
        /// Media were decoded; told about every 3 s of them, with the counts so far.
        case decoded(SessionStatistics)
        /// An `error` was sent to the client.
        case problem(ServiceError)
        /// Something that the client's author may want to know.
        case note(SessionNote)
        /// The service did something wrong, as it was asked to.
        case fault(String)
        /// The received bytes can't be kept; the session goes on.
        case recordingFailed(String)
        /// What the client did wrong or wastefully; comes just before ``ended(closeCode:_:)``.
        case reported(StreamReport)
        /// The session is over.
        case ended(closeCode: UInt16, SessionStatistics)
    }

    public var description: String {
        let text =
            switch kind {
            case .refused(let status, let error): "refused with HTTP \(status), \(error.code): \(error.message)"
            case .opened(let version, let address, _): "session on \(version.rawValue) opened by \(address)"
            case .configured(let configuration):
                "configured: include \(configuration.include), goal dimensions "
                    + "\(configuration.goalDimensions ?? [])"
                    + (configuration.model.map { ", model \($0)" } ?? "")
            case .segmentAccepted(let index, let count): "segment \(index) accepted, \(count) bytes"
            case .streamStarted(let text): "media stream: \(text)"
            case .decoded(let statistics): "\(statistics)"
            case .problem(let error): "error sent, \(error.code): \(error.message)"
            case .note(let note): "\(note)"
            case .fault(let text): "fault on request: \(text)"
            case .recordingFailed(let text): "the received bytes can't be kept: \(text)"
            case .reported(let report): "\(report)"
            case .ended(let code, let statistics): "ended with \(code): \(statistics)"
            }
        return "[\(correlationID)] \(text)"
    }
}

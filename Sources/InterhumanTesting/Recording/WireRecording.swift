/// What went over a session's connections, in both directions, with its times.
///
/// The file is readable: a first line, then for each entry a line and its payload as it went over the wire, so that
/// `grep -a` finds a message:
///
/// ```
/// interhuman-recording 1
/// 0 1 connect 0
/// 81204417 1 opened 36
/// 0b6d8c1e-…
/// 81533020 1 received 212
/// {"type":"session.ready",…}
/// 3120044812 1 segment 40233 header=512
/// …
/// ```
///
/// A line has the nanoseconds since the recording began, the number of the connection attempt from 1, the kind, the
/// payload's length in bytes, and attributes, in which `%` and two hexadecimal digits stand for a byte.
public struct WireRecording: Sendable, Hashable {
    /// What happened, in order.
    public var entries: [Entry]

    /// Creates a recording.
    public init(entries: [Entry] = []) {
        self.entries = entries
    }

    /// One thing that happened.
    public struct Entry: Sendable, Hashable {
        /// When, since the recording began.
        public var time: Duration
        /// Which connection attempt, from 1.
        public var connection: Int
        /// What.
        public var kind: Kind
        /// The bytes on the wire, or what the kind says.
        public var payload: [UInt8]
        /// Further properties by name.
        public var attributes: [String: String]

        /// Creates an entry.
        public init(
            time: Duration, connection: Int, kind: Kind, payload: [UInt8] = [], attributes: [String: String] = [:]
        ) {
            self.time = time
            self.connection = connection
            self.kind = kind
            self.payload = payload
            self.attributes = attributes
        }
    }

    /// What can happen. `connect`, `configuration`, `segment`, `closeRequest` and `close` are the client's doing.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The client asks for a connection.
        case connect
        /// It opened; the payload is the service's name for it.
        case opened
        /// It could not be opened; the payload is the error's text.
        case refused
        /// The client sent a configuration.
        case configuration
        /// The client sent a segment; the attribute `header` has the bytes of the container's header in it, where there
        /// is one.
        case segment
        /// The client asked the service to finish.
        case closeRequest
        /// The last that the client sent was not taken; the payload is the error's text.
        case sendFailed
        /// A message of the service.
        case received
        /// The connection ended; the payload is the close frame's reason, or the error's text.
        case ended
        /// The client closed the connection.
        case close

        /// Whether it is the client's doing.
        public var isOfClient: Bool {
            switch self {
            case .connect, .configuration, .segment, .closeRequest, .close: true
            case .opened, .refused, .sendFailed, .received, .ended: false
            }
        }
    }

    /// The entries of one connection attempt.
    public func entries(of connection: Int) -> [Entry] {
        entries.filter { $0.connection == connection }
    }
}

/// A recording can't be read or written.
public struct WireRecordingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong and what to do.
    public var description: String

    init(_ description: String) {
        self.description = description
    }
}

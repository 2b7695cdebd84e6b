import InterhumanCore

/// What a ``ServiceSessionMachine`` wants done, in this order.
enum SessionAction: Sendable, Equatable {
    /// Send this message.
    case send(ServerMessage.Body)
    /// Decode the binary message at hand; it is the one with this number, from 0.
    case decode(segment: Int)
    /// Analyse by this configuration from now on.
    case configure(SessionConfiguration)
    /// No more media come: decode and analyse what is there, then tell the machine.
    case finishMedia
    /// Drop everything that was not analysed yet.
    case abandonMedia
    /// Tell the machine the time when it is this late.
    case wake(at: MediaTime)
    /// Begin the closing handshake.
    case close(code: UInt16, reason: String)
    /// Cut the connection.
    case abort
    /// Something that the client's author may want to know.
    case note(SessionNote)
}

/// What happened in a session that the client's author may want to know.
public enum SessionNote: Sendable, Hashable {
    /// Media came before the first configuration.
    case mediaBeforeConfiguration
    /// A message came after `session.close`; it was ignored.
    case messageAfterClose
    /// A container began anew within the session.
    case containerRestarted
    /// `session.close` came, which the generation of messages that this session speaks does not know.
    case closeRequestUnknown
    /// The drain took longer than allowed: the rest of the media was not analysed.
    case drainCutShort
}

extension SessionNote: CustomStringConvertible {
    public var description: String {
        switch self {
        case .mediaBeforeConfiguration: "Media came before the first configuration. Send the configuration first."
        case .messageAfterClose: "A message came after session.close and was ignored. Send nothing after it."
        case .containerRestarted: "A container began anew within the session."
        case .closeRequestUnknown:
            "session.close is unknown to this generation of messages and was ignored. Wait until nothing more comes, then close."
        case .drainCutShort:
            "The drain took longer than allowed; the rest of the media was not analysed. Send no faster than in real time, "
                + "or allow a longer drain."
        }
    }
}

public import InterhumanCore

/// One thing that a session has to tell.
public struct SessionEvent: Sendable {
    /// What happened.
    public var kind: Kind
    /// The service's message behind it, with its raw JSON; nil for what the session itself reports. Every message of
    /// the service comes with exactly one event.
    public var message: ServerMessage?
    /// The number of the connection concerned, from 1; nil for what concerns none.
    public var connection: Int?
    /// When the event was made.
    public var wallClock: WallClockTime

    /// Creates an event.
    public init(
        _ kind: Kind, message: ServerMessage? = nil, connection: Int? = nil, wallClock: WallClockTime
    ) {
        self.kind = kind
        self.message = message
        self.connection = connection
        self.wallClock = wallClock
    }

    /// What can happen. More may be added: a `switch` needs a `default`.
    public enum Kind: Sendable {
        /// A connection is open; the service's name for it, where it gave one.
        case connected(correlationID: String?)
        /// A connection is over.
        case disconnected(Disconnection)
        /// No connection takes media; capture goes on, and another attempt follows.
        case reconnecting(Reconnecting)
        /// Media flows again.
        case reconnected(Reconnected)
        /// What the sources give is discarded from now on.
        case paused
        /// Media is taken again.
        case resumed
        /// A new connection took over before the service ended the old one.
        case rolledOver(from: Int, to: Int)
        /// The service is ready; nil when it said nothing and the session goes on without.
        case ready(SessionReady?)
        /// The configuration took effect.
        case configured(SessionUpdated)
        /// Capture has begun; what was negotiated.
        case capturing(CaptureDescription)

        /// A source gives nothing of its own: its device was unplugged, stalls or is opened afresh. What fills the gap,
        /// if anything does, goes out in its place; the session goes on.
        case sourceLost(MediaTrack, reason: String)
        /// The source gives again.
        case sourceReturned(MediaTrack)

        /// A segment was handed to the network.
        case segmentSent(SegmentSummary)
        /// Captured media that the service will never get.
        case gap(MediaGap)
        /// The encoder was stepped down or up for the uplink.
        case adapted(Adaptation)
        /// An earlier process left so many segments in the spool; they are sent first.
        case recovered(segments: Int)
        /// Segments that the session could not send any more; they stay in the spool for the next one.
        case kept([SegmentSummary])

        /// Signals were found.
        case signalDetected([Timed<SignalObservation>])
        /// An active signal's details changed.
        case signalUpdated(Timed<SignalObservation>)
        /// An active signal is over.
        case signalEnded(Timed<SignalEnd>)
        /// A signal is over: the whole of it. One that lasts when its connection's media ends, ends there.
        case signalCompleted(SignalInterval)
        /// Attention changed.
        case engagement(Timed<EngagementUpdate>)
        /// Conversation quality, for everything so far and for stretches of time.
        case conversationQuality(overall: ConversationQuality?, timeline: [Timed<ConversationQualityInterval>])
        /// Feedback on the goal dimensions.
        case feedback(Feedback)
        /// Stretches that were not analysed and are not billed.
        case coverageDropped([Timed<CoverageRange>], reason: String?)
        /// Stretches that were analysed in part.
        case coverageDegraded([Timed<CoverageRange>], reason: String?)

        /// The service reports an error. What ends the session is thrown besides.
        case serviceError(ServiceError)
        /// The service finishes its work, as it was asked to.
        case draining(SessionClosing)
        /// The service has ended its session.
        case sessionEnded(SessionEnded)
        /// A message that this version doesn't know; see ``SessionEvent/message``.
        case unknownMessage(reason: String)

        /// Something that the session survives but the user should know.
        case warning(SessionWarning)
        /// The reader was too slow: this many events are missing here.
        case eventsDropped(Int)
        /// The session is over and everything is freed. The last event; when the session failed, its error is thrown
        /// next.
        case ended(SessionSummary)
    }
}

/// What the sources agreed to.
public struct CaptureDescription: Sendable, Hashable {
    /// The video source's words; nil without video.
    public var video: String?
    /// The audio source's words; nil without audio.
    public var audio: String?

    /// Creates a description.
    public init(video: String?, audio: String?) {
        self.video = video
        self.audio = audio
    }
}

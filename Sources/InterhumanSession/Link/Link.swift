import InterhumanCore

/// One connection of a session and what belongs to it.
struct Link {
    /// The pieces of work that run for it beside the actor, at most one of each.
    enum Job: Hashable, Sendable {
        case credential, connect, receive, limits, configure, send, requestClose, release
    }

    /// Its number within the session, from 1.
    let number: Int
    var machine: LinkStateMachine
    var connection: (any AnalysisConnection)?
    var jobs: [Job: Task<Void, Never>] = [:]
    var timeline: LinkTimeline
    var openedAt: MediaTime?
    var ready: SessionReady?
    /// The container's header that the connection carries; nil when the next message must begin with one.
    var sentHeader: [UInt8]?
    /// The session whose media it carries, once it carries any; see ``Outbox/Entry/run``.
    var run: Int64??
    /// The segment being sent.
    var inFlight: Int?
    /// The segment that was sent last, or tried to be.
    var lastInFlight: Int?
    /// Whether the service is to be asked to finish once that one was sent.
    var drainsAfterSending = false

    init(number: Int, timing: SessionTiming, timeline: LinkTimeline) {
        self.number = number
        machine = LinkStateMachine(timing: timing)
        self.timeline = timeline
    }

    /// What the service allows it.
    func terms(at now: MediaTime) -> LinkTerms {
        LinkTerms(since: openedAt ?? now, ready)
    }
}

package import InterhumanCore
package import InterhumanSession

/// What a session did and found, by session time: seconds since the first media that was captured. Bounded, however long
/// the session was; ``leftOut`` says what it lacks.
package struct Timeline: Sendable, Equatable {
    /// Which service answered.
    package var service: ServiceIdentity
    /// The first and the last event, by the wall clock.
    package var began: WallClockTime?
    package var ended: WallClockTime?
    /// Where the timeline ends, in seconds.
    package var duration = 0.0
    /// How the session ended; nil while it runs.
    package var ending: Ending?
    /// What was captured, in the sources' words.
    package var sources: [String] = []
    /// Results and model that the service confirmed.
    package var configuration: String?
    /// What was sent and received.
    package var counts = SessionCounts()

    package var signals: [Signal] = []
    package var engagement: [Engagement] = []
    package var quality: [Quality] = []
    /// Scores for everything so far, as they were told last.
    package var overallQuality: ConversationQuality?
    package var feedback: [Note] = []
    package var connections: [Connection] = []
    package var stretches: [Stretch] = []
    package var notes: [Note] = []
    package var pictures: [Picture] = []
    /// What was dropped to keep the report small.
    package var leftOut: [LeftOut] = []

    /// A timeline of a session that has not begun.
    package init(service: ServiceIdentity) {
        self.service = service
    }

    /// How a session ended.
    package struct Ending: Sendable, Equatable {
        package var isFailure: Bool
        package var text: String
    }

    /// A signal from its beginning to its end.
    package struct Signal: Sendable, Equatable {
        package var type: String
        package var start: Double
        /// Where it ended; the end of the timeline while it lasts.
        package var end: Double
        package var lasts = false
        package var probability: SignalProbability?
        package var rationale: String?
        package var modality: [String]
        package var connection: Int
    }

    /// Attention over a stretch of time.
    package struct Engagement: Sendable, Equatable {
        package var state: EngagementState
        package var start: Double
        package var end: Double
    }

    /// Scores, each from 0 to 100, for a stretch of time.
    package struct Quality: Sendable, Equatable {
        package var start: Double
        package var end: Double
        package var scores: ConversationQuality
    }

    /// One connection to the service.
    package struct Connection: Sendable, Equatable {
        package var number: Int
        package var start: Double
        package var end: Double
        package var name: String?
    }

    /// A stretch in which something was not as it should be.
    package struct Stretch: Sendable, Equatable {
        package enum Kind: String, Sendable, CaseIterable {
            case outage, gap, dropped, degraded, paused, sourceLost
        }
        package var kind: Kind
        package var start: Double
        package var end: Double
        package var text: String
    }

    /// Something that happened at an instant.
    package struct Note: Sendable, Equatable {
        package enum Severity: Int, Sendable { case information, warning, error }
        package var severity: Severity
        package var time: Double
        package var text: String
    }

    /// A picture of what was sent.
    package struct Picture: Sendable, Equatable {
        package var time: Double
        /// Until where it stands for what was seen.
        package var end: Double
        /// A JPEG file.
        package var jpeg: [UInt8]
    }

    /// Something of which there was too much.
    package struct LeftOut: Sendable, Equatable {
        package var count: Int
        package var what: String
    }
}

extension Timeline {
    /// Seconds in which a stretch of a kind was in force.
    func seconds(of kinds: Stretch.Kind...) -> Double {
        stretches.filter { kinds.contains($0.kind) }.reduce(0) { $0 + ($1.end - $1.start) }
    }
}

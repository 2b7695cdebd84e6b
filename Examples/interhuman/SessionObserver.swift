import Interhuman

/// Follows a session beside what prints it: a report, a page.
protocol SessionObserver: Sendable {
    /// Takes notice of an event. Called in order; the session's events wait meanwhile, so it is brief.
    func observe(_ event: SessionEvent) async
}

import InterhumanCore

/// What a request's path leads to.
enum ServiceRoute: Sendable, Hashable {
    /// A stream to be analysed.
    case stream(ServiceEndpoint.Version)

    /// Nil for a path that leads nowhere.
    init?(path: String) {
        guard let version = ServiceEndpoint.Version.allCases.first(where: { $0.path == path }) else { return nil }
        self = .stream(version)
    }
}

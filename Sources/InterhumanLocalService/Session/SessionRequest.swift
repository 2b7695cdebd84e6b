import InterhumanCore

/// What a client asked for in the handshake of a session.
struct SessionRequest: Sendable, Hashable {
    /// Which API.
    var version: ServiceEndpoint.Version
    /// The `model` parameter, as it came.
    var model: AnalysisModel?

    /// The models that a client may choose.
    var models: [AnalysisModel]? {
        version == .v2 ? [.inter2, .inter2Audio] : nil
    }
}

import InterhumanCore
import InterhumanWire

/// What a client asked for in the handshake of a session.
struct SessionRequest: Sendable, Hashable {
    /// Which API.
    var version: ServiceEndpoint.Version
    /// The `model` parameter, as it came.
    var model: AnalysisModel?
    /// Which generation of messages it gets.
    var dialect = EnvelopeDialect.current

    /// The models that a client may choose.
    var models: [AnalysisModel]? {
        version == .v2 ? [.inter2, .inter2Audio] : nil
    }
}

public import InterhumanCore

/// Writes what a client sends as text. The same value always gives the same bytes: keys are sorted.
public struct ClientMessageEncoder: Sendable {
    /// Creates an encoder; all are the same.
    public init() {}

    /// The configuration frame. `include` is always there, because every frame replaces it; nil members are omitted.
    public func encode(_ configuration: SessionConfiguration) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            if let format = configuration.audioFormat {
                writer.key("audio_format")
                writer.object { writer in
                    writer.key("channels")
                    writer.integer(1)
                    writer.key("encoding")
                    writer.string("pcm_s16le")
                    writer.key("sample_rate")
                    writer.integer(format.sampleRate)
                }
            }
            if let dimensions = configuration.goalDimensions {
                writer.key("goal_dimensions")
                writer.array(dimensions) { $0.string($1.rawValue) }
            }
            writer.key("include")
            writer.array(configuration.include) { $0.string($1.rawValue) }
            if let model = configuration.model {
                writer.key("model")
                writer.string(model.rawValue)
            }
        }
        return writer.text
    }

    /// The request to finish: `{"type":"session.close"}`.
    public func encodeClose() -> String { #"{"type":"session.close"}"# }
}

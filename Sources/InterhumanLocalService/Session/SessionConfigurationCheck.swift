import InterhumanCore

/// Whether a configuration may take effect in a session.
struct SessionConfigurationCheck {
    var request: SessionRequest
    /// What is in effect.
    var current: SessionConfiguration
    /// Whether media have come already.
    var hasMedia: Bool

    /// The configuration that a frame leads to: it replaces `include` and `goal_dimensions`, and keeps what it omits
    /// of the rest. Raw samples end with the model for sound alone: the others take containers.
    func merged(_ frame: SessionConfiguration) -> SessionConfiguration {
        let model = frame.model ?? current.model
        return SessionConfiguration(
            include: frame.include, goalDimensions: frame.goalDimensions, model: model,
            audioFormat: model == .inter2Audio ? frame.audioFormat ?? current.audioFormat : nil)
    }

    /// What is wrong with a frame, for people; nil when nothing is.
    func complaint(about frame: SessionConfiguration) -> String? {
        complaintAboutNames(in: frame) ?? complaintAboutModel(in: frame) ?? complaintAboutAudioFormat(in: frame)
    }

    private func complaintAboutNames(in frame: SessionConfiguration) -> String? {
        if let name = frame.include.first(where: { !AnalysisOutput.known.contains($0) }) {
            return "include: \(Self.quoted(name)) is none of \(Self.list(AnalysisOutput.known))."
        }
        if let name = (frame.goalDimensions ?? []).first(where: { !GoalDimension.known.contains($0) }) {
            return "goal_dimensions: \(Self.quoted(name)) is none of \(Self.list(GoalDimension.known))."
        }
        return nil
    }

    private func complaintAboutModel(in frame: SessionConfiguration) -> String? {
        guard let model = frame.model else { return nil }
        guard let models = request.models else { return "model: v1 has no choice of models. Leave it out, or use v2." }
        guard models.contains(model) else {
            return "model: \(Self.quoted(model)) is none of \(Self.list(models))."
        }
        guard !hasMedia || model == current.model else { return "model: it may change only before the first media." }
        return nil
    }

    private func complaintAboutAudioFormat(in frame: SessionConfiguration) -> String? {
        guard let format = frame.audioFormat else { return nil }
        guard merged(frame).model == .inter2Audio else {
            return "audio_format: raw samples need v2 and the model \(AnalysisModel.inter2Audio)."
        }
        guard [16_000, 24_000].contains(format.sampleRate) else {
            return "audio_format: sample_rate is neither 16000 nor 24000."
        }
        guard !hasMedia || format == current.audioFormat else {
            return "audio_format: it may change only before the first media."
        }
        return nil
    }

    /// A client's own words, cut short: they go back over the wire and into logs.
    private static func quoted(_ name: some OpenEnumeration) -> String {
        "\"\(name.rawValue.prefix(40))\""
    }

    private static func list(_ names: [some OpenEnumeration]) -> String {
        names.map(\.rawValue).joined(separator: ", ")
    }
}

import InterhumanCore

/// Picks the source that is meant.
struct MicrophoneChoice {
    /// A source's id or exact name; nil for the default.
    var selector: String?

    /// The source to record from. Without a selector the default one; if that is a monitor, the
    /// first that isn't.
    func choose(among microphones: [Microphone]) throws(CaptureError) -> Microphone {
        guard let selector else {
            let real = microphones.filter { !$0.isMonitor }
            guard let chosen = real.first(where: \.isDefault) ?? real.first else { throw none(microphones) }
            return chosen
        }
        if let chosen = microphones.first(where: { $0.id == selector || $0.name == selector }) { return chosen }
        let names = microphones.map { "\($0.id) (\($0.name))" }.joined(separator: ", ")
        throw CaptureError(
            .notFound, operation: "find microphone \(selector)",
            message: "No source has this id or name. There are: \(names.isEmpty ? "none" : names).")
    }

    private func none(_ microphones: [Microphone]) -> CaptureError {
        let monitors = microphones.map(\.id).joined(separator: ", ")
        return CaptureError(
            .notFound, operation: "find a microphone",
            message: "The sound server has no microphone. Plug one in"
                + (monitors.isEmpty ? "." : ", or name a monitor to record what a loudspeaker plays: \(monitors)."))
    }
}

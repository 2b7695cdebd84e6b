import ArgumentParser
import Interhuman

/// Which service to use, how to trust it, and what to ask of it.
struct ServiceOptions: ParsableArguments {
    @OptionGroup var address: ServiceAddress

    @Option(
        help: ArgumentHelp(
            "The model, on v2: inter-2 or inter-2-audio. Without it: INTERHUMAN_MODEL.", valueName: "model"),
        completion: .list(["inter-2", "inter-2-audio"]))
    var model: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Results to ask for beyond signals and engagement; 'none' for no more.", valueName: "result"),
        completion: .list(AnalysisOutput.known.map(\.rawValue) + ["none"]))
    var include = ["conversation_quality_overall", "conversation_quality_timeline"]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Dimensions to get feedback on: clarity, authority, energy, rapport, learning.", valueName: "dimension"),
        completion: .list(GoalDimension.known.map(\.rawValue)))
    var goal: [String] = []

    func validate() throws {
        if try model == nil && address.version != .v2, SettingVariable.model.value != nil {
            throw SettingVariable.model.wrong(
                "chooses a model, which goes with v2 only. Give --api-version v2, or unset it.")
        }
        let known = AnalysisOutput.known.map(\.rawValue)
        for name in include where name != "none" && !known.contains(name) {
            throw ValidationError("--include takes \(known.joined(separator: ", ")) and none, not '\(name)'.")
        }
        let dimensions = GoalDimension.known.map(\.rawValue)
        for name in goal where !dimensions.contains(name) {
            throw ValidationError("--goal takes \(dimensions.joined(separator: ", ")), not '\(name)'.")
        }
    }

    /// What the session is configured with.
    func sessionConfiguration() throws -> StreamSession.Configuration {
        let endpoint = try ServiceEndpoint(
            baseURL: address.baseURL, version: address.version,
            model: (model ?? SettingVariable.model.value).map(AnalysisModel.init(rawValue:)))
        guard endpoint.isSecure || address.ca == nil else {
            throw ValidationError("--ca is of use with wss only; the URL says ws.")
        }
        return StreamSession.Configuration(
            credentials: EnvironmentCredential(), endpoint: endpoint,
            session: SessionConfiguration(
                include: include.filter { $0 != "none" }.map(AnalysisOutput.init(rawValue:)),
                goalDimensions: goal.isEmpty ? nil : goal.map(GoalDimension.init(rawValue:))))
    }

    /// Whom to trust.
    func tlsConfiguration() -> TLSConfiguration {
        TLSConfiguration(trustedCertificates: address.trustedFile.map { [.file(path: $0)] } ?? [])
    }
}

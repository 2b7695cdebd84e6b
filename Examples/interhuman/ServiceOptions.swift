public import ArgumentParser
public import Interhuman

extension ServiceEndpoint.Version: ExpressibleByArgument {}

/// Which service to use, how to trust it, and what to ask of it.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Base URL of the service, without the endpoint's path.", valueName: "url"))
    var url = ServiceEndpoint.productionBaseURL

    @Option(help: ArgumentHelp("A PEM file with an authority to trust besides the system's.", valueName: "file"))
    var ca: String?

    @Option(help: "Version of the API: v1 or v2.")
    var apiVersion = ServiceEndpoint.Version.v1

    @Option(help: ArgumentHelp("The model, on v2: inter-2 or inter-2-audio.", valueName: "model"))
    var model: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Results to ask for beyond signals and engagement; 'none' for no more.", valueName: "result"))
    var include = ["conversation_quality_overall", "conversation_quality_timeline"]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Dimensions to get feedback on: clarity, authority, energy, rapport, learning.", valueName: "dimension"))
    var goal: [String] = []

    func validate() throws {
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
            baseURL: url, version: apiVersion, model: model.map(AnalysisModel.init(rawValue:)))
        guard endpoint.isSecure || ca == nil else {
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
        TLSConfiguration(trustedCertificates: ca.map { [.file(path: $0)] } ?? [])
    }
}

public import ArgumentParser
import Glibc
public import Interhuman

extension ServiceEndpoint.Version: ExpressibleByArgument {}

/// Which service to use, how to trust it, and what to ask of it.
struct ServiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Base URL of the service, without the endpoint's path. Without it: INTERHUMAN_URL, or "
                + "\(ServiceEndpoint.productionBaseURL).", valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp(
            "A PEM file with an authority to trust besides the system's. Without it: INTERHUMAN_CA.", valueName: "file"),
        completion: .file(extensions: ["pem", "crt"]))
    var ca: String?

    @Option(
        help: ArgumentHelp(
            "Version of the API: v1 or v2. Without it: INTERHUMAN_API_VERSION, or v1.", valueName: "version"))
    var apiVersion: ServiceEndpoint.Version?

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
        try validateVariables()
        let known = AnalysisOutput.known.map(\.rawValue)
        for name in include where name != "none" && !known.contains(name) {
            throw ValidationError("--include takes \(known.joined(separator: ", ")) and none, not '\(name)'.")
        }
        let dimensions = GoalDimension.known.map(\.rawValue)
        for name in goal where !dimensions.contains(name) {
            throw ValidationError("--goal takes \(dimensions.joined(separator: ", ")), not '\(name)'.")
        }
    }

    /// What stands in the environment is looked at first, so that the error names the variable.
    private func validateVariables() throws {
        if url == nil, let value = SettingVariable.url.value {
            do throws(ConnectionError) {
                _ = try ServiceEndpoint(baseURL: value)
            } catch {
                throw SettingVariable.url.wrong("is of no use. \(error.message)")
            }
        }
        if ca == nil, let path = SettingVariable.ca.value, access(path, R_OK) != 0 {
            throw SettingVariable.ca.wrong("names '\(path)', which can't be read: \(String(cString: strerror(errno))).")
        }
        let version = try version
        if model == nil, version != .v2, SettingVariable.model.value != nil {
            throw SettingVariable.model.wrong(
                "chooses a model, which goes with v2 only. Give --api-version v2, or unset it.")
        }
    }

    /// The version of the API.
    var version: ServiceEndpoint.Version {
        get throws {
            try apiVersion
                ?? SettingVariable.apiVersion.value(ServiceEndpoint.Version.init(rawValue:), expected: "v1 or v2")
                ?? .v1
        }
    }

    private var trustedFile: String? { ca ?? SettingVariable.ca.value }

    /// What the session is configured with.
    func sessionConfiguration() throws -> StreamSession.Configuration {
        let endpoint = try ServiceEndpoint(
            baseURL: url ?? SettingVariable.url.value ?? ServiceEndpoint.productionBaseURL, version: version,
            model: (model ?? SettingVariable.model.value).map(AnalysisModel.init(rawValue:)))
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
        TLSConfiguration(trustedCertificates: trustedFile.map { [.file(path: $0)] } ?? [])
    }
}

public import ArgumentParser
import Glibc
public import Interhuman

extension ServiceEndpoint.Version: ExpressibleByArgument {}

/// Where the service is, which version of it, and whom to trust.
struct ServiceAddress: ParsableArguments {
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

    /// What stands in the environment is looked at first, so that the error names the variable.
    func validate() throws {
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
        _ = try version
    }

    /// The version of the API.
    var version: ServiceEndpoint.Version {
        get throws {
            try apiVersion
                ?? SettingVariable.apiVersion.value(ServiceEndpoint.Version.init(rawValue:), expected: "v1 or v2")
                ?? .v1
        }
    }

    /// The base URL in force.
    var baseURL: String { url ?? SettingVariable.url.value ?? ServiceEndpoint.productionBaseURL }

    /// The file with the authority to trust.
    var trustedFile: String? { ca ?? SettingVariable.ca.value }
}

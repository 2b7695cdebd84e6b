import Interhuman
import Logging

/// What the documents' code takes for granted. It is compiled, never run.
var configuration: StreamSession.Configuration {
    get {
        guard let endpoint = try? ServiceEndpoint(version: .v1) else { preconditionFailure("v1 has an endpoint") }
        return StreamSession.Configuration(credentials: EnvironmentCredential(), endpoint: endpoint)
    }
    set {}
}

let logger = Logger(label: "documents")

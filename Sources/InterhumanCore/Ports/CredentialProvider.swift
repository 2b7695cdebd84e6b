/// Gives the secret for a connection. Asked once per connection attempt.
public protocol CredentialProvider: Sendable {
    /// Gives a credential.
    ///
    /// - Parameter refreshing: True when the service has just refused the last one: give a new one or throw.
    /// - Throws: ``CredentialError``.
    func credential(refreshing: Bool) async throws(CredentialError) -> Credential
}

/// A key that never changes.
public struct StaticCredential: CredentialProvider {
    private let value: Credential

    /// Takes the key.
    public init(_ value: Credential) {
        self.value = value
    }

    public func credential(refreshing: Bool) async throws(CredentialError) -> Credential {
        guard !refreshing else {
            throw CredentialError(
                .refused, operation: "refresh the API key",
                message: "The service refused the key. Check it, or make a new one; a fixed key can't be refreshed.")
        }
        return value
    }
}

/// The key in an environment variable, read anew for each connection.
public struct EnvironmentCredential: CredentialProvider {
    /// Name of the variable.
    public let variable: String

    /// Reads the variable of this name.
    public init(variable: String = "INTERHUMAN_API_KEY") {
        self.variable = variable
    }

    public func credential(refreshing: Bool) async throws(CredentialError) -> Credential {
        let value = Environment.value(of: variable)?.trimmingASCIIWhitespace() ?? ""
        guard !value.isEmpty else {
            throw CredentialError(
                .missing, operation: "read the API key",
                message: "The environment variable \(variable) is not set. Set it to your Interhuman API key.")
        }
        guard !refreshing else {
            throw CredentialError(
                .refused, operation: "refresh the API key",
                message: "The service refused the key in \(variable). Check that it is right and still valid.")
        }
        return Credential(value)
    }
}

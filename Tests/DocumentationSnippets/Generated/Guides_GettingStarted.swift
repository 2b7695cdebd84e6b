// Made of Documentation/Guides/GettingStarted.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Foundation
import Interhuman

/// The key that systemd hands to a service: LoadCredential=api-key:/etc/interhuman/api-key.
struct SystemdCredential: CredentialProvider {
    func credential(refreshing: Bool) async throws(CredentialError) -> Credential {
        let directory = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] ?? ""
        guard let text = try? String(contentsOfFile: "\(directory)/api-key", encoding: .utf8), !refreshing else {
            throw CredentialError(
                refreshing ? .refused : .missing, operation: "read the key from \(directory)",
                message: "Put the key into /etc/interhuman/api-key and restart the service.")
        }
        return Credential(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

import FoundationEssentials

/// What one of the doctor's checks found.
struct Finding: Sendable, Encodable {
    enum Status: String, Sendable, Encodable {
        case ok
        /// Works, but probably not as meant.
        case warning
        /// Hinders `interhuman stream`.
        case problem
    }

    /// What was looked at: "camera", "sound server".
    var check: String
    var status: Status
    var finding: String
    /// What to do about it.
    var remedy: String?

    static func ok(_ check: String, _ finding: String) -> Finding {
        Finding(check: check, status: .ok, finding: finding)
    }

    static func warning(_ check: String, _ finding: String, _ remedy: String) -> Finding {
        Finding(check: check, status: .warning, finding: finding, remedy: remedy)
    }

    static func problem(_ check: String, _ finding: String, _ remedy: String) -> Finding {
        Finding(check: check, status: .problem, finding: finding, remedy: remedy)
    }

    /// One line for people.
    var line: String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        let sentence = remedy == nil || finding.hasSuffix(".") ? finding : finding + "."
        return padded(status.rawValue, 9) + padded(check, 14) + sentence + (remedy.map { " \($0)" } ?? "")
    }

    /// All findings as one line of JSON.
    static func json(_ findings: [Finding]) throws -> String {
        struct Document: Encodable {
            var checks: [Finding]
            var hinders: Bool
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let document = Document(checks: findings, hinders: findings.contains { $0.status == .problem })
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}

/// Figures as people read them, safe for whatever comes from outside.
package enum Figures {
    /// `3.2 s`.
    package static func seconds(_ value: Double) -> String { "\(tenths(value)) s" }

    /// One digit behind the point.
    static func tenths(_ value: Double) -> String {
        let tenths = Int((clamped(value) * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// `1:02:03`.
    static func clock(_ seconds: Double) -> String {
        let total = Int(max(0, clamped(seconds)))
        let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        return "\(total / 3600):\(two(total / 60 % 60)):\(two(total % 60))"
    }

    /// `8 s`, `3 min`, `2 h`.
    static func age(_ seconds: Double) -> String {
        switch max(0, clamped(seconds)) {
        case let value where value < 100: "\(Int(value)) s"
        case let value where value < 6000: "\(Int(value / 60)) min"
        case let value: "\(Int(value / 3600)) h"
        }
    }

    /// `640 kB`, `1.5 MB`.
    static func bytes(_ count: Int) -> String {
        switch count {
        case ..<1_000: "\(max(0, count)) B"
        case ..<1_000_000: "\(count / 1_000) kB"
        case ..<1_000_000_000: "\(tenths(Double(count) / 1e6)) MB"
        default: "\(tenths(Double(count) / 1e9)) GB"
        }
    }

    /// A whole number.
    package static func whole(_ value: Double) -> String { "\(Int(clamped(value).rounded()))" }

    private static func clamped(_ value: Double) -> Double { value.isNaN ? 0 : min(max(value, -1e9), 1e9) }
}

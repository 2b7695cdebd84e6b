/// Places session seconds along a line, in percent of it.
struct Scale: Sendable {
    /// Length of the line in seconds; more than 0.
    let duration: Double

    init(duration: Double) {
        self.duration = max(duration, 1)
    }

    /// Where an instant lies.
    func percent(_ seconds: Double) -> Double {
        min(max(seconds / duration, 0), 1) * 100
    }

    /// The `style` of what covers a stretch.
    func style(_ start: Double, _ end: Double) -> String {
        let left = percent(start)
        return "left:\(Decimal.text(left, places: 3))%;width:\(Decimal.text(max(0, percent(end) - left), places: 3))%"
    }

    /// The `style` of what stands at an instant.
    func style(at seconds: Double) -> String {
        "left:\(Decimal.text(percent(seconds), places: 3))%"
    }

    /// Whether a box that is wider than its anchor has to open to the left.
    func isLate(_ seconds: Double) -> Bool { percent(seconds) > 55 }

    /// Instants for lines across, at most about eight and at round figures.
    var ticks: [Double] {
        let steps: [Double] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200,
        ]
        let step = steps.first { duration / $0 <= 8 } ?? (duration / 8 / 86_400).rounded(.up) * 86_400
        return Array(stride(from: 0, through: duration, by: step))
    }
}

/// Numbers as text, without the locale's ways.
enum Decimal {
    /// A number with at most so many places, without trailing zeros.
    static func text(_ value: Double, places: Int = 1) -> String {
        let factor = (0..<places).reduce(1.0) { factor, _ in factor * 10 }
        let scaled = (min(max(value.isNaN ? 0 : value, -1e12), 1e12) * factor).rounded()
        var digits = "\(Int(abs(scaled)))"
        while digits.count <= places { digits = "0" + digits }
        var text = String(digits.dropLast(places))
        var fraction = digits.suffix(places)
        while fraction.last == "0" { fraction = fraction.dropLast() }
        if !fraction.isEmpty { text += "." + fraction }
        return scaled < 0 ? "-" + text : text
    }

    /// A whole number with thin gaps between thousands.
    static func grouped(_ value: Int) -> String {
        var groups: [Substring] = []
        var rest = Substring("\(value.magnitude)")
        while rest.count > 3 {
            groups.append(rest.suffix(3))
            rest = rest.dropLast(3)
        }
        groups.append(rest)
        return (value < 0 ? "-" : "") + groups.reversed().joined(separator: "\u{202F}")
    }

    /// Bytes as people read them.
    static func bytes(_ count: Int) -> String {
        switch count {
        case ..<1_000: "\(count) B"
        case ..<1_000_000: text(Double(count) / 1e3, places: 0) + " kB"
        case ..<1_000_000_000: text(Double(count) / 1e6) + " MB"
        default: text(Double(count) / 1e9, places: 2) + " GB"
        }
    }
}

/// Session time as people read it.
enum Clock {
    /// `4:07`, `1:04:07`; with tenths in a session of less than ten minutes.
    static func text(_ seconds: Double, in duration: Double = .infinity) -> String {
        let places = duration < 600 ? 10.0 : 1.0
        let total = Int((min(max(seconds.isNaN ? 0 : seconds, 0), 1e8) * places).rounded())
        let whole = total / Int(places)
        let (hours, minutes, rest) = (whole / 3_600, whole / 60 % 60, whole % 60)
        var text = (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":\(two(rest))"
        if places == 10 { text += ".\(total % 10)" }
        return text
    }

    /// A length: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 4 min`.
    static func length(_ seconds: Double) -> String {
        let seconds = min(max(seconds.isNaN ? 0 : seconds, 0), 1e8)
        if seconds < 59.95 { return Decimal.text(seconds) + " s" }
        let whole = Int(seconds.rounded())
        if whole < 3_600 { return "\(whole / 60) min" + (whole % 60 > 0 ? " \(whole % 60) s" : "") }
        return "\(whole / 3_600) h" + (whole / 60 % 60 > 0 ? " \(whole / 60 % 60) min" : "")
    }

    /// An instant of the wall clock in UTC: `2026-11-25 22:20:24`, after H. Hinnant's civil-from-days.
    static func utc(_ nanoseconds: Int64) -> String {
        let total = nanoseconds / 1_000_000_000
        let day = (total >= 0 ? total : total - 86_399) / 86_400
        let second = Int(total - day * 86_400)
        let shifted = Int(day) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let year = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let (civilMonth, civilDay) = (month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
        let civilYear = year + era * 400 + (civilMonth <= 2 ? 1 : 0)
        return "\(civilYear)-\(two(civilMonth))-\(two(civilDay)) "
            + "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

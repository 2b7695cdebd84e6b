/// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
enum RetryAfter {
    /// How long to wait, or nil when the value can't be read.
    ///
    /// - Parameter now: The wall clock, in seconds since 1970-01-01T00:00:00Z.
    static func duration(_ value: String, now: Int64) -> Duration? {
        if let seconds = UInt32(value) { return .seconds(Int64(seconds)) }
        return date(value).map { .seconds(max(0, $0 - now)) }
    }

    /// An IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT`, in seconds since 1970. The obsolete forms are not read.
    private static func date(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT",
            let day = Int64(parts[1]), let month = months.firstIndex(of: parts[2]), let year = Int64(parts[3]),
            let time = secondsOfDay(parts[4]), (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        return days(year, Int64(month) + 1, day) * 86_400 + time
    }

    /// `08:49:37`, with room for a leap second.
    private static func secondsOfDay(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Days from 1970-01-01 to a date of the Gregorian calendar, counted in years that begin in March so that the
    /// leap day comes last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}

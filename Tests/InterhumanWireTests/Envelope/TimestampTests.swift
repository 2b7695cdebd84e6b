import InterhumanCore
import InterhumanWire
import Testing

@Suite struct TimestampTests {
    /// Seconds from `date -u -d … +%s`.
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1), ("2000-02-29T12:00:00Z", 951_825_600),
        ("2024-02-29T23:59:59Z", 1_709_251_199), ("1900-03-01T00:00:00Z", -2_203_891_200),
        ("2025-01-01T00:00:00+00:00", 1_735_689_600), ("2025-01-01T02:30:00+02:30", 1_735_689_600),
        ("2024-12-31T16:00:00-0800", 1_735_689_600), ("2016-12-31T23:59:60Z", 1_483_228_800),
        ("2025-01-01t00:00:00z", 1_735_689_600), ("2025-01-01 00:00:00Z", 1_735_689_600),
    ])
    func wholeSeconds(text: String, seconds: Int64) throws {
        let timestamp = try #require(ServerTimestamp(iso8601: text))
        #expect(timestamp.nanosecondsSince1970 == seconds * 1_000_000_000)
    }

    @Test(arguments: [
        ("0", 0), ("1", 100_000_000), ("000001", 1000), ("123456", 123_456_000), ("123456789", 123_456_789),
        ("1234567899999", 123_456_789),
    ])
    func fractions(digits: String, nanoseconds: Int64) throws {
        for separator in [".", ","] {
            let timestamp = try #require(ServerTimestamp(iso8601: "1970-01-01T00:00:01\(separator)\(digits)Z"))
            #expect(timestamp.nanosecondsSince1970 == 1_000_000_000 + nanoseconds)
        }
    }

    @Test(arguments: [
        "", "2025", "2025-01-01", "2025-01-01T00:00:00", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z",
        "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2025-04-31T00:00:00Z", "2025-01-00T00:00:00Z",
        "2025-01-01T24:00:00Z", "2025-01-01T00:60:00Z", "2025-01-01T00:00:61Z", "2025-01-01T00:00:00.Z",
        "2025-01-01T00:00:00ZZ", "2025-01-01T00:00:00+24:00", "2025-01-01T00:00:00+01:60", "25-01-01T00:00:00Z",
        "2025-1-01T00:00:00Z", "２０２５-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z",
    ])
    func whatIsNoInstantIsNil(text: String) {
        #expect(ServerTimestamp(iso8601: text) == nil)
    }

    @Test func everyDayOfFourCenturiesComesBack() throws {
        var mismatches: [String] = []
        for day in stride(from: Int64(-100_000), to: 100_000, by: 1) {
            let timestamp = ServerTimestamp(nanosecondsSince1970: day * 86_400_000_000_000 + 12_345_000)
            if ServerTimestamp(iso8601: timestamp.iso8601) != timestamp { mismatches.append(timestamp.iso8601) }
        }
        #expect(mismatches == [])
    }

    @Test func writtenInTheServicesForm() {
        #expect(ServerTimestamp(nanosecondsSince1970: -1).iso8601 == "1969-12-31T23:59:59.999999Z")
        #expect(ServerTimestamp(nanosecondsSince1970: 1000).iso8601 == "1970-01-01T00:00:00.000001Z")
        // The ends of what nanoseconds in 64 bits can say.
        #expect(ServerTimestamp(nanosecondsSince1970: .max).iso8601 == "2262-04-11T23:47:16.854775Z")
        #expect(ServerTimestamp(nanosecondsSince1970: .min).iso8601 == "1677-09-21T00:12:43.145224Z")
    }
}

import Interhuman
import TerminalView

/// What the dashboard tells of the session's machinery, as pairs of name and figure, for people.
struct DashboardFigures: Encodable {
    private let rows: [(String, String)]

    init(_ statistics: SessionStatistics, microphone: String?) {
        var rows = [
            ("Connection", statistics.isConnected ? "open" : "none"),
            (
                "Queue",
                "\(statistics.segmentsWaiting) segments, \(statistics.bytesWaiting / 1000) kB, "
                    + Figures.seconds(statistics.queueAge.inSeconds)
            ),
        ]
        if let trip = statistics.roundTrip {
            rows.append(("Round trip", "\(Int((trip.inSeconds * 1000).rounded())) ms"))
        }
        if let rate = statistics.sendRate { rows.append(("Network speed", Self.bits(rate * 8))) }
        if let rate = statistics.frameRate { rows.append(("Pictures", "\(Int(rate.rounded())) a second")) }
        if let microphone { rows.append(("Microphone", microphone)) }
        if statistics.adaptationLevel > 0 { rows.append(("Stepped down", "\(statistics.adaptationLevel)")) }
        self.rows = rows
    }

    private static func bits(_ rate: Double) -> String {
        let kilobits = Int(min(max(rate, 0), 1e12) / 1000)
        return kilobits < 10_000 ? "\(kilobits) kbit/s" : "\(kilobits / 1000) Mbit/s"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for (name, value) in rows { try container.encode([name, value]) }
    }
}

import Foundation
import InterhumanCore
import InterhumanWire

/// Decoding the service's messages: Wire, a bare `JSONDecoder` into Codable structs of the same fields, and the
/// vendor's Python SDK.
enum EnvelopeBenchmark {
    /// What a conversation brings, as often as it does.
    static let messages: [String] = {
        let scores = ConversationQuality(
            qualityIndex: 71.25, clarity: 50, authority: 61.5, energy: 44, rapport: 80, learning: 49.999)
        let detail =
            "The speaker leans forward, nods repeatedly and keeps eye contact while asking follow-up questions."
        let bodies: [ServerMessage.Body] = [
            .signalDetected([
                SignalObservation(
                    type: .interest, start: 12.48, probability: .medium, rationale: detail, modality: [.video, .audio])
            ]),
            .signalUpdated(SignalObservation(type: .interest, start: 12.48, probability: .high, rationale: detail)),
            .signalEnded(SignalEnd(type: .interest, end: 17.04)),
            .engagementUpdated(EngagementUpdate(state: .engaged, start: 12)),
            .conversationQualityUpdated(
                ConversationQualityUpdate(
                    overall: scores,
                    timeline: [
                        ConversationQualityInterval(start: 0, end: 6, values: scores),
                        ConversationQualityInterval(start: 6, end: 12, values: scores),
                    ])),
            .feedbackGenerated(Feedback(text: detail)),
        ]
        let instant = ServerTimestamp(nanosecondsSince1970: 1_780_000_000_123_456_000)
        return bodies.flatMap {
            EnvelopeEncoder().encode(
                $0, timestamp: instant, correlationID: "550e8400-e29b-41d4-a716-446655440000")
        }
    }()

    static func run() throws {
        let repeats = 2000
        let count = Double(repeats * messages.count)
        let data = messages.map { Data($0.utf8) }
        let decoder = EnvelopeDecoder()
        let foundation = JSONDecoder()
        let best = try Measurement.best(
            rounds: 7,
            [
                { for _ in 0..<repeats { for text in messages { consume(try decoder.decode(text)) } } },
                {
                    for _ in 0..<(repeats / 10) {
                        for bytes in data { consume(try foundation.decode(FoundationEnvelope.self, from: bytes)) }
                    }
                },
            ])
        let (ours, theirs) = (best[0] / count * 1e6, best[1] / count * 1e7)
        print(
            "envelopes: \(Measurement.text(ours)) µs an event, bare JSONDecoder \(Measurement.text(theirs)) µs:",
            "\(Measurement.text(theirs / ours, 1)) times as fast")
        guard let output = try PythonPeer.run("envelopes", input: messages.joined(separator: "\n")) else { return }
        for (name, microseconds) in output {
            print(
                "envelopes: \(name) \(Measurement.text(microseconds)) µs an event: Wire is",
                "\(Measurement.text(microseconds / ours, 1)) times as fast")
        }
    }
}

/// The same fields, for `JSONDecoder`.
private struct FoundationEnvelope: Decodable {
    struct Payload: Decodable {
        var signal_type: String?
        var start: Double?
        var end: Double?
        var probability: String?
        var rationale: String?
        var modality: [String]?
        var state: String?
        var feedback: String?
        var overall: Scores?
        var timeline: [Interval]?
    }

    struct Scores: Decodable {
        var quality_index: Double
        var clarity: Double
        var authority: Double
        var energy: Double
        var rapport: Double
        var learning: Double
    }

    struct Interval: Decodable {
        var start: Double
        var end: Double
        var values: Scores
    }

    var type: String
    var timestamp: String
    var correlation_id: String
    var data: Payload
}

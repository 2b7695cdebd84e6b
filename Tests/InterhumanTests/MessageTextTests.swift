import Interhuman
import Testing

@testable import interhuman

/// Lines for people of what a service says, whatever it says.
@Suite struct MessageTextTests {
    @Test(arguments: [
        (78.4, "78"), (1e19, "1000000000"), (-1e19, "-1000000000"), (1e300, "1000000000"), (.infinity, "1000000000"),
        (.nan, "0"),
    ])
    func scoresBeyondAllMeasureAreShown(score: Double, text: String) {
        let quality = ConversationQuality(
            qualityIndex: score, clarity: 1, authority: 2, energy: 3, rapport: 4, learning: score)
        let message = ServerMessage(
            type: "conversation_quality.updated",
            body: .conversationQualityUpdated(ConversationQualityUpdate(overall: quality, timeline: nil)))
        #expect(
            MessageText.line(for: message)
                == "quality     index \(text), clarity 1, authority 2, energy 3, rapport 4, learning \(text)")
    }

    @Test(arguments: [1e19, -1e19, 1e300, Double.infinity, .nan])
    func timesBeyondAllMeasureAreShown(time: Double) {
        let signal = SignalObservation(type: .stress, start: time, end: time)
        let message = ServerMessage(type: "signal.detected", body: .signalDetected([signal]))
        #expect(MessageText.line(for: message)?.hasPrefix("signal      stress from ") == true)
    }
}

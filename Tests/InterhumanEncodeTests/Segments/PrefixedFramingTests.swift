import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Prefixed framing", .timeLimit(.minutes(5)))
struct PrefixedFramingTests {
    @Test("Each message decodes alone, and all in a row")
    func decodes() async throws {
        var run = EncodingRun.steady(seconds: 7, frameRate: 15)
        run.settings.framing = .prefixed
        let (segments, _) = try await run.run()
        #expect(segments.allSatisfy { $0.header.isEmpty })
        for (segment, first) in zip(segments, [0, 45, 90]) {
            let alone = try await Recording.decode([segment.body])
            #expect(alone.numbers == Array(first..<min(first + 45, 105)))
            #expect(alone.videoTimes.first == segment.mediaStart)
            #expect(alone.keyframes.first == true)
        }
        let all = try await Recording.decode(segments.map(\.body))
        #expect(all.starts.count == 3)
        #expect(all.numbers == Array(0..<105))
        #expect(zip(all.videoTimes, all.videoTimes.dropFirst()).allSatisfy { $0 < $1 })
    }
}

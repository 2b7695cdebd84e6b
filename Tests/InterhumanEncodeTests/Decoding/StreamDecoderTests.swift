import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Stream decoder", .timeLimit(.minutes(5)))
struct StreamDecoderTests {
    private static func segments(seconds: Double = 7, frameRate: Double = 15) async throws -> [MediaSegment] {
        try await EncodingRun.steady(seconds: seconds, frameRate: frameRate).run().segments
    }

    @Test("The frames of a message come out before the next one is there")
    func lowDelay() async throws {
        let segments = try await Self.segments()
        let decoder = MediaStreamDecoder()
        var output = decoder.output.makeAsyncIterator()
        for (message, segment) in zip(segments.messages, segments) {
            try await decoder.append(message)
            var frameCount = 0
            while frameCount < segment.videoFrameCount, let media = try await output.next() {
                if case .video = media { frameCount += 1 }
            }
            #expect(frameCount == segment.videoFrameCount)
        }
        await decoder.cancel()
    }

    @Test("Where the bytes are cut makes no difference", arguments: [1, 7, 1000, 65_536])
    func cuts(length: Int) async throws {
        let joined = try await Self.segments(seconds: length == 1 ? 1 : 7).joined
        let pieces = stride(from: 0, to: joined.count, by: length).map { Array(joined[$0...].prefix(length)) }
        let whole = try await Recording.decode([joined])
        let cut = try await Recording.decode(pieces)
        #expect(cut.numbers == whole.numbers && cut.videoTimes == whole.videoTimes)
        #expect(cut.samples == whole.samples)
        #expect(cut.starts.count == 1)
    }

    @Test("A small byte limit slows the sender down and loses nothing")
    func backpressure() async throws {
        let segments = try await Self.segments()
        let limits = MediaStreamDecoder.Limits(queuedByteCount: 100, queuedOutputCount: 1)
        let recording = try await Recording.decode(segments.messages, limits: limits)
        #expect(recording.numbers == Array(0..<105))
    }

    @Test("A fresh header in a later message begins a new stream")
    func restart() async throws {
        let messages = try await Self.segments(seconds: 4).messages
        let recording = try await Recording.decode(messages + messages)
        #expect(recording.starts.count == 2 && recording.ends == 2)
        #expect(recording.numbers == Array(0..<60) + Array(0..<60))
        #expect(recording.videoTimes.filter { $0 == 0 }.count == 2)
    }

    @Test("The header tells the tracks")
    func information() async throws {
        let recording = try await Recording.decode(try await Self.segments(seconds: 1).messages)
        let expected = StreamInformation(
            container: "webm", video: .init(codec: "vp9", width: 320, height: 180),
            audio: .init(codec: "opus", sampleRate: 48_000, channelCount: 1))
        #expect(recording.starts == [expected])
    }

    @Test("Without bytes there is no media and no error")
    func empty() async throws {
        let recording = try await Recording.decode([])
        #expect(recording.starts.isEmpty && recording.ends == 0)
    }

    // MARK: The golden cases of F14

    @Test("A cluster without its header is no media")
    func bareCluster() async throws {
        let segments = try await Self.segments(seconds: 4)
        let error = await #expect(throws: EncodeError.self) { try await Recording.decode([segments[1].body]) }
        #expect(error?.code == .malformedMedia)
    }

    @Test("The header and a later segment decode from that segment's time")
    func laterSegment() async throws {
        let segments = try await Self.segments()
        let recording = try await Recording.decode([segments[1].header + segments[1].body])
        #expect(recording.videoTimes.first == 3)
        #expect(recording.numbers == Array(45..<90))
    }

    @Test("A segment left out is a clean gap")
    func missingSegment() async throws {
        var messages = try await Self.segments(seconds: 10).messages
        messages.remove(at: 1)
        let recording = try await Recording.decode(messages)
        #expect(recording.numbers == Array(0..<45) + Array(90..<150))
        #expect(zip(recording.videoTimes, recording.videoTimes.dropFirst()).allSatisfy { $0 < $1 })
    }
}

import InterhumanCore
import InterhumanTesting
import Testing

/// The doubles of sources, encoder and credential provider.
@Suite(.timeLimit(.minutes(1)))
struct MediaDoublesTests {
    @Test("an array source gives its elements and ends")
    func ends() async throws {
        let stream = try await ArrayVideoSource(count: 3, frameRate: 10, base: .zero).start()
        var times: [Double] = []
        for try await frame in stream.frames { times.append(frame.captureTime.seconds) }
        #expect(times == [0, 0.1, 0.2])
    }

    @Test("an array source may fail at its end, or stay open until it is stopped")
    func otherEndings() async throws {
        let lost = CaptureError(.deviceLost, operation: "read", message: "Gone.")
        let failing = try await ArrayAudioSource(count: 1, ending: .fails(lost)).start()
        var iterator = failing.chunks.makeAsyncIterator()
        #expect(try await iterator.next()?.frameCount == 960)
        await #expect(throws: CaptureError.self) {
            var iterator = failing.chunks.makeAsyncIterator()
            _ = try await iterator.next()
        }

        let source = ArrayAudioSource(count: 0, ending: .staysOpen, isLive: true)
        let open = try await source.start()
        #expect(open.isLive)
        let reader = Task {
            var iterator = open.chunks.makeAsyncIterator()
            return try await iterator.next() == nil
        }
        await source.stop()
        #expect(try await reader.value)
        #expect(source.isStopped)
        await #expect(throws: CaptureError.self) { try await source.start() }
    }

    @Test("the encoder cuts before the frame that passes the duration, and counts")
    func cuts() async throws {
        let factory = PassthroughSegmentEncoderFactory(segmentDuration: .seconds(1), padding: 2)
        let video = VideoTrackDescription(
            format: VideoFormat(width: 16, height: 16, pixelFormat: .gray8), nominalFrameRate: 4)
        let encoder = try await factory.makeEncoder(video: video, audio: nil, epoch: .zero)
        var segments: [MediaSegment] = []
        for try await frame in try await ArrayVideoSource(count: 10, frameRate: 4).start().frames {
            segments += try await encoder.encode(frame)
        }
        segments += try await encoder.finish()
        #expect(segments.map(\.index) == [0, 1, 2])
        #expect(segments.map(\.videoFrameCount) == [4, 4, 2])
        #expect(segments.map(\.body.count) == [38, 38, 20])
        #expect(segments.map(\.mediaStart) == [0, 1, 2])
        #expect(factory.encoders.first?.inputTimes.count == 10)
        #expect(try await encoder.finish().isEmpty)
    }

    @Test("the encoder fails when told to, and after its end")
    func failures() async throws {
        let failure = EncodeError(.library, operation: "encode", message: "No.")
        let factory = PassthroughSegmentEncoderFactory(encodeFailure: (2, failure))
        let encoder = try await factory.makeEncoder(video: nil, audio: nil, epoch: .zero)
        let chunk = AudioChunk(
            format: AudioFormat(sampleRate: 48_000, channelCount: 1), captureTime: .zero, samples: .int16([0]))
        #expect(try await encoder.encode(chunk).isEmpty)
        await #expect(throws: EncodeError.self) { try await encoder.encode(chunk) }
        await encoder.cancel()
        await #expect(throws: EncodeError.self) { try await encoder.encode(chunk) }
    }

    @Test("prepared credentials come in order, then none")
    func credentials() async throws {
        let provider = RecordingCredentialProvider(.success(Credential("a")))
        #expect(try await provider.credential(refreshing: false) == Credential("a"))
        await #expect(throws: CredentialError.self) { try await provider.credential(refreshing: true) }
        #expect(provider.calls == [false, true])
    }
}

import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Malformed media", .timeLimit(.minutes(5)))
struct MalformedMediaTests {
    private static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    private static func segments() async throws -> [MediaSegment] {
        try await EncodingRun.steady(seconds: 4, frameRate: 15).run().segments
    }

    @Test(
        "Bytes that are no container are refused",
        arguments: [
            Array("The quick brown fox jumps over the lazy dog. ".utf8), Array("{}".utf8), [0], noise(100_000, seed: 1),
            Array("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".utf8), [UInt8](repeating: 0, count: 1000),
        ])
    func noContainer(_ bytes: [UInt8]) async throws {
        let error = await #expect(throws: EncodeError.self) { try await Recording.decode([bytes]) }
        #expect(error?.code == .malformedMedia)
    }

    @Test("A header that breaks off, or that is followed by noise, is refused", arguments: [5, 20, 40, 100, 200])
    func brokenHeader(length: Int) async throws {
        let header = try await Self.segments()[0].header
        for bytes in [Array(header.prefix(length)), header.prefix(length) + Self.noise(5000, seed: 2)] {
            let error = await #expect(throws: EncodeError.self) { try await Recording.decode([bytes]) }
            #expect(error?.code == .malformedMedia)
        }
    }

    @Test("MP4 headers with nonsense in them are refused")
    func brokenMP4() async throws {
        let start: [UInt8] = [0, 0, 0, 16] + Array("ftypisom".utf8) + [0, 0, 0, 0]
        for rest in [[], Self.noise(5000, seed: 3), [0, 0, 0, 8] + Array("moov".utf8)] {
            let error = await #expect(throws: EncodeError.self) { try await Recording.decode([start + rest]) }
            #expect(error?.code == .malformedMedia)
        }
    }

    @Test("Noise where a message should be is refused")
    func noiseMessage() async throws {
        let messages = try await Self.segments().messages
        let error = await #expect(throws: EncodeError.self) {
            try await Recording.decode([messages[0], Self.noise(50_000, seed: 4)])
        }
        #expect(error?.code == .malformedMedia)
    }

    @Test("A stream that breaks off gives what was whole and ends")
    func truncated() async throws {
        let message = try await Self.segments()[0]
        let bytes = message.header + message.body
        let recording = try await Recording.decode([Array(bytes.prefix(bytes.count * 2 / 3))])
        #expect(recording.ends == 1)
        #expect((10..<45).contains(recording.frames.count))
        #expect(recording.numbers == Array(0..<recording.frames.count))
    }

    @Test("Flipped bytes anywhere end in media or in a typed error, never otherwise")
    func mutated() async throws {
        let joined = try await Self.segments().joined
        var outcomes = 0
        for seed in 0..<150 {
            var bytes = joined
            let noise = Self.noise(24, seed: UInt64(seed))
            for index in stride(from: 0, to: 24, by: 3) {
                // A third of the mutations hit the header, where structure is dense.
                let range = seed % 3 == 0 ? 400 : bytes.count
                let place = (Int(noise[index]) << 8 | Int(noise[index + 1])) * range / 65_536
                bytes[place] = noise[index + 2]
            }
            do throws(EncodeError) {
                _ = try await Recording.decode([bytes])
            } catch {
                #expect([.malformedMedia, .limitExceeded, .codecUnavailable].contains(error.code), "\(error)")
            }
            outcomes += 1
        }
        #expect(outcomes == 150)
    }

    @Test("Media beyond the limits is refused before it is decoded")
    func limits() async throws {
        let messages = try await Self.segments().messages
        let tight = [
            MediaStreamDecoder.Limits(pixelCount: 320 * 180 - 1), MediaStreamDecoder.Limits(channelCount: 0),
            MediaStreamDecoder.Limits(sampleRate: 44_100),
        ]
        for limits in tight {
            let error = await #expect(throws: EncodeError.self) {
                try await Recording.decode(messages, limits: limits)
            }
            #expect(error?.code == .limitExceeded)
        }
        let wide = try await Recording.decode(messages, limits: .init(pixelCount: 320 * 180))
        #expect(wide.frames.count == 60)
    }

    @Test("Cancelling wakes whatever waits, for bytes, for room or for media")
    func cancellation() async throws {
        let messages = try await Self.segments().messages
        for pieces in [[], [Array(messages[0].prefix(100))], messages] {
            let decoder = MediaStreamDecoder(limits: .init(queuedByteCount: 1, queuedOutputCount: 1))
            let sender = Task { () -> EncodeError? in
                do throws(EncodeError) {
                    for piece in pieces { try await decoder.append(piece) }
                    return nil
                } catch {
                    return error
                }
            }
            let receiver = Task { () -> EncodeError? in
                do throws(EncodeError) {
                    // Takes one element and goes on waiting only where no more can come.
                    var output = decoder.output.makeAsyncIterator()
                    while try await output.next() != nil { if pieces.count > 1 { break } }
                    return nil
                } catch {
                    return error
                }
            }
            if pieces.count > 1 { _ = await receiver.value }
            await decoder.cancel()
            let failure = await sender.value
            if pieces.count > 1 { #expect(failure?.code == .cancelled) }
            if pieces.count <= 1 { #expect(await receiver.value?.code == .cancelled) }
            let later = await #expect(throws: EncodeError.self) { try await decoder.append([1]) }
            #expect(later?.code == .cancelled)
        }
    }

    @Test("Cancelling the task that reads ends its wait")
    func taskCancellation() async throws {
        let decoder = MediaStreamDecoder()
        let reading = Task { () -> EncodeError? in
            do throws(EncodeError) {
                var output = decoder.output.makeAsyncIterator()
                _ = try await output.next()
                return nil
            } catch {
                return error
            }
        }
        reading.cancel()
        #expect(await reading.value?.code == .cancelled)
        await decoder.cancel()
    }

    @Test("Bytes after the end are refused")
    func appendAfterFinish() async throws {
        let decoder = MediaStreamDecoder()
        await decoder.finish()
        let error = await #expect(throws: EncodeError.self) { try await decoder.append([0]) }
        #expect(error?.code == .misuse)
    }
}

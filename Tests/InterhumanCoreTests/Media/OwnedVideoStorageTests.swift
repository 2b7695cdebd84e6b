import InterhumanCore
import Testing

@Suite struct OwnedVideoStorageTests {
    @Test func allPlanesAreOpenAtOnce() {
        let storage = OwnedVideoStorage(planes: [
            (bytes: [1, 2, 3, 4], bytesPerRow: 2), (bytes: [5], bytesPerRow: 1), (bytes: [], bytesPerRow: 0),
        ])
        let seen = storage.withPlanes { planes in planes.map { ([UInt8]($0.bytes), $0.bytesPerRow) } }
        #expect(seen.map(\.0) == [[1, 2, 3, 4], [5], []])
        #expect(seen.map(\.1) == [2, 1, 0])
    }

    @Test func errorsOfTheBodyComeThroughTyped() {
        struct Refusal: Error, Equatable {}
        let storage = OwnedVideoStorage(planes: [(bytes: [1], bytesPerRow: 1)])
        #expect(throws: Refusal()) { try storage.withPlanes { _ throws(Refusal) in throw Refusal() } }
        #expect(OwnedVideoStorage(planes: []).withPlanes { $0.count } == 0)
    }
}

@Suite struct AudioChunkTests {
    @Test func lengthsFollowTheFormat() {
        let chunk = AudioChunk(
            format: AudioFormat(sampleRate: 48_000, channelCount: 2), captureTime: .zero,
            samples: .int16([Int16](repeating: 0, count: 1920)))
        #expect(chunk.frameCount == 960)
        #expect(chunk.duration == .milliseconds(20))
    }

    @Test func senselessFormatsHaveNoLength() {
        let none = AudioChunk(
            format: AudioFormat(sampleRate: 0, channelCount: 0), captureTime: .zero, samples: .float32([1, 2]))
        #expect(none.frameCount == 0)
        #expect(none.duration == .zero)
    }
}

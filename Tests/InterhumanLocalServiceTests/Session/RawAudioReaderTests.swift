import InterhumanCore
import Testing

@testable import InterhumanLocalService

@Suite("Raw samples")
struct RawAudioReaderTests {
    @Test("Samples come out whole and in time, however the bytes are cut")
    func cuts() {
        let samples = (0..<40_000).map { Int16(truncatingIfNeeded: $0 &* 7919) }
        let bytes = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        for size in [1, 3, 1001, 80_000] {
            var reader = RawAudioReader(sampleRate: 16_000)
            let chunks = stride(from: 0, to: bytes.count, by: size).flatMap { start in
                reader.read(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            var seen: [Int16] = []
            for chunk in chunks {
                #expect(chunk.captureTime.nanoseconds == Int64(seen.count) * 62_500)
                #expect(chunk.frameCount <= 16_000)
                if case .int16(let part) = chunk.samples { seen += part }
            }
            #expect(seen == samples)
        }
    }

    @Test("Times stay right for as long as bytes can come")
    func manySamples() {
        var reader = RawAudioReader(sampleRate: 24_000, sampleCount: 24_000_000_000_012)
        #expect(reader.read([0, 0]).map(\.captureTime) == [MediaTime(nanoseconds: 1_000_000_000_000_500_000)])
    }
}

import InterhumanCore
import InterhumanEncode
import Testing

@testable import InterhumanLocalService

@Suite("How messages begin", .timeLimit(.minutes(1)))
struct MessageInspectorTests {
    private static func segments(_ container: SegmentContainer) async throws -> [MediaSegment] {
        var settings = SegmentSettings(
            segmentDuration: .seconds(1), container: container, videoPreset: .fast)
        if container != .webM { settings.videoCodec = .vp9 }
        return try await EncodedMedia.encode(seconds: 4, hasAudio: true, settings: settings)
    }

    @Test("Our messages begin whole and with a keyframe", arguments: [SegmentContainer.webM, .fragmentedMP4])
    func whole(container: SegmentContainer) async throws {
        var inspector = MessageInspector()
        let segments = try await Self.segments(container)
        try #require(segments.count >= 3)
        for segment in segments {
            let message = segment.index == 0 ? segment.header + segment.body : segment.body
            #expect(inspector.inspect(message) == .whole(isKeyframeLed: true), "segment \(segment.index)")
        }
    }

    @Test(
        "A message that begins one byte later, or earlier, is inside an element",
        arguments: [
            SegmentContainer.webM, .fragmentedMP4,
        ])
    func cut(container: SegmentContainer) async throws {
        let segments = try await Self.segments(container)
        var inspector = MessageInspector()
        _ = inspector.inspect(segments[0].header + segments[0].body)
        #expect(inspector.inspect(Array(segments[1].body.dropFirst())) == .insideElement)
        #expect(inspector.inspect([segments[0].body.last ?? 0] + segments[1].body) == .insideElement)
    }

    @Test("Without its keyframe flag a cluster is not keyframe-led")
    func notKeyframeLed() async throws {
        let segments = try await Self.segments(.webM)
        var inspector = MessageInspector()
        _ = inspector.inspect(segments[0].header + segments[0].body)
        let cluster = try withoutKeyframe(segments[1].body)
        #expect(inspector.inspect(cluster) == .whole(isKeyframeLed: false))
    }

    @Test("Nothing that comes can make it fail", arguments: [SegmentContainer.webM, .fragmentedMP4])
    func anything(container: SegmentContainer) async throws {
        let segments = try await Self.segments(container)
        var generator = SplitMix64(seed: 8)
        let first = segments[0].header + segments[0].body
        for _ in 0..<300 {
            var inspector = MessageInspector()
            var bytes = Array(first.prefix(Int.random(in: 0...4000, using: &generator)))
            for _ in 0..<Int.random(in: 0...40, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = inspector.inspect(bytes)
        }
    }
}

/// A cluster whose first picture is no keyframe any more, by its flags.
func withoutKeyframe(_ cluster: [UInt8]) throws -> [UInt8] {
    var cluster = cluster
    // The first SimpleBlock of track 1 whose flags name a keyframe (RFC 9559, section 10.2).
    let index = try #require(
        cluster.indices.dropLast(12).first { index in
            cluster[index] == 0xA3
                && (2...8).contains { size in
                    index + size + 3 < cluster.count && cluster[index + 1].leadingZeroBitCount + 1 == size - 1
                        && cluster[index + size] == 0x81 && cluster[index + size + 3] == 0x80
                }
        })
    cluster[index + cluster[index + 1].leadingZeroBitCount + 2 + 3] = 0
    return cluster
}

import InterhumanCore
import InterhumanEncode
import Testing

/// What a validator of Matroska files looks at: sizes, times, order, and that there is no index where there can't be.
@Suite("Structure of WebM", .timeLimit(.minutes(5)))
struct WebMStructureTests {
    private static func run(_ framing: SegmentFraming, _ codec: VideoCodec, isLive: Bool = false) -> EncodingRun {
        var run = EncodingRun.steady(seconds: 9.6, frameRate: 15)
        run.settings.framing = framing
        run.settings.videoCodec = codec
        run.settings.videoPreset = .fast
        run.isLive = isLive
        return run
    }

    /// Checks a header of a stream: everything before the first cluster.
    private func checkHeader(_ header: [UInt8]) throws {
        let elements = try EBMLElement.list(header[...])
        #expect(elements.map(\.id) == [EBMLElement.header, EBMLElement.segment])
        #expect(elements[0].size != nil && elements[1].size == nil)
        let parts = try elements[1].children
        #expect(parts.contains { $0.id == EBMLElement.information } && parts.contains { $0.id == EBMLElement.tracks })
        #expect(!parts.contains { $0.id == EBMLElement.cues })
        let information = try #require(parts.first { $0.id == EBMLElement.information })
        #expect(try !information.children.contains { $0.id == EBMLElement.duration })
    }

    /// Checks clusters and gives their blocks.
    private func blocks(_ clusters: [EBMLElement]) throws -> [EBMLBlock] {
        var last: UInt64?
        var all: [EBMLBlock] = []
        for cluster in clusters {
            #expect(cluster.id == EBMLElement.cluster && cluster.size != nil)
            let time = try cluster.children[0].unsigned
            #expect(last.map { $0 <= time } ?? true)
            last = time
            let blocks = try EBMLBlock.blocks(of: cluster)
            #expect(!blocks.isEmpty)
            all += blocks
        }
        return all
    }

    /// Times of each track never go back.
    private func checkTimes(_ blocks: [EBMLBlock]) {
        for track in UInt8(1)...2 {
            let times = blocks.filter { $0.track == track }.map(\.time)
            #expect(!times.isEmpty && zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }

    @Test("A stream is header and clusters alone", arguments: [VideoCodec.vp9, .vp8, .av1], [false, true])
    func stream(codec: VideoCodec, isLive: Bool) async throws {
        let segments = try await Self.run(.continuous, codec, isLive: isLive).run().segments
        var all: [EBMLBlock] = []
        for segment in segments {
            try checkHeader(segment.header)
            let blocks = try blocks(EBMLElement.list(segment.body[...]))
            let pictures = blocks.filter { $0.track == 1 }
            #expect(pictures.count == segment.videoFrameCount)
            #expect(pictures.first?.isKeyframe == true && !pictures.dropFirst().contains(where: \.isKeyframe))
            #expect(pictures.first.map { abs(Double($0.time) / 1000 - segment.mediaStart) <= 0.001 } == true)
            all += blocks
        }
        checkTimes(all)
        #expect(all.first { $0.track == 1 }?.time == 0 && all.first { $0.track == 2 }?.time == 0)
    }

    @Test("Where each message is prefixed, each is header and clusters")
    func prefixed() async throws {
        for segment in try await Self.run(.prefixed, .vp9).run().segments {
            let elements = try EBMLElement.list(segment.body[...])
            #expect(elements.map(\.id) == [EBMLElement.header, EBMLElement.segment])
            let parts = try elements[1].children
            checkTimes(try blocks(parts.filter { $0.id == EBMLElement.cluster }))
            #expect(parts.last?.id == EBMLElement.cluster && !parts.contains { $0.id == EBMLElement.cues })
        }
    }

    @Test("A complete file knows its size and duration and has an index")
    func file() async throws {
        for segment in try await Self.run(.selfContained, .vp9).run().segments {
            let elements = try EBMLElement.list(segment.body[...])
            #expect(elements.map(\.id) == [EBMLElement.header, EBMLElement.segment])
            #expect(elements[1].size == elements[1].content.count)
            let parts = try elements[1].children
            #expect(parts.contains { $0.id == EBMLElement.cues })
            let information = try #require(parts.first { $0.id == EBMLElement.information })
            #expect(try information.children.contains { $0.id == EBMLElement.duration })
            checkTimes(try blocks(parts.filter { $0.id == EBMLElement.cluster }))
        }
    }
}

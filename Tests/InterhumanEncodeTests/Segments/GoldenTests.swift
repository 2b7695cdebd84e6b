import Glibc
import InterhumanCore
import InterhumanEncode
import Testing

/// Every codec in every container and framing, judged by the `ffmpeg` and `ffprobe` commands.
@Suite(
    "Golden segments", .timeLimit(.minutes(15)),
    .enabled(if: Tool.isInstalled("ffmpeg") && Tool.isInstalled("ffprobe")))
struct GoldenTests {
    /// Codecs, container and framing.
    struct Combination: Sendable, CustomTestStringConvertible {
        var video: VideoCodec
        var audio: AudioCodec
        var container: SegmentContainer
        var framing: SegmentFraming

        var testDescription: String {
            "\(video.rawValue) and \(audio.rawValue) in \(container.rawValue), \(framing.rawValue)"
        }

        /// Whether a message decodes alone.
        var decodesAlone: Bool { framing != .continuous || container == .mpegTS }

        /// By how many samples a decoder may give more than went in: where the container can't say what to leave out
        /// at the end of a stream (FFmpeg before 7 obeys neither MP4's durations nor a fragmented one's edit list) or at
        /// all (MPEG-TS). Times are right all the same.
        func surplus(_ streams: Int) -> ClosedRange<Int> {
            switch container {
            case .webM: 0...0
            case .mpegTS, .fragmentedMP4: 0...3 * 1024 * streams
            default: 0...1024 * streams
            }
        }
    }

    static let combinations: [Combination] = SegmentContainer.allCases.flatMap { container in
        videoCodecs(container).enumerated().flatMap { place, video in
            framings(container).enumerated().map { number, framing in
                // MP4 holds both sounds: take turns.
                let audio = audioCodecs(container)
                return Combination(
                    video: video, audio: audio[(place + number) % audio.count], container: container, framing: framing)
            }
        }
    }

    private static func videoCodecs(_ container: SegmentContainer) -> [VideoCodec] {
        switch container {
        case .webM: [.vp9, .vp8, .av1]
        case .mpegTS: [.h264]
        default: [.h264, .vp9, .av1]
        }
    }

    private static func audioCodecs(_ container: SegmentContainer) -> [AudioCodec] {
        switch container {
        case .webM: [.opus]
        case .mpegTS: [.aac]
        default: [.aac, .opus]
        }
    }

    private static func framings(_ container: SegmentContainer) -> [SegmentFraming] {
        container == .mp4 ? [.selfContained] : [.continuous, .prefixed, .selfContained]
    }

    private static let frameRate = 15.0
    private static let picture = CounterPicture()

    /// Where a header comes again, FFmpeg says that it leaves it out.
    private static let repeatedHeader = [
        "Found duplicated MOOV Atom", "Found unknown-length element with ID 0x18538067", "Last message repeated",
    ]

    private static func decode(_ bytes: [UInt8], repeatsHeader: Bool = false) throws -> StrictDecoding {
        let decoding = try StrictDecoding(bytes, width: picture.width, height: picture.height)
        #expect(decoding.status == 0)
        let complaints = decoding.complaints.filter { line in
            !repeatsHeader || !repeatedHeader.contains { line.contains($0) }
        }
        #expect(complaints.isEmpty)
        return decoding
    }

    private static func encode(_ combination: Combination) async throws -> (EncodingRun, [MediaSegment]) {
        var run = EncodingRun.steady(seconds: 9.6, frameRate: frameRate)
        run.settings.container = combination.container
        run.settings.videoCodec = combination.video
        run.settings.audioCodec = combination.audio
        run.settings.framing = combination.framing
        run.settings.videoPreset = .fast
        return (run, try await run.run().segments)
    }

    @Test("Every picture and sample, once, in order and in time", arguments: combinations)
    func golden(_ combination: Combination) async throws {
        let (run, segments) = try await Self.encode(combination)
        #expect(segments.count == (combination.framing == .selfContained ? 3 : 4))
        #expect(segments.map(\.videoFrameCount).reduce(0, +) == run.frameTimes.count)
        if combination.framing == .selfContained {
            try checkFiles(segments, of: run, combination)
        } else {
            try checkStream(segments, of: run, combination)
        }
        if combination.decodesAlone {
            let alone = try Self.decode(segments[2].body)
            let first = segments[..<2].map(\.videoFrameCount).reduce(0, +)
            #expect(
                alone.numbers(width: Self.picture.width, height: Self.picture.height)
                    == Array(first..<first + segments[2].videoFrameCount))
        }
    }

    private func checkStream(
        _ segments: [MediaSegment], of run: EncodingRun, _ combination: Combination
    ) throws {
        let repeatsHeader = combination.framing == .prefixed
        let whole = try Self.decode(segments.joined, repeatsHeader: repeatsHeader)
        #expect(numbers(whole) == Array(run.frameTimes.indices))
        let starts = combination.framing == .prefixed || combination.container == .mpegTS ? segments.count : 1
        #expect(combination.surplus(starts).contains(whole.samples.count - run.sampleCount))
        if combination.container != .mpegTS { #expect(whole.pictureTimes.first == 0) }
        checkOffsets(whole, first: 0, seconds: 1...9)
        checkQuality(whole, first: 0)

        // One message lost: what remains is whole, and in its place.
        var rest = segments.messages
        rest.remove(at: 1)
        let gap = try Self.decode(rest.flatMap(\.self), repeatsHeader: repeatsHeader)
        let lost = segments[0].videoFrameCount..<segments[0].videoFrameCount + segments[1].videoFrameCount
        #expect(numbers(gap) == run.frameTimes.indices.filter { !lost.contains($0) })
        let (before, after) = (gap.pictureTimes[lost.lowerBound - 1], gap.pictureTimes[lost.lowerBound])
        let expected = whole.pictureTimes[lost.upperBound] - whole.pictureTimes[lost.lowerBound - 1]
        #expect(abs(after - before - expected) < 0.001)
    }

    private func checkFiles(_ segments: [MediaSegment], of run: EncodingRun, _ combination: Combination) throws {
        var first = 0
        for segment in segments {
            let file = try Self.decode(segment.body)
            #expect(numbers(file) == Array(first..<first + segment.videoFrameCount))
            let surplus = file.samples.count - segment.audioSampleCount
            #expect(combination.surplus(1).contains(surplus))
            let times = file.pictureTimes
            if combination.container != .mpegTS { #expect(times.first == 0) }
            #expect((times.last ?? 0) - (times.first ?? 0) >= 2.9)
            let seconds = Int(segment.mediaStart + 1)...Int(segment.mediaEnd - 0.2)
            checkOffsets(file, first: first, seconds: seconds)
            checkQuality(file, first: first)
            first += segment.videoFrameCount
        }
        #expect(segments.map(\.audioSampleCount).reduce(0, +) == run.sampleCount)
    }

    private func numbers(_ decoding: StrictDecoding) -> [Int] {
        decoding.numbers(width: Self.picture.width, height: Self.picture.height)
    }

    /// The click at each second is heard when the picture of that second is shown.
    private func checkOffsets(_ decoding: StrictDecoding, first: Int, seconds: ClosedRange<Int>) {
        for second in seconds {
            let number = second * Int(Self.frameRate) - first
            guard decoding.pictureTimes.indices.contains(number) else { continue }
            let shown = decoding.pictureTimes[number]
            let heard = ClickTrack.centre(
                near: shown, in: decoding.samples, start: decoding.soundStart, sampleRate: 48_000)
            #expect(abs((heard ?? -1) - shown) < 0.002, "second \(second): \(shown) s, \(heard ?? -1) s")
        }
    }

    private func checkQuality(_ decoding: StrictDecoding, first: Int) {
        var error = 0.0
        var count = 0
        for (place, decoded) in decoding.pictures.enumerated() where place % 5 == 0 {
            let original = Self.picture.luminance(first + place)
            for pixel in stride(from: 0, to: original.count, by: 7) {
                let difference = Double(Int(decoded[pixel]) - Int(original[pixel]))
                error += difference * difference
                count += 1
            }
        }
        let ratio = 10 * log10(255 * 255 / (error / Double(max(1, count))))
        #expect(ratio > 30, "\(ratio) dB")
    }
}

import InterhumanCore
import Testing

@testable import InterhumanEncode

@Suite("Choosing codecs")
struct CodecChoiceTests {
    private func choose(
        _ settings: SegmentSettings, without missing: Set<String> = [], hasVideo: Bool = true
    ) throws(EncodeError) -> CodecChoice {
        try CodecChoice(settings, hasVideo: hasVideo, hasAudio: true) { !missing.contains($0) }
    }

    @Test("Each container has its usual codecs")
    func usual() throws {
        #expect(try choose(SegmentSettings()).video == .libvpxVP9)
        #expect(try choose(SegmentSettings()).audio == .opus)
        for container in [SegmentContainer.fragmentedMP4, .mp4, .mpegTS] {
            let choice = try choose(SegmentSettings(container: container))
            #expect(choice.video == .libx264 && choice.audio == .aac && choice.fallbacks.isEmpty)
        }
        #expect(try choose(SegmentSettings(), hasVideo: false).video == nil)
    }

    @Test("What FFmpeg lacks is said, and what is taken instead")
    func fallbacks() throws {
        var choice = try choose(SegmentSettings(videoCodec: .av1), without: ["libsvtav1"])
        #expect(choice.video == .libaomAV1)
        #expect(choice.fallbacks.count == 1 && choice.fallbacks[0].contains("libsvtav1"))
        choice = try choose(SegmentSettings(), without: ["libvpx-vp9"])
        #expect(choice.videoCodec == .vp8 && choice.fallbacks[0].contains("VP8"))
        choice = try choose(SegmentSettings(container: .fragmentedMP4), without: ["libx264", "libsvtav1", "aac"])
        #expect(choice.video == .libaomAV1 && choice.audio == .opus && choice.fallbacks.count == 2)
        choice = try choose(SegmentSettings(audioCodec: .opus), without: [])
        #expect(choice.fallbacks.isEmpty)
    }

    @Test("Where nothing is left, the error names what would do")
    func nothingLeft() throws {
        let error = #expect(throws: EncodeError.self) {
            try choose(SegmentSettings(container: .mpegTS), without: ["libx264"])
        }
        #expect(error?.code == .codecUnavailable && error?.message.contains("libx264") == true)
        let silent = #expect(throws: EncodeError.self) { try choose(SegmentSettings(), without: ["libopus"]) }
        #expect(silent?.code == .codecUnavailable && silent?.message.contains("libopus") == true)
    }

    @Test(
        "What does not go together is refused with the reason",
        arguments: [
            (SegmentSettings(videoCodec: .h264), "WebM"), (SegmentSettings(audioCodec: .aac), "WebM"),
            (SegmentSettings(container: .fragmentedMP4, videoCodec: .vp8), "MP4"),
            (SegmentSettings(container: .mp4), "index"),
            (SegmentSettings(framing: .prefixed, container: .mp4), "index"),
            (SegmentSettings(container: .mpegTS, videoCodec: .vp9), "MPEG-TS"),
            (SegmentSettings(container: .mpegTS, audioCodec: .opus), "MPEG-TS"),
            (SegmentSettings(videoCodec: VideoCodec(rawValue: "h265")), "unknown"),
            (SegmentSettings(audioCodec: AudioCodec(rawValue: "mp3")), "unknown"),
            (SegmentSettings(container: SegmentContainer(rawValue: "avi")), "unknown"),
        ])
    func refused(settings: SegmentSettings, reason: String) {
        let error = #expect(throws: EncodeError.self) { try settings.validate() }
        #expect(error?.code == .invalidSettings && error?.message.contains(reason) == true)
    }

    @Test("Every combination of a container with its own codecs and framings is taken")
    func accepted() throws {
        for container in SegmentContainer.allCases {
            for video in container.videoCodecs {
                for audio in container.audioCodecs {
                    try SegmentSettings(
                        framing: .selfContained, container: container, videoCodec: video, audioCodec: audio
                    ).validate()
                }
            }
        }
    }
}

import Foundation
import Glibc
import InterhumanCore
import InterhumanEncode

/// One run of this package's encoder over a clip, without sound.
struct Trial {
    /// CPU seconds for each second of video.
    let cpu: Double
    /// Bits a second.
    let bitRate: Double
    /// Header and segments.
    let stream: [UInt8]

    static func run(_ settings: SegmentSettings, on clip: Clip, count: Int? = nil) async throws -> Trial {
        let count = count ?? clip.frames.count
        let encoder = try await FFmpegSegmentEncoderFactory(settings: settings).makeEncoder(
            video: VideoTrackDescription(format: clip.format, nominalFrameRate: 30), audio: nil, epoch: .zero)
        var segments: [MediaSegment] = []
        let began = processorTime(RUSAGE_SELF)
        for frame in clip.frames.prefix(count) { segments += try await encoder.encode(frame) }
        segments += try await encoder.finish()
        let cpu = processorTime(RUSAGE_SELF) - began
        let stream = (segments.first?.header ?? []) + segments.flatMap(\.body)
        let seconds = Double(count) / 30
        return Trial(cpu: cpu / seconds, bitRate: Double(stream.count * 8) / seconds, stream: stream)
    }

    /// User and system seconds so far, of all threads.
    static func processorTime(_ who: __rusage_who) -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(who.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}

/// A number with so many digits behind the point.
func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
}

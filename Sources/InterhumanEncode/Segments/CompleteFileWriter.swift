import CInterhumanFFmpeg
import InterhumanCore

/// Makes every segment a complete WebM file whose times begin at 0, for the framing `selfContained`.
///
/// The encoders go on from file to file. A decoder skips the codec's delay at the start of every file, so that of the
/// first audio packet it gives only what comes after the packet's nominal time; the file before therefore ends with a
/// copy of that packet, of which only the part up to that time is to be played (DiscardPadding). Every sample is in
/// exactly one file, at the cost of one packet; Opus needs some 80 ms to converge after each start.
final class CompleteFileWriter: SegmentWriter {
    /// A file whose packets are known, but for the copy of the next file's first audio packet.
    private struct File {
        var start: Int64
        var end: Int64
        var packets: [EncodedPacket] = []
    }

    private let video: CodecContext?
    private let audio: CodecContext?
    private let epoch: MediaTime
    private var index = 0
    private var current: File?
    private var waiting: File?

    /// Creates a writer for what the given encoders make.
    init(video: CodecContext?, audio: CodecContext?, epoch: MediaTime) {
        self.video = video
        self.audio = audio
        self.epoch = epoch
    }

    func cut(at time: Int64) throws(EncodeError) -> [MediaSegment] {
        // A file that waited until now has no sound after it: the track has ended.
        let segments = try write(waiting, next: nil)
        waiting = current
        waiting?.end = time
        current = File(start: time, end: time)
        guard audio == nil else { return segments }
        return segments + (try writeWaiting(next: nil))
    }

    func put(_ packet: EncodedPacket) throws(EncodeError) -> [MediaSegment] {
        if current == nil { current = File(start: packet.time, end: packet.time) }
        current?.packets.append(packet)
        return packet.track == .audio ? try writeWaiting(next: packet) : []
    }

    func finish(end: Int64) throws(EncodeError) -> [MediaSegment] {
        let segments = try writeWaiting(next: nil)
        guard var last = current else { return segments }
        current = nil
        last.end = max(end, last.start)
        return segments + (try write(last, next: nil))
    }

    private func writeWaiting(next: EncodedPacket?) throws(EncodeError) -> [MediaSegment] {
        defer { waiting = nil }
        return try write(waiting, next: next)
    }

    private func write(_ file: File?, next: EncodedPacket?) throws(EncodeError) -> [MediaSegment] {
        guard let file, !file.packets.isEmpty else { return [] }
        let output = try WebMOutput(video: video, audio: audio, isLive: false)
        for (place, packet) in file.packets.enumerated() {
            try output.write(
                packet.packet, track: packet.track, time: packet.time - file.start,
                duration: duration(at: place, in: file))
        }
        var sampleCount = sampleCount(of: file)
        if let next, file.packets.contains(where: { $0.track == .audio }) {
            let audible = min(delay, next.sampleCount)
            let copy = try next.packet.copy()
            try copy.setDiscardedSamples(AudioTrackEncoder.frameCount - audible)
            try output.write(copy, track: .audio, time: next.time - file.start, duration: next.duration)
            sampleCount += audible
        }
        let body = try output.finish()
        defer { index += 1 }
        return [
            MediaSegment(
                index: index, header: [], body: body,
                timeRange: TimeRange(start: epoch + .milliseconds(file.start), end: epoch + .milliseconds(file.end)),
                mediaStart: Double(file.start) / 1000, mediaEnd: Double(file.end) / 1000,
                videoFrameCount: file.packets.count { $0.track == .video }, audioSampleCount: sampleCount)
        ]
    }

    /// What a decoder skips at the start of a file, in samples.
    private var delay: Int { Int(audio?.pointer.pointee.initial_padding ?? 0) }

    /// How long a packet lasts, in milliseconds; a picture lasts until the next.
    private func duration(at place: Int, in file: File) -> Int64 {
        let packet = file.packets[place]
        guard packet.track == .video else { return packet.duration }
        let following = file.packets[(place + 1)...].first { $0.track == .video }
        return max(0, (following?.time ?? file.end) - packet.time)
    }

    private func sampleCount(of file: File) -> Int {
        let packets = file.packets.filter { $0.track == .audio }
        let all = packets.reduce(0) { $0 + $1.sampleCount }
        // The stream's very first packet has been counted without the delay already.
        guard let first = packets.first, first.time > 0 else { return all }
        return all - min(delay, first.sampleCount)
    }
}

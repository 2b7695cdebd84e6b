import InterhumanCore

/// Makes every segment a complete file whose times begin at 0, for the framing `selfContained`.
///
/// The encoders go on from file to file. ``FileSound`` chooses the packets of sound so that every sample is in exactly
/// one file, which may need packets from behind the cut: a file waits for them.
final class CompleteFileWriter: SegmentWriter {
    /// A file whose pictures are known.
    private struct File {
        var start: Int64
        var end: Int64
        var video: CodecParameters?
        var pictures: [EncodedPacket] = []
    }

    private let container: SegmentContainer
    private let audio: CodecParameters?
    private let epoch: MediaTime
    private var video: CodecParameters?
    private var sound: FileSound
    private var index = 0
    private var current: File?
    private var waiting: File?

    /// Creates a writer for the given tracks.
    init(
        _ container: SegmentContainer, video: CodecParameters?, audio: CodecParameters?, prerollCount: Int,
        epoch: MediaTime
    ) {
        self.container = container
        self.video = video
        self.audio = audio
        self.epoch = epoch
        sound = FileSound(
            rule: FileSound.Rule(container), delay: Int64(audio?.skippedSampleCount ?? 0), prerollCount: prerollCount)
    }

    var overhead: Int { 2048 }

    func cut(at time: Int64, continuingWith video: CodecParameters?) throws(EncodeError) -> [MediaSegment] {
        // A file that waited until now has no sound after it: the track has ended.
        var segments = try writeWaiting()
        waiting = current
        waiting?.end = time
        if let video { self.video = video }
        current = File(start: time, end: time, video: self.video)
        if audio == nil || sound.isComplete(until: time) { segments += try writeWaiting() }
        return segments
    }

    func put(_ packet: EncodedPacket) throws(EncodeError) -> [MediaSegment] {
        if current == nil { current = File(start: packet.time, end: packet.time, video: video) }
        guard packet.track == .audio else {
            current?.pictures.append(packet)
            return []
        }
        sound.append(packet)
        guard let waiting, sound.isComplete(until: waiting.end) else { return [] }
        return try writeWaiting()
    }

    func endAudio() throws(EncodeError) -> [MediaSegment] {
        sound.isEnded = true
        return try writeWaiting()
    }

    func finish(end: Int64) throws(EncodeError) -> [MediaSegment] {
        sound.isEnded = true
        let segments = try writeWaiting()
        guard var last = current else { return segments }
        current = nil
        last.end = max(end, last.start)
        return segments + (try write(last, isLast: true))
    }

    private func writeWaiting() throws(EncodeError) -> [MediaSegment] {
        guard let file = waiting else { return [] }
        waiting = nil
        return try write(file, isLast: false)
    }

    private func write(_ file: File, isLast: Bool) throws(EncodeError) -> [MediaSegment] {
        defer { sound.startsCold = sound.rule == .nothing }
        let choice = try sound.choose(from: file.start, to: isLast ? .max : file.end)
        guard !file.pictures.isEmpty || !choice.pieces.isEmpty else { return [] }
        let output = try ContainerOutput(
            container, video: file.video, audio: try sound.startsCold ? audio?.skipping(0) : audio, purpose: .file)
        try write(file, choice.pieces, to: output)
        let body = try output.finish()
        defer { index += 1 }
        return [
            MediaSegment(
                index: index, header: [], body: output.header + body,
                timeRange: TimeRange(start: epoch + .milliseconds(file.start), end: epoch + .milliseconds(file.end)),
                mediaStart: Double(file.start) / 1000, mediaEnd: Double(file.end) / 1000,
                videoFrameCount: file.pictures.count, audioSampleCount: choice.sampleCount, beginsStream: true)
        ]
    }

    /// Writes pictures and sound in the order of their times.
    private func write(_ file: File, _ pieces: [FileSound.Piece], to output: ContainerOutput) throws(EncodeError) {
        let origin = file.start * Int64(AudioTrackEncoder.sampleRate) / 1000
        var rest = pieces[...]
        for (place, picture) in file.pictures.enumerated() {
            while let piece = rest.first, piece.packet.time < picture.time {
                try output.writeSound(
                    piece.packet.packet, from: piece.packet.firstSample - origin, duration: piece.length)
                rest.removeFirst()
            }
            let following = place + 1 < file.pictures.count ? file.pictures[place + 1].time : file.end
            try output.writePicture(
                picture.packet, at: picture.time - file.start, duration: max(0, following - picture.time))
        }
        for piece in rest {
            try output.writeSound(piece.packet.packet, from: piece.packet.firstSample - origin, duration: piece.length)
        }
    }
}

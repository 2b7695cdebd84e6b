import InterhumanCore

/// Chooses the packets of sound for files that are cut out of one stream, so that what decoders give for all files
/// together is every sample once.
struct FileSound {
    /// What a container can say of the samples that are not to be played.
    enum Rule {
        /// The codec's delay at the start, and a number of samples at the end (Matroska's CodecDelay and
        /// DiscardPadding): a file ends with a copy of the next one's first packet, of which only the part that the
        /// next file skips is played.
        case delayAndPadding
        /// Any start and end (MP4's edit list and sample durations): a file has whatever packets reach into it, and
        /// those before that a decoder wants to hear first.
        case editList
        /// Nothing, or nothing that receivers obey (edit lists of fragmented MP4): each packet is in one file, that in
        /// which its sound begins, and its decoder starts cold.
        case nothing

        init(_ container: SegmentContainer) {
            switch container {
            case .webM: self = .delayAndPadding
            case .mp4: self = .editList
            default: self = .nothing
            }
        }
    }

    /// A packet for a file.
    struct Piece {
        let packet: EncodedPacket
        /// Samples from its first to the end of what is played, or of what it holds.
        let length: Int64
    }

    let rule: Rule
    /// Samples that a decoder skips at the start of a track.
    private let delay: Int64
    private let prerollCount: Int
    private var packets: [EncodedPacket] = []
    /// Whether no more packets come.
    var isEnded = false
    /// Whether the next file begins within the stream and its decoder has nothing to skip.
    var startsCold = false

    /// Creates an empty choice; `delay` is in samples.
    init(rule: Rule, delay: Int64, prerollCount: Int) {
        self.rule = rule
        self.delay = delay
        self.prerollCount = prerollCount
    }

    /// Adds the next packet of the stream.
    mutating func append(_ packet: EncodedPacket) {
        packets.append(packet)
    }

    /// Whether everything that a file up to `end` (milliseconds) needs has come.
    func isComplete(until end: Int64) -> Bool {
        guard !isEnded, let last = packets.last else { return isEnded }
        switch rule {
        case .delayAndPadding: return last.time >= end
        case .editList, .nothing: return last.firstSample >= Self.sample(at: end)
        }
    }

    /// The packets of a file from `start` to `end` (milliseconds; `Int64.max` for the stream's end), with the number of
    /// samples that are played. Forgets what later files do not need.
    mutating func choose(
        from start: Int64, to end: Int64
    ) throws(EncodeError) -> (pieces: [Piece], sampleCount: Int) {
        defer { forget(before: end) }
        switch rule {
        case .delayAndPadding: return try chooseWithCopy(from: start, to: end)
        case .editList: return chooseReaching(from: start, to: end)
        case .nothing:
            let (first, last) = (Self.sample(at: start), end == .max ? .max : Self.sample(at: end))
            // The codec's delay lies before the stream's start and belongs to its first file.
            let own = packets.filter { max(0, $0.firstSample) >= first && $0.firstSample < last }
            return (own.map { Piece(packet: $0, length: $0.heldSampleCount) }, own.reduce(0) { $0 + $1.sampleCount })
        }
    }

    private func chooseWithCopy(from start: Int64, to end: Int64) throws(EncodeError) -> ([Piece], Int) {
        let own = packets.filter { $0.time >= start && $0.time < end }
        guard let first = own.first else { return ([], 0) }
        var pieces = own.map { Piece(packet: $0, length: $0.heldSampleCount) }
        // The stream's very first packet has been counted without the delay already.
        var count = own.reduce(0) { $0 + $1.sampleCount }
        if first.firstSample >= 0 { count -= min(Int(delay), first.sampleCount) }
        if let next = packets.first(where: { $0.time >= end }) {
            let audible = min(Int(delay), next.sampleCount)
            let copy = try next.packet.copy()
            try copy.setDiscardedSamples(Int(next.heldSampleCount) - audible)
            var packet = next
            packet.packet = copy
            pieces.append(Piece(packet: packet, length: next.heldSampleCount))
            count += audible
        }
        return (pieces, count)
    }

    private func chooseReaching(from start: Int64, to end: Int64) -> ([Piece], Int) {
        let first = Self.sample(at: start)
        let last = end == .max ? Int64.max / 2 : Self.sample(at: end)
        guard
            let begin = packets.firstIndex(where: { $0.firstSample + $0.heldSampleCount > first }),
            let stop = packets.lastIndex(where: { $0.firstSample < last }), begin <= stop
        else { return ([], 0) }
        let pieces = packets[max(0, begin - prerollCount)...stop].map { packet in
            Piece(packet: packet, length: min(packet.heldSampleCount, last - packet.firstSample))
        }
        let held = packets[stop].firstSample + packets[stop].heldSampleCount
        return (pieces, Int(max(0, min(last, held) - max(first, 0))))
    }

    /// Keeps the packets that a file from `time` (milliseconds) on may need.
    private mutating func forget(before time: Int64) {
        guard time < .max else { return packets.removeAll() }
        let own = packets.firstIndex { $0.firstSample + $0.heldSampleCount > Self.sample(at: time) } ?? packets.count
        packets.removeFirst(max(0, own - prerollCount - 1))
    }

    private static func sample(at time: Int64) -> Int64 {
        time * Int64(AudioTrackEncoder.sampleRate) / 1000
    }
}

/// Puts the packets of two tracks in the order of their times.
///
/// A packet waits until the other track can't come with an earlier one. It does not wait for ever: once its own track
/// is `lead` ahead of the other, the other counts as stalled and packets older than that go on without it.
struct Interleaver<Packet> {
    /// Why a packet may be written.
    enum Order: Sendable {
        /// The other track has nothing earlier, or does not exist.
        case settled
        /// The other track is late.
        case otherTrackStalled
    }

    private struct Track {
        var packets: [(time: Int64, packet: Packet)] = []
        /// Everything before this time has come; later packets have this time or more.
        var position: Int64 = .min
        var isOpen: Bool
    }

    private var video: Track
    private var audio: Track
    private let lead: Int64

    /// Creates an interleaver; `lead` is in the unit of the packets' times.
    init(hasVideo: Bool, hasAudio: Bool, lead: Int64) {
        video = Track(isOpen: hasVideo)
        audio = Track(isOpen: hasAudio)
        self.lead = lead
    }

    /// Adds a packet. Times of a track don't decrease.
    mutating func append(_ packet: Packet, time: Int64, to track: EncodedPacket.Track) {
        let isVideo = track == .video
        if isVideo { video.packets.append((time, packet)) } else { audio.packets.append((time, packet)) }
    }

    /// Says that later packets of the track have `position` or a later time.
    mutating func advance(_ track: EncodedPacket.Track, to position: Int64) {
        if track == .video {
            video.position = max(video.position, position)
        } else {
            audio.position = max(audio.position, position)
        }
    }

    /// Says that no more packets of the track come.
    mutating func close(_ track: EncodedPacket.Track) {
        if track == .video { video.isOpen = false } else { audio.isOpen = false }
    }

    /// Whether the track may still give packets.
    func isOpen(_ track: EncodedPacket.Track) -> Bool {
        track == .video ? video.isOpen : audio.isOpen
    }

    /// Number of pictures that wait.
    var waitingCount: Int { video.packets.count }

    /// The next packet to write; nil when one has to wait.
    mutating func next() -> (packet: Packet, order: Order)? {
        let videoTime = video.packets.first?.time
        let audioTime = audio.packets.first?.time
        // At equal times video goes first, so that a keyframe leads its cluster.
        if let videoTime, videoTime <= audioTime ?? .max {
            guard let order = order(of: videoTime, in: video, against: audio) else { return nil }
            return (video.packets.removeFirst().packet, order)
        }
        if let audioTime {
            guard let order = order(of: audioTime, in: audio, against: video) else { return nil }
            return (audio.packets.removeFirst().packet, order)
        }
        return nil
    }

    /// The earliest packet before `time`, whether or not the other track may still come with an earlier one.
    mutating func next(before time: Int64) -> Packet? {
        let videoTime = video.packets.first?.time ?? .max
        let audioTime = audio.packets.first?.time ?? .max
        guard min(videoTime, audioTime) < time else { return nil }
        return videoTime <= audioTime ? video.packets.removeFirst().packet : audio.packets.removeFirst().packet
    }

    private func order(of time: Int64, in track: Track, against other: Track) -> Order? {
        // A packet of the other track that waits is not earlier: `next` has compared them.
        if !other.isOpen || !other.packets.isEmpty || other.position > time { return .settled }
        return time <= track.position - lead ? .otherTrackStalled : nil
    }
}

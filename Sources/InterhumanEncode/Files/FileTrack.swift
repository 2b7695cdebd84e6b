import CInterhumanFFmpeg
import InterhumanCore

/// One track of a file: packets that wait to be decoded, and what was decoded last.
final class FileTrack<Output> {
    private enum Item {
        /// A packet and what is added to its time, in nanoseconds.
        case packet(MediaPacket, shift: Int64, time: Int64)
        /// The end of the file, once for each time that it is played.
        case endOfTurn

        /// A packet's time from the first start on, in nanoseconds.
        var time: Int64? {
            guard case .packet(_, _, let time) = self else { return nil }
            return time
        }
    }

    enum Phase {
        case idle
        case running
        case stopped
    }

    let streamIndex: Int
    var phase = Phase.idle
    private let decode: (MediaPacket?) throws(EncodeError) -> [Output]
    private let restart: () throws(EncodeError) -> Void
    private let shift: (Output, Int64) -> Output
    private var items: [Item] = []
    private var outputs: [Output] = []
    private var queuedByteCount = 0
    private var lastShift: Int64 = 0
    private var failureCount = 0

    private static var byteLimit: Int { 64 << 20 }
    /// In nanoseconds.
    private static var durationLimit: Int64 { 30_000_000_000 }
    /// Packets in a row that may be broken before the track counts as undecodable.
    private static var failureLimit: Int { 100 }

    /// Creates a track from what decodes it. `shift` adds nanoseconds to an output's time.
    init(
        streamIndex: Int, decode: @escaping (MediaPacket?) throws(EncodeError) -> [Output],
        restart: @escaping () throws(EncodeError) -> Void, shift: @escaping (Output, Int64) -> Output
    ) {
        self.streamIndex = streamIndex
        self.decode = decode
        self.restart = restart
        self.shift = shift
    }

    /// Whether so much waits that the other track must wait or packets must go.
    var isFull: Bool {
        guard queuedByteCount <= Self.byteLimit else { return true }
        // Ends of turns lie between packets, never two in a row: each search looks at two items at most.
        guard let first = items.lazy.compactMap(\.time).first,
            let last = items.lazy.reversed().compactMap(\.time).first
        else { return false }
        return last > first + Self.durationLimit
    }

    /// Adds a packet; `time` is its time from the first start on, in nanoseconds.
    func append(_ packet: MediaPacket, shift: Int64, time: Int64) {
        guard phase != .stopped else { return }
        items.append(.packet(packet, shift: shift, time: time))
        queuedByteCount += packet.byteCount
    }

    /// Marks the end of the file. A turn without packets leaves nothing behind.
    func appendEndOfTurn() {
        guard phase != .stopped, items.last?.time != nil || items.isEmpty else { return }
        items.append(.endOfTurn)
    }

    /// Forgets the oldest packet of a track that was never started, and the ends of turns around it: nothing was
    /// decoded, so there is nothing to begin anew.
    func dropOldest() {
        dropEndsOfTurns()
        guard case .packet(let packet, _, _)? = items.first else { return }
        queuedByteCount -= packet.byteCount
        items.removeFirst()
        dropEndsOfTurns()
    }

    private func dropEndsOfTurns() {
        while let first = items.first, first.time == nil { items.removeFirst() }
    }

    /// Forgets everything; nothing comes any more.
    func stop() {
        phase = .stopped
        items.removeAll()
        outputs.removeAll()
        queuedByteCount = 0
    }

    /// The next picture or chunk; nil when another packet is needed.
    func next() throws(EncodeError) -> Output? {
        while outputs.isEmpty {
            guard !items.isEmpty else { return nil }
            switch items.removeFirst() {
            case .packet(let packet, let shift, _):
                queuedByteCount -= packet.byteCount
                lastShift = shift
                try take { () throws(EncodeError) in try decode(packet) }
            case .endOfTurn:
                try take { () throws(EncodeError) in try decode(nil) }
                try restart()
            }
        }
        return outputs.removeFirst()
    }

    /// Broken packets are skipped, as players do, unless nothing else comes.
    private func take(_ decoded: () throws(EncodeError) -> [Output]) throws(EncodeError) {
        do {
            outputs += try decoded().map { shift($0, lastShift) }
            failureCount = 0
        } catch {
            failureCount += 1
            guard failureCount < Self.failureLimit, error.code == .malformedMedia else { throw error }
        }
    }
}

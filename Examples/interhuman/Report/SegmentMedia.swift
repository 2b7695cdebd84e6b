import Interhuman
import Synchronization

/// Gives the bytes of a segment that was sent.
protocol SegmentMedia: Sendable {
    /// The container's header and the segment: a file that decodes by itself. Nil when it is not to be had.
    func bytes(of segment: SegmentSummary) async -> [UInt8]?
}

/// The segments that a session sent last: what is between the network and the event that tells of it.
final class SentMedia: SegmentMedia {
    private static let capacity = 4
    private let segments = Mutex<[MediaSegment]>([])

    /// Takes note of a segment that the network has taken.
    func sent(_ segment: MediaSegment) {
        segments.withLock { segments in
            if segments.count == Self.capacity { segments.removeFirst() }
            segments.append(segment)
        }
    }

    func bytes(of segment: SegmentSummary) -> [UInt8]? {
        segments.withLock { segments in
            guard let place = segments.firstIndex(where: { $0.timeRange == segment.timeRange }) else { return nil }
            let found = segments[place]
            segments.removeSubrange(...place)
            return found.header + found.body
        }
    }
}

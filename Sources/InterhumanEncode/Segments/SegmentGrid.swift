import InterhumanCore

/// Decides where segments begin: at multiples of the segment duration on the container's timeline, earlier where a
/// keyframe is asked for or a limit of the service is near. All times are in milliseconds.
///
/// A segment begins with the first picture at or past the next line, or with an audio packet where there is no picture
/// to wait for.
struct SegmentGrid {
    private let wantedInterval: Int64
    private let framingMinimum: Int64
    /// Length of a segment.
    private(set) var interval: Int64
    /// The shortest segment that is made without need.
    private(set) var minimum: Int64
    private var maximum: Int64?
    private(set) var maximumBytes: Int?

    /// Where the segment in progress begins.
    private var start: Int64 = 0
    private var nextLine: Int64
    private var isKeyframeDue = true
    private var isSegmentWanted = false
    /// Whether the segment in progress was begun before its first picture came.
    private(set) var isAhead = false

    /// Complete files shorter than that are refused by the service.
    private static let shortestFile: Int64 = 3000
    /// What is aimed at, so that a file is not short by a picture.
    private static let margin: Int64 = 200

    /// Creates a grid for the settings.
    init(_ settings: SegmentSettings) {
        wantedInterval = settings.segmentDuration.milliseconds
        framingMinimum = settings.framing == .selfContained ? Self.shortestFile : 0
        (interval, minimum, nextLine) = (wantedInterval, framingMinimum, wantedInterval)
        respect(settings.limits)
    }

    /// Keeps segments within limits from now on. A longest duration that is shorter than the least one outranks it.
    mutating func respect(_ limits: SegmentLimits) {
        maximum = limits.maximumDuration.map { max(1000, $0.milliseconds) }
        maximumBytes = limits.maximumBytes.flatMap { $0 > 0 ? $0 : nil }
        minimum = min(max(framingMinimum, limits.minimumDuration?.milliseconds ?? 0), maximum ?? .max, 60_000)
        interval = min(max(wantedInterval, minimum == 0 ? 0 : minimum + Self.margin), maximum ?? .max)
        nextLine = line(after: start)
    }

    /// Asks for a segment with the next picture.
    mutating func requestSegment() {
        isSegmentWanted = true
        isKeyframeDue = true
    }

    /// What the picture at `time` is to be; it is encoded then.
    ///
    /// - Parameters:
    ///   - duration: How long the picture is likely to last.
    ///   - isFull: Whether the segment in progress has hardly room for another picture.
    mutating func role(ofPictureAt time: Int64, lasting duration: Int64, isFull: Bool) -> VideoTrackEncoder.Role {
        if isAhead { isSegmentWanted = false }
        if mustBegin(at: time, lasting: duration, isFull: isFull) || (isSegmentWanted && time - start >= minimum) {
            begin(at: time)
            isKeyframeDue = false
            return .segmentStart
        }
        defer { (isKeyframeDue, isAhead) = (false, false) }
        return isAhead ? .expectedStart : isKeyframeDue ? .keyframe : .ordinary
    }

    /// Whether the segment in progress ends with the picture at `last`, when the next is expected at `next`. If so, the
    /// next segment has begun.
    mutating func ends(withPictureAt last: Int64, before next: Int64) -> Bool {
        guard !isAhead, next - start >= minimum, mustBegin(at: next, lasting: next - last, isFull: false) else {
            return false
        }
        begin(at: next)
        isAhead = true
        return true
    }

    /// Whether a segment begins with the audio packet at `time`; whatever picture comes next is a keyframe then.
    mutating func begins(withSoundAt time: Int64, lasting duration: Int64, isFull: Bool) -> Bool {
        guard mustBegin(at: time, lasting: duration, isFull: isFull) else { return false }
        begin(at: time)
        isKeyframeDue = true
        return true
    }

    /// Until when the last segment has to be continued, if it ends at `end`; nil when it is long enough.
    func padding(ofSegmentEndingAt end: Int64) -> Int64? {
        guard minimum > 0, end > start, end - start < minimum else { return nil }
        return start + min(minimum + Self.margin, maximum ?? .max)
    }

    private func mustBegin(at time: Int64, lasting duration: Int64, isFull: Bool) -> Bool {
        if time >= nextLine || (isFull && time > start) { return true }
        return maximum.map { time > start && time + duration - start > $0 } ?? false
    }

    private mutating func begin(at time: Int64) {
        start = time
        nextLine = line(after: time)
        (isSegmentWanted, isAhead) = (false, false)
    }

    /// The first line that leaves the segment which begins at `time` a reasonable length.
    private func line(after time: Int64) -> Int64 {
        let line = (time / interval + 1) * interval
        return line - time < max(minimum, interval / 4) ? line + interval : line
    }
}

extension Duration {
    /// In whole milliseconds.
    var milliseconds: Int64 { nanoseconds / 1_000_000 }
}

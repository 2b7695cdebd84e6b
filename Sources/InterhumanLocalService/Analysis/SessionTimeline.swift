/// Maps container times to the session's: seconds from 0 at the first media, running on across containers.
///
/// A container that starts again from zero is put after what came before. One whose times run on (the init header
/// was sent again, the timestamps were not reset) keeps its place.
struct SessionTimeline {
    /// A hole longer than this, in seconds, is media that never came.
    static let longestHole = 1.0
    /// A container that begins within this, in seconds, of where it should counts as beginning there.
    private static let slack = 0.5

    /// Up to where there is media, in session seconds.
    private(set) var end = 0.0
    private var offset = 0.0
    private var isAtStreamStart = true
    private var isEmpty = true

    /// A new container begins; its first item says where it belongs.
    mutating func beginStream() {
        isAtStreamStart = true
    }

    /// Places an item.
    ///
    /// - Returns: Its session time in seconds, and the hole before it when there is one.
    mutating func place(containerTime: Double, duration: Double) -> (time: Double, hole: ClosedRange<Double>?) {
        if isAtStreamStart {
            chooseOffset(firstContainerTime: containerTime)
            isAtStreamStart = false
        }
        let time = containerTime + offset
        var hole: ClosedRange<Double>?
        if !isEmpty, time - end > Self.longestHole { hole = end...max(end, (time * 1000).rounded() / 1000) }
        isEmpty = false
        // Whole milliseconds, as containers have them: what is told to clients shows no rounding noise.
        end = max(end, ((time + max(0, duration)) * 1000).rounded() / 1000)
        return (time, hole)
    }

    private mutating func chooseOffset(firstContainerTime time: Double) {
        if !isEmpty, time + offset >= end - Self.slack { return }
        offset = abs(time) < Self.slack ? end : end - time
    }
}

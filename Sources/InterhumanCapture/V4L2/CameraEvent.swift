public import InterhumanCore

/// What happens to a running camera, beside its frames.
public enum CameraEvent: Sendable, Hashable {
    /// Frames flow; the text says what was asked, what was granted and why.
    case started(String)
    /// No frame came for so long; the camera is opened afresh.
    case stalled(Duration)
    /// The shape of the frames changed; each frame says its own.
    case formatChanged(VideoFormat)
    /// The device went away.
    case lost(String)
    /// The same device came back.
    case returned
    /// The camera failed in a way that opening it afresh may heal.
    case restarting(String)
    /// Something the user should know about, such as a control that the camera refused.
    case warning(String)
    /// Nobody read events and so many were dropped.
    case eventsDropped(Int)
}

extension CameraEvent: InterruptionEvent {
    var sourceEvent: SourceEvent? {
        switch self {
        case .stalled(let time): .lost(reason: "No picture came for \(time). The camera is opened afresh.")
        case .lost(let reason), .restarting(let reason): .lost(reason: reason)
        case .started, .returned: .returned
        case .formatChanged, .warning, .eventsDropped: nil
        }
    }
}

/// Running counters of a camera.
public struct CameraStatistics: Sendable, Hashable {
    /// Frames handed on.
    public var delivered: UInt64 = 0
    /// Frames that the driver lost, by the gaps in its sequence numbers.
    public var droppedByDriver: UInt64 = 0
    /// Frames that the consumer was too slow for.
    public var droppedByConsumer: UInt64 = 0
    /// Frames marked as damaged, empty, short, or without a JPEG's begin or end.
    public var corrupt: UInt64 = 0
    /// Frames let go after a start.
    public var discarded: UInt64 = 0
    /// Frames whose own time did not increase or could not be; they carry the time of their arrival instead.
    public var restamped: UInt64 = 0
    /// How often the device was opened again.
    public var restarts: UInt64 = 0

    /// Creates zeros.
    public init() {}
}

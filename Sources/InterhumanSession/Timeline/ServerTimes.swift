/// What the service's seconds count from.
public enum ServerTimes: Sendable, Hashable {
    /// From the first media of the connection; but from the start of a segment once a connection without `session.ready`
    /// has brought a `signals[]`, as the oldest servers send it.
    case automatic
    /// From the first media of the connection.
    case cumulative
    /// From the start of the segment that was sent last when the message came. Such servers don't say which segment they
    /// mean: one that is slower than a segment is long puts its results one segment late.
    case withinSegment
}

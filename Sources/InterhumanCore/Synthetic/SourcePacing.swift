/// How fast a source that could go at any speed hands out its media.
public enum SourcePacing: Sendable, Hashable {
    /// Each element at the time when a camera or microphone would have it. Nothing is skipped: a slow reader gets
    /// late elements late.
    case realTime
    /// Each element as soon as it is asked for.
    case asFastAsPulled
}

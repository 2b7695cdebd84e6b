public import InterhumanCore

/// What to ask of a camera. The defaults suit a webcam on a desk.
public struct CameraConfiguration: Sendable, Hashable {
    /// Wanted width in pixels.
    public var width = 1280
    /// Wanted height in pixels.
    public var height = 720
    /// Wanted frames a second. Comes before size: a picture that jerks is worth less than a smaller one.
    public var frameRate = 30.0
    /// The pixel format, nil for the cheapest that holds rate and size. What is said here wins over the policy.
    public var pixelFormat: PixelFormat?
    /// Bytes a second above which MJPEG is preferred to raw pixels, nil for the bus's own: 24 MB/s on USB, none else.
    public var rawBandwidthLimit: Double?
    /// Buffers to ask of the driver. Two wait for the consumer, one or two are in its hands, two stay with the driver.
    public var bufferCount = 6
    /// Frames to let go after the start: the first ones of many cameras are dark, torn or undecodable.
    public var discardedFrames = 2
    /// How long no frame may come before the camera counts as stalled and is opened afresh.
    public var stallTimeout: Duration = .seconds(3)
    /// Whether to keep the frame rate in dim light, where automatic exposure would halve it.
    public var keepsFrameRate = false
    /// What to do when the camera is unplugged.
    public var whenLost: LossPolicy = .fail

    /// Creates a configuration of defaults.
    public init() {}

    /// What follows when the device goes away.
    public enum LossPolicy: Sendable, Hashable {
        /// The frames end with `CaptureError.Code.deviceLost`.
        case fail
        /// Wait for the same device, by its stable identity, at most so long; then fail.
        case wait(atMost: Duration)
    }
}

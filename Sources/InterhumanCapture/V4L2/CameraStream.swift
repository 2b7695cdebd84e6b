import InterhumanCore

/// A camera that streams: its buffers and what was agreed on.
struct CameraStream: Sendable {
    var camera: Camera
    var buffers: CameraBuffers
    var format: VideoFormat
    var layout: FrameLayout
    /// What the driver granted; nil where it doesn't say.
    var interval: FrameInterval?
    /// What was asked, what was granted and why.
    var description: String
    /// What the camera refused without harm to the stream.
    var warnings: [String]
}

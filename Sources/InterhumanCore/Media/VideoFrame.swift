/// One captured picture: a cheap value over storage that somebody else may have lent.
///
/// The storage may be a camera's mapped buffer, which goes back to the driver when the last copy of the frame is
/// gone: use a frame and let it go; to keep a picture, copy its bytes.
public struct VideoFrame: Sendable {
    /// Shape of the picture.
    public var format: VideoFormat
    /// When the picture was taken, on `CLOCK_MONOTONIC`.
    public var captureTime: MediaTime
    /// How long the picture is to be shown, where the source knows.
    public var duration: Duration?
    /// The source's running number; a step of more than one means that the source lost frames.
    public var sequence: UInt64?
    /// The pixels.
    public var storage: any VideoFrameStorage

    /// Creates a frame over storage that matches `format`.
    public init(
        format: VideoFormat, captureTime: MediaTime, duration: Duration? = nil, sequence: UInt64? = nil,
        storage: any VideoFrameStorage
    ) {
        self.format = format
        self.captureTime = captureTime
        self.duration = duration
        self.sequence = sequence
        self.storage = storage
    }
}

/// The memory behind a ``VideoFrame``. Conformers give it back to its owner in `deinit`.
public protocol VideoFrameStorage: AnyObject, Sendable {
    /// Calls `body` with the planes of the picture, in the pixel format's order. They end with the call.
    func withPlanes<Result, Failure: Error>(
        _ body: ([VideoPlane]) throws(Failure) -> Result
    ) throws(Failure) -> Result
}

/// One plane of a picture, valid only inside ``VideoFrameStorage/withPlanes(_:)``.
public struct VideoPlane {
    /// All rows. For compressed formats the bitstream.
    public var bytes: UnsafeRawBufferPointer
    /// Bytes from one row to the next; may exceed what a row needs.
    public var bytesPerRow: Int

    /// Creates a view of memory that outlives the call in progress.
    public init(bytes: UnsafeRawBufferPointer, bytesPerRow: Int) {
        self.bytes = bytes
        self.bytesPerRow = bytesPerRow
    }
}

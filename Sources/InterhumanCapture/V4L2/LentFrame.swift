import InterhumanCore

/// A picture in a camera's mapped buffer, which goes back to the driver with the last copy of the frame.
final class LentFrame: ScarceStorage {
    private let buffers: CameraBuffers
    private let index: Int
    private let length: Int
    private let layout: FrameLayout

    /// Takes over the lent buffer `index`, of which `length` bytes are the picture.
    init(takingOver index: Int, of buffers: CameraBuffers, length: Int, layout: FrameLayout) {
        self.buffers = buffers
        self.index = index
        self.length = length
        self.layout = layout
    }

    deinit {
        buffers.giveBack(index)
    }

    /// A driver with one buffer loses the frame after the next.
    var isScarce: Bool { buffers.heldByDriver < 2 }

    func withPlanes<Result, Failure: Error>(
        _ body: ([VideoPlane]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = UnsafeRawBufferPointer(rebasing: buffers.bytes(of: index).prefix(length))
        guard !layout.planes.isEmpty else { return try body([VideoPlane(bytes: bytes, bytesPerRow: length)]) }
        // The inspection saw to it that the picture fills its layout.
        return try body(
            layout.planes.map { plane in
                VideoPlane(
                    bytes: UnsafeRawBufferPointer(rebasing: bytes[plane.offset..<plane.offset + plane.count]),
                    bytesPerRow: plane.bytesPerRow)
            })
    }
}

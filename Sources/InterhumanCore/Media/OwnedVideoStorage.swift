/// Pixels in arrays of their own, for sources that make or copy pictures.
public final class OwnedVideoStorage: VideoFrameStorage {
    private let planes: [(bytes: [UInt8], bytesPerRow: Int)]

    /// Takes the planes in the pixel format's order; `bytesPerRow` is in bytes.
    public init(planes: [(bytes: [UInt8], bytesPerRow: Int)]) {
        self.planes = planes
    }

    public func withPlanes<Result, Failure: Error>(
        _ body: ([VideoPlane]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withPlane(0, [], body)
    }

    /// Opens the arrays one inside the other, so that every pointer is valid while `body` runs.
    private func withPlane<Result, Failure: Error>(
        _ index: Int, _ opened: [VideoPlane], _ body: ([VideoPlane]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard index < planes.count else { return try body(opened) }
        let (bytes, bytesPerRow) = planes[index]
        let result = bytes.withUnsafeBytes { pointer -> Swift.Result<Result, Failure> in
            let plane = VideoPlane(bytes: pointer, bytesPerRow: bytesPerRow)
            do throws(Failure) {
                return .success(try withPlane(index + 1, opened + [plane], body))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

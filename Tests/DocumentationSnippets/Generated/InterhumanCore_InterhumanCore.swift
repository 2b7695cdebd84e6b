// Made of Sources/InterhumanCore/InterhumanCore.docc/InterhumanCore.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanCore

private func block1() async throws {
    /// A grey picture, 15 times a second.
    struct GreySource: VideoSource {
        func start() async throws(CaptureError) -> VideoStream {
            let format = VideoFormat(width: 640, height: 360, pixelFormat: .gray8, range: .full)
            let pixels = OwnedVideoStorage(planes: [(bytes: [UInt8](repeating: 128, count: 640 * 360), bytesPerRow: 640)])
            let frames = MediaSequence<VideoFrame, CaptureError> {
                guard (try? await Task.sleep(for: .seconds(1) / 15)) != nil else { return nil }
                return VideoFrame(format: format, captureTime: SystemClock().now, storage: pixels)
            }
            return VideoStream(
                description: "grey", format: format, nominalFrameRate: 15, frames: frames, isLive: true)
        }

        func stop() async {}
    }
}

// Made of Sources/InterhumanCore/InterhumanCore.docc/WritingASource.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanCore

private func block1() async throws {
    /// Someone else's pictures: whatever makes NV12 buffers.
    protocol PictureMaker: AnyObject, Sendable {
        func nextPicture() async -> (luma: [UInt8], chroma: [UInt8], takenAt: MediaTime)?
        func close() async
    }

    struct PictureSource: VideoSource {
        let maker: any PictureMaker
        let width = 1280, height = 720

        func start() async throws(CaptureError) -> VideoStream {
            let format = VideoFormat(width: width, height: height, pixelFormat: .nv12, range: .limited, matrix: .bt709)
            let frames = MediaSequence<VideoFrame, CaptureError> { [maker, width] in
                guard let picture = await maker.nextPicture() else { return nil }
                let planes = OwnedVideoStorage(planes: [
                    (bytes: picture.luma, bytesPerRow: width), (bytes: picture.chroma, bytesPerRow: width),
                ])
                return VideoFrame(format: format, captureTime: picture.takenAt, storage: planes)
            }
            return VideoStream(
                description: "pictures of my own, \(width)x\(height)", format: format, nominalFrameRate: 30,
                frames: frames, isLive: true)
        }

        func stop() async {
            await maker.close()
        }
    }
}

import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Motion JPEG", .timeLimit(.minutes(5)))
struct MotionJPEGTests {
    private func jpeg(_ number: Int) throws -> [UInt8] {
        try JPEGPicture.encode(CounterPicture(), number: number)
    }

    private func frame(_ bytes: [UInt8], number: Int) -> VideoFrame {
        let format = VideoFormat(width: 320, height: 180, pixelFormat: .mjpeg)
        return VideoFrame(
            format: format, captureTime: .zero + .milliseconds(40 * number),
            storage: OwnedVideoStorage(planes: [(bytes, bytes.count)]))
    }

    @Test("Whole pictures are taken, padded ones too; broken ones are left out and counted")
    func pictures() async throws {
        let format = VideoFormat(width: 320, height: 180, pixelFormat: .mjpeg)
        let encoder = try await FFmpegSegmentEncoderFactory().makeFFmpegEncoder(
            video: VideoTrackDescription(format: format, nominalFrameRate: 25), audio: nil, epoch: .zero)
        var segments: [MediaSegment] = []
        for number in 0..<12 {
            var bytes = try jpeg(number)
            switch number {
            case 0: bytes.removeLast(bytes.count / 2)  // Cut short: the stream must not begin with it.
            case 3: bytes = []
            case 5: bytes = Array(repeating: 0xFF, count: 5000)
            case 7: bytes.replaceSubrange(2..<400, with: Array(repeating: 0, count: 398))
            case 9: bytes += Array(repeating: 0, count: 100)
            default: break
            }
            segments += try await encoder.encode(frame(bytes, number: number))
        }
        segments += try await encoder.finish()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == [1, 2, 4, 6, 8, 9, 10, 11])
        #expect(await encoder.statistics.videoFramesBroken == 4)
        // JPEG is full range, the stream is not: 235 becomes 16 + 235 * 219 / 255 = 218.
        let white = recording.frames[3].storage.withPlanes { Int($0[0].bytes[$0[0].bytesPerRow * 15 + 285]) }
        #expect(recording.numbers[3] & 2 != 0 && (214...222).contains(white))
    }
}

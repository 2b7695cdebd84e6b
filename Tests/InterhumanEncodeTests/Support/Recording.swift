import InterhumanCore
import InterhumanEncode
import Testing

/// Everything that a stream decoded to.
struct Recording {
    var starts: [StreamInformation] = []
    var ends = 0
    var frames: [VideoFrame] = []
    var keyframes: [Bool] = []
    var chunks: [AudioChunk] = []

    /// Decodes messages as they come over a connection.
    static func decode(
        _ messages: [[UInt8]], limits: MediaStreamDecoder.Limits = .init()
    ) async throws(EncodeError) -> Recording {
        let decoder = MediaStreamDecoder(limits: limits)
        let feeding = Task {
            // What ends the decoding shows in the output.
            for message in messages { try? await decoder.append(message) }
            await decoder.finish()
        }
        var recording = Recording()
        defer { feeding.cancel() }
        for try await media in decoder.output { recording.add(media) }
        return recording
    }

    mutating func add(_ media: DecodedMedia) {
        switch media {
        case .streamStarted(let information): starts.append(information)
        case .video(let frame, let isKeyframe):
            frames.append(frame)
            keyframes.append(isKeyframe)
        case .audio(let chunk): chunks.append(chunk)
        case .streamEnded: ends += 1
        }
    }

    var numbers: [Int] { frames.map { CounterPicture.number(in: $0) } }

    var videoTimes: [Double] { frames.map(\.captureTime.seconds) }

    /// All samples of the first channel in one run.
    var samples: [Float] {
        chunks.flatMap { chunk -> [Float] in
            guard case .float32(let samples) = chunk.samples else { return [] }
            if chunk.format.channelCount == 1 { return samples }
            return stride(from: 0, to: samples.count, by: chunk.format.channelCount).map { samples[$0] }
        }
    }

    var audioStart: Double { chunks.first?.captureTime.seconds ?? .nan }
}

extension [MediaSegment] {
    /// The messages of a connection that carry these segments.
    var messages: [[UInt8]] {
        enumerated().map { $0.offset == 0 ? $0.element.header + $0.element.body : $0.element.body }
    }

    /// All messages in one file.
    var joined: [UInt8] { messages.flatMap(\.self) }
}

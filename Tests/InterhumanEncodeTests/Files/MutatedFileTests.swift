import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Damaged files", .timeLimit(.minutes(10)))
struct MutatedFileTests {
    private static let containers: [SegmentContainer] = [.webM, .fragmentedMP4, .mp4, .mpegTS]

    @Test("A damaged file gives media or a typed error, and ends", arguments: containers, 0..<4)
    func mutations(container: SegmentContainer, seed: Int) async throws {
        var run = EncodingRun.steady(seconds: 1, frameRate: 15)
        run.settings.container = container
        if container == .mp4 { run.settings.framing = .selfContained }
        run.settings.videoPreset = .fast
        let whole = try await run.run().segments.joined
        var mutation = Mutation(seed: UInt64(seed))
        for _ in 0..<12 {
            let file = try TemporaryFile(mutation.apply(to: whole))
            do throws(CaptureError) {
                try await read(file.path)
            } catch {
                #expect([.undecodable, .noSuchTrack, .system].contains(error.code), "\(error)")
            }
        }
    }

    /// Reads both tracks to their ends.
    private func read(_ path: String) async throws(CaptureError) {
        let file = try await MediaFile.open(path: path, options: .init(pacing: .unpaced))
        let audio = file.audio
        let reading = Task {
            guard let stream = try? await audio?.start() else { return }
            do throws(CaptureError) {
                for try await chunk in stream.chunks { _ = chunk.frameCount }
            } catch {
                // The pictures' reader meets the same fault, or none.
            }
        }
        if let stream = try await file.video?.start() {
            for try await frame in stream.frames { _ = frame.storage.withPlanes { $0.count } }
        }
        await reading.value
        await file.video?.stop()
        await file.audio?.stop()
    }
}

import InterhumanCore
import InterhumanEncode
import Testing

/// Times that a container's numbers can hold and a program's can't add up.
@Suite("Timestamps beyond all reason", .timeLimit(.minutes(5)))
struct HostileTimestampTests {
    /// In milliseconds: 95 years, the last that fits into nanoseconds, one that does not, and the largest there is.
    static let instants: [UInt64] = [
        2_990_000_000_000, 9_223_372_036_854, 9_300_000_000_000, UInt64(Int64.max) / 1000, UInt64(Int64.max),
    ]

    private func stream(at milliseconds: UInt64) async throws -> [UInt8] {
        let whole = try await EncodingRun.steady(seconds: 1, frameRate: 20).run().segments.joined
        return try WebMSurgery.moved(whole, toMilliseconds: milliseconds)
    }

    @Test("A stream decodes or is refused", arguments: instants)
    func stream(milliseconds: UInt64) async throws {
        let bytes = try await stream(at: milliseconds)
        do throws(EncodeError) {
            let recording = try await Recording.decode([bytes])
            #expect(zip(recording.videoTimes, recording.videoTimes.dropFirst()).allSatisfy { $0 <= $1 })
        } catch {
            #expect(error.code == .malformedMedia)
        }
    }

    @Test("A stamp that can't be meant counts as none: times go on from where they were")
    func unknown() async throws {
        let recording = try await Recording.decode([try await stream(at: 9_223_372_036_854)])
        #expect(recording.frames.count == 20)
        #expect(recording.videoTimes.allSatisfy { (0...60).contains($0) })
        #expect((0...60).contains(recording.audioStart))
    }

    @Test("A file plays, again and again, or is refused", arguments: instants)
    func file(milliseconds: UInt64) async throws {
        let temporary = try TemporaryFile(try await stream(at: milliseconds), name: "late.webm")
        do throws(CaptureError) {
            let file = try await MediaFile.open(
                path: temporary.path, options: .init(pacing: .unpaced, playCount: 4),
                clock: JumpingClock(now: MediaTime(seconds: 5000)))
            if let video = file.video { for try await _ in try await video.start().frames {} }
            if let audio = file.audio { for try await _ in try await audio.start().chunks {} }
        } catch {
            #expect(error.code == .undecodable)
        }
    }
}

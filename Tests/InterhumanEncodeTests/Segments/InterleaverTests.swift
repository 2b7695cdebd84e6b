import Testing

@testable import InterhumanEncode

@Suite("Interleaver")
struct InterleaverTests {
    private func take(_ interleaver: inout Interleaver<String>) -> [String] {
        var packets: [String] = []
        while let next = interleaver.next() { packets.append(next.packet) }
        return packets
    }

    @Test("A packet waits until the other track can't be earlier")
    func order() {
        var interleaver = Interleaver<String>(hasVideo: true, hasAudio: true, lead: 1000)
        interleaver.append("v0", time: 0, to: .video)
        interleaver.advance(.video, to: 1)
        #expect(take(&interleaver) == [])
        interleaver.append("a0", time: 0, to: .audio)
        interleaver.advance(.audio, to: 20)
        // At equal times video leads; then audio at 0 is before anything that video can bring.
        #expect(take(&interleaver) == ["v0", "a0"])
        interleaver.append("a20", time: 20, to: .audio)
        interleaver.advance(.audio, to: 40)
        #expect(take(&interleaver) == [])
        interleaver.append("v33", time: 33, to: .video)
        interleaver.advance(.video, to: 34)
        #expect(take(&interleaver) == ["a20", "v33"])
    }

    @Test("A stalled track holds the other up by the lead and no longer")
    func stall() {
        var interleaver = Interleaver<String>(hasVideo: true, hasAudio: true, lead: 100)
        for time in stride(from: Int64(0), to: 200, by: 20) {
            interleaver.append("a\(time)", time: time, to: .audio)
            interleaver.advance(.audio, to: time + 20)
        }
        #expect(take(&interleaver) == ["a0", "a20", "a40", "a60", "a80", "a100"])
        interleaver.close(.video)
        #expect(take(&interleaver) == ["a120", "a140", "a160", "a180"])
    }

    @Test("A track that does not exist is not waited for")
    func single() {
        var interleaver = Interleaver<String>(hasVideo: false, hasAudio: true, lead: 100)
        interleaver.append("a0", time: 0, to: .audio)
        #expect(interleaver.next()?.order == .settled)
    }
}

import InterhumanCore
import Testing

@testable import InterhumanSession

@Suite struct OutboxTests {
    private let now = MediaTime(seconds: 100)

    private func segment(_ index: Int, byteCount: Int = 10) -> MediaSegment {
        MediaSegment(
            index: index, header: [1, 2, 3], body: [UInt8](repeating: UInt8(index), count: byteCount),
            timeRange: TimeRange(start: .zero, end: .zero), mediaStart: 0, mediaEnd: 0, videoFrameCount: 0,
            audioSampleCount: 0)
    }

    private func outbox(_ limits: OutboxLimits = OutboxLimits(), holding count: Int = 0) -> Outbox {
        var outbox = Outbox(limits: limits)
        for index in 0..<count { outbox.append(segment(index), beginsStream: index == 0, at: now) }
        return outbox
    }

    @Test("comes out in order, each counted until the network has taken it")
    func order() {
        var outbox = outbox(holding: 3)
        for number in 0..<3 {
            #expect(outbox.first?.number == number)
            outbox.beginSending()
            #expect(outbox.count == 3 - number)
            outbox.confirmSent()
            #expect(outbox.byteCount == 10 * (2 - number))
        }
        #expect(outbox.isEmpty)
    }

    @Test("drops the oldest by count and by bytes", arguments: [(2, 1_000, [0]), (100, 25, [0]), (100, 15, [0, 1])])
    func drops(count: Int, bytes: Int, expected: [Int]) {
        var outbox = outbox(OutboxLimits(maximumSegments: count, maximumBytes: bytes))
        var dropped: [Int] = []
        for index in 0..<3 {
            dropped += outbox.makeRoom(for: segment(index)).map(\.number)
            outbox.append(segment(index), beginsStream: false, at: now)
        }
        #expect(dropped == expected)
        #expect(dropped + outbox.removeAll().map(\.number) == [0, 1, 2])
        #expect(outbox.byteCount == 0)
    }

    @Test("what is being sent is never dropped, what failed to be sent stays the first")
    func inFlight() {
        var outbox = outbox(OutboxLimits(maximumSegments: 2), holding: 2)
        outbox.beginSending()
        #expect(outbox.makeRoom(for: segment(2)).map(\.number) == [1])
        outbox.append(segment(2), beginsStream: false, at: now)
        #expect(outbox.removeFirst() == nil)
        #expect(outbox.removeExpired(at: now + .seconds(31)).map(\.number) == [2])
        outbox.sendingFailed()
        #expect(outbox.first?.number == 0)
        #expect(outbox.first?.failedAttempts == 1)
        #expect(outbox.removeExpired(at: now + .seconds(31)).map(\.number) == [0])
    }

    @Test("a container's beginning passes to the next segment when its first is dropped")
    func beginning() {
        var outbox = outbox(OutboxLimits(maximumSegments: 2), holding: 2)
        #expect(outbox.makeRoom(for: segment(2)).map(\.number) == [0])
        #expect(outbox.first?.beginsStream == true)
        #expect(outbox.removeFirst()?.number == 1)
    }

    @Test("a segment larger than the whole outbox is taken alone")
    func large() {
        var outbox = outbox(OutboxLimits(maximumSegments: 2, maximumBytes: 5), holding: 1)
        #expect(!outbox.hasRoom(for: segment(1)))
        #expect(outbox.makeRoom(for: segment(1)).map(\.number) == [0])
        #expect(outbox.hasRoom(for: segment(1)))
    }

    @Test("age counts from queueing, and not at all where there is no limit")
    func age() {
        var outbox = outbox(OutboxLimits(maximumAge: .seconds(5)), holding: 1)
        outbox.append(segment(1), beginsStream: false, at: now + .seconds(3))
        #expect(outbox.removeExpired(at: now + .seconds(5)).isEmpty)
        #expect(outbox.removeExpired(at: now + .seconds(6)).map(\.number) == [0])
        var patient = self.outbox(OutboxLimits(maximumAge: nil), holding: 1)
        #expect(patient.removeExpired(at: now + .seconds(1_000_000)).isEmpty)
    }
}

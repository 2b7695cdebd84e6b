import InterhumanCore
import Testing

@testable import InterhumanSession

/// Order, bounds and who waits.
@Suite(.timeLimit(.minutes(1)))
struct OutboxTests {
    private func segment(_ index: Int, bytes: Int = 10) -> MediaSegment {
        MediaSegment(
            index: index, header: [1, 2, 3], body: [UInt8](repeating: 0, count: bytes),
            timeRange: TimeRange(start: .zero, end: .zero), mediaStart: 0, mediaEnd: 0, videoFrameCount: 0,
            audioSampleCount: 0)
    }

    @Test("comes out in order, then ends")
    func order() async {
        let outbox = Outbox(limits: OutboxLimits())
        for index in 0..<3 { #expect(await outbox.appendWhenRoom(segment(index))) }
        outbox.finish()
        for index in 0..<3 { #expect(await outbox.next()?.index == index) }
        #expect(await outbox.next() == nil)
    }

    @Test("drops the oldest by count and by bytes", arguments: [(2, 1_000, [0]), (100, 25, [0]), (100, 15, [0, 1])])
    func drops(count: Int, bytes: Int, expected: [Int]) {
        let outbox = Outbox(limits: OutboxLimits(maximumSegments: count, maximumBytes: bytes))
        var dropped: [Int] = []
        for index in 0..<3 { dropped += outbox.appendDroppingOldest(segment(index)).map(\.index) }
        #expect(dropped == expected)
        #expect(dropped + outbox.removeAll().map(\.index) == [0, 1, 2])
    }

    @Test("a segment larger than the whole outbox is taken alone")
    func large() {
        let outbox = Outbox(limits: OutboxLimits(maximumSegments: 2, maximumBytes: 5))
        #expect(outbox.appendDroppingOldest(segment(0)).isEmpty)
        #expect(outbox.appendDroppingOldest(segment(1)).map(\.index) == [0])
        #expect(outbox.removeAll().map(\.index) == [1])
        #expect(outbox.removeAll().isEmpty)
    }

    @Test("a writer waits for room, and gives up when cancelled")
    func waits() async {
        let outbox = Outbox(limits: OutboxLimits(maximumSegments: 1))
        #expect(await outbox.appendWhenRoom(segment(0)))
        let writer = Task { await outbox.appendWhenRoom(segment(1)) }
        #expect(await outbox.next()?.index == 0)
        #expect(await writer.value)
        let loser = Task { await outbox.appendWhenRoom(segment(2)) }
        loser.cancel()
        #expect(await !loser.value)
        #expect(outbox.removeAll().map(\.index) == [1])
    }

    @Test("a reader that is cancelled gets nothing")
    func cancelledReader() async {
        let outbox = Outbox(limits: OutboxLimits())
        let reader = Task { await outbox.next() }
        reader.cancel()
        #expect(await reader.value == nil)
    }
}

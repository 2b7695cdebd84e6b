import Foundation
import InterhumanCore
import InterhumanTesting
import Synchronization
import Testing

/// The doubles keep their word when several tasks use them at once.
@Suite(.timeLimit(.minutes(1)))
struct ConcurrentUseTests {
    private func request() throws -> ConnectionRequest {
        ConnectionRequest(endpoint: try ServiceEndpoint(), credential: Credential("key"))
    }

    private func segment(_ index: Int, byteCount: Int) -> MediaSegment {
        MediaSegment(
            index: index, header: [], body: [UInt8](repeating: 0, count: byteCount),
            timeRange: TimeRange(start: .zero, end: .zero), mediaStart: 0, mediaEnd: 0, videoFrameCount: 1,
            audioSampleCount: 0)
    }

    @Test("a clock that two threads move goes as far as both say")
    func clock() {
        let clock = ManualClock(now: .zero)
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            for _ in 0..<10_000 { clock.advance(by: .nanoseconds(1)) }
        }
        #expect(clock.now == MediaTime(nanoseconds: 20_000))
        #expect(clock.wallClockNanoseconds == 1_700_000_000_000_020_000)
    }

    /// The one waiter looks, the other looks, then comes the news, and only then both begin to wait. Each waiter has an
    /// executor of its own, which runs while the one before is looking.
    @Test("news between looking and waiting reach everyone who looked")
    func twoWaiters() async {
        let connection = ScriptedConnection(ConnectionScript())
        let (outer, inner, client) = (ManualExecutor(), ManualExecutor(), ManualExecutor())
        let (firstLooks, secondLooks) = (Looks(), Looks())
        let sending = Task(executorPreference: client) { try await connection.requestClose() }
        let second = Task(executorPreference: inner) {
            await connection.waitUntil { sent in
                if secondLooks.isFirst() { client.runUntilIdle() }
                return !sent.isEmpty
            }
        }
        let first = Task(executorPreference: outer) {
            await connection.waitUntil { sent in
                if firstLooks.isFirst() { inner.runUntilIdle() }
                return !sent.isEmpty
            }
        }
        outer.runUntilIdle()
        inner.runUntilIdle()
        #expect(firstLooks.count == 2 && secondLooks.count == 2)
        // Whoever sleeps for ever is woken here.
        for task in [first, second] { task.cancel() }
        outer.runUntilIdle()
        inner.runUntilIdle()
        await #expect(throws: Never.self) { try await sending.value }
    }

    /// Counts how often somebody looked.
    private final class Looks: Sendable {
        private let looks = Atomic(0)

        var count: Int { looks.load(ordering: .relaxed) }

        func isFirst() -> Bool { looks.add(1, ordering: .relaxed).oldValue == 0 }
    }

    @Test("what two tasks send at once counts together")
    func bytesThatBreakALink() async throws {
        let (executor, clock) = (ManualExecutor(), ManualClock(now: .zero))
        let connector = SimulatedConnector(clock: clock) { _ in
            var link = SimulatedLink()
            (link.handshakeBytes, link.bytesPerSecond, link.breaksAfterBytes) = (0, 100, 150)
            return link
        }
        let request = try request()
        let segments = [segment(0, byteCount: 100), segment(1, byteCount: 100)]
        let run = Task(executorPreference: executor) {
            let connection = try await connector.connect(request)
            return await withTaskGroup(of: Int.self) { group in
                for segment in segments {
                    group.addTask {
                        do throws(ConnectionError) {
                            try await connection.send(segment, includingHeader: false)
                            return 0
                        } catch {
                            return 1
                        }
                    }
                }
                return await group.reduce(0, +)
            }
        }
        #expect(!executor.run(clock) { false })
        #expect(try await run.value == 1)
        #expect(connector.connections[0].segments.count == 1)
        // 100 bytes of the one, then 50 of the other: a link sends one thing at a time.
        #expect(clock.now == MediaTime(seconds: 1.5))
    }

    @Test("an attempt that hangs waits for no instant of the clock")
    func hanging() async throws {
        let (executor, clock) = (ManualExecutor(), ManualClock())
        let connector = SimulatedConnector(clock: clock) { _ in
            var link = SimulatedLink()
            (link.opening, link.openingTime) = (.hangs, .seconds(1))
            return link
        }
        let request = try request()
        let attempt = Task(executorPreference: executor) { () async -> ConnectionError.Code? in
            do throws(ConnectionError) {
                _ = try await connector.connect(request)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(!executor.run(clock) { false })
        #expect(clock.now == MediaTime(seconds: 1_001))
        attempt.cancel()
        executor.runUntilIdle()
        #expect(await attempt.value == .cancelled)
    }

    @Test("a clock can be moved to the end of time")
    func endOfTime() {
        let clock = ManualClock()
        clock.advance(to: MediaTime(nanoseconds: .max))
        #expect(clock.now == MediaTime(nanoseconds: .max))
    }
}

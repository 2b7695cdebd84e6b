import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// Any number of readers, and figures.
@Suite(.timeLimit(.minutes(1)))
struct ObservationTests {
    @Test("every subscriber gets every event; a slow one is told what it missed; leaving ends nothing")
    func subscribers() async throws {
        let fixture = try SessionFixture(.wellBehaved())
        let first = fixture.session.subscribe()
        let slow = fixture.session.subscribe(capacity: 3)
        let left = Task { [session = fixture.session] in
            for try await _ in session.subscribe() { return }
        }
        let account = await Account(reading: try await fixture.session.start())
        var names: [String] = []
        for try await event in first { names.append(event.name) }
        #expect(names == account.names)
        var told: [String] = []
        for try await event in slow { told.append(event.name) }
        #expect(told == ["eventsDropped"] + account.names.suffix(3))
        left.cancel()
        #expect(account.error == nil)
        // After the end there is only the end.
        var late = fixture.session.subscribe().makeAsyncIterator()
        #expect(try await late.next() == nil)
    }

    @Test("a subscriber gets the session's error, too")
    func failure() async throws {
        let fixture = try SessionFixture([
            .refuse(ConnectionError(.unreachable, operation: "connect", message: "Nobody answers."))
        ])
        let subscription = fixture.session.subscribe()
        _ = await fixture.errorOfStart()
        await #expect(throws: SessionError.self) { for try await _ in subscription {} }
    }

    @Test("statistics: what went out, what waits, how old it is")
    func statistics() async throws {
        var link = SimulatedLink()
        link.bytesPerSecond = 1_000
        let fixture = try LiveFixture(seconds: 20, links: [link]) { $0.adaptation.isEnabled = false }
        let account = try await fixture.run { session, clock in
            var last: SessionStatistics?
            var count = 0
            for await snapshot in session.statistics(every: .seconds(1)) {
                count += 1
                if let last {
                    #expect(snapshot.bytesSent >= last.bytesSent)
                    #expect(snapshot.time - last.time == .seconds(1))
                }
                last = snapshot
                if count == 15 {
                    #expect(snapshot.isConnected)
                    #expect(snapshot.segmentsWaiting > 3)
                    #expect(snapshot.bytesWaiting > 4_000)
                    #expect(snapshot.queueAge > .seconds(2))
                    #expect(snapshot.sendRate.map { abs($0 - 1_000) < 50 } == true)
                    #expect(snapshot.frameRate == 10)
                }
            }
        }
        let end = await fixture.session.statistics
        #expect(end.bytesSent == account.summary?.bytesSent)
        #expect(end.segmentsWaiting == 0)
        #expect(end.framesEncoded == 200)
        #expect(!end.isConnected)
    }
}

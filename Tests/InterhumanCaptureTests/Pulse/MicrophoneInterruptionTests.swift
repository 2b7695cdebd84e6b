import InterhumanCore
import Synchronization
import Testing

@testable import InterhumanCapture

/// Sources that are suspended, moved, or whose server hangs, over a scripted server.
@Suite(.timeLimit(.minutes(1))) struct MicrophoneInterruptionTests {
    private let server = ScriptedServer([ScriptedServer.microphone("mic")])
    private let source: MicrophoneSource

    init() {
        var configuration = MicrophoneConfiguration()
        // The seconds that go by in these tests are no silence to be told.
        configuration.silenceTimeout = .seconds(3_600)
        source = MicrophoneSource(nil, configuration: configuration, server: server)
    }

    /// Starts and reads the first event.
    private func start() async throws -> (AudioStream, MediaSequence<MicrophoneEvent, Never>.Iterator) {
        let stream = try await source.start()
        var events = source.events.makeAsyncIterator()
        guard case .started = await events.next() else { throw ScriptedServer.failure(.misuse) }
        return (stream, events)
    }

    @Test func aServerThatHangsStopsNeitherTheSilenceNorTheStop() async throws {
        let stream = try await source.start()
        for _ in 0..<5 { server.give() }
        let hang = try server.hang()
        server.tell(.failed(ScriptedServer.failure(.deviceLost)))
        await hang.reached.value()
        server.clock.advance(by: .seconds(2))
        let end = server.clock.now
        // The filler stays a quarter of a second behind.
        for try await chunk in stream.chunks where chunk.captureTime + chunk.duration > end - .milliseconds(300) {
            break
        }
        await source.stop()
        #expect(server.openRecordings == 0)
    }

    @Test func aMoveToASourceThatGivesEndsASuspension() async throws {
        let (stream, told) = try await start()
        var events = told
        // Filling in the meantime goes on from here.
        server.give()
        server.tell(.suspended(true))
        #expect(await events.next() == .suspended)
        #expect(stream.monitor?.isLost == true)
        server.tell(.moved(to: "other", isSuspended: false))
        #expect(await events.next() == .moved(to: "other"))
        #expect(await events.next() == .resumed)
        server.give()
        #expect(stream.monitor?.isLost == false)
        // It is watched for stalls again.
        server.clock.advance(by: .seconds(10))
        guard case .stalled = await events.next() else {
            Issue.record("no stall")
            return
        }
        await source.stop()
    }

    @Test func aMoveToASourceThatIsSuspendedIsNoStall() async throws {
        let (stream, told) = try await start()
        var events = told
        server.tell(.moved(to: "other", isSuspended: true))
        #expect(await events.next() == .moved(to: "other"))
        #expect(await events.next() == .suspended)
        #expect(stream.monitor?.isLost == true)
        server.clock.advance(by: .seconds(10))
        await server.rounds()
        server.tell(.overflowed)
        #expect(await events.next() == .overflowed)
        await source.stop()
    }

    @Test func aSourceThatIsSuspendedWhenItIsOpenedIsNotTakenForOneThatGives() async throws {
        server.isSuspended = true
        let (stream, told) = try await start()
        var events = told
        #expect(await events.next() == .suspended)
        #expect(stream.monitor?.isLost == true && stream.monitor?.interruptions == 1)
        server.tell(.suspended(false))
        #expect(await events.next() == .resumed)
        #expect(stream.monitor?.isLost == false)
        server.tell(.failed(ScriptedServer.failure(.deviceLost)))
        while let event = await events.next(), event != .returned {}
        guard case .started = await events.next() else {
            Issue.record("not started again")
            return
        }
        #expect(await events.next() == .suspended)
        #expect(stream.monitor?.isLost == true)
        await source.stop()
    }

    /// The worker looks at the very moment between the event and what follows it on the server's thread.
    @Test func aSourceThatResumesAfterLongIsNoStall() async throws {
        _ = try await source.start()
        let executor = SteppedExecutor()
        let told = Told()
        let reader = Task(executorPreference: executor) { [source] in
            for await event in source.events {
                told.add(event)
                if event == .overflowed { break }
            }
        }
        await executor.run { told.count == 1 }
        server.tell(.suspended(true))
        await executor.run { told.count == 2 }
        server.clock.advance(by: .seconds(10))
        let worker = try WakeDescriptor()
        executor.atNextJob { [server] in
            server.afterRounds { worker.signal() }
            _ = worker.wait(milliseconds: -1)
        }
        try DeviceThread.start(named: "test-server") { [server] in
            server.tell(.suspended(false))
            server.tell(.overflowed)
        }
        await executor.run { told.last == .overflowed }
        await reader.value
        #expect(told.after(1) == [.suspended, .resumed, .overflowed])
        await source.stop()
    }

    private final class Told: Sendable {
        private let events = Mutex<[MicrophoneEvent]>([])

        var count: Int { events.withLock { $0.count } }
        var last: MicrophoneEvent? { events.withLock { $0.last } }
        func add(_ event: MicrophoneEvent) { events.withLock { $0.append(event) } }
        func after(_ count: Int) -> [MicrophoneEvent] { events.withLock { Array($0.dropFirst(count)) } }
    }

    @Test func aStopBeforeTheStartEndsTheEvents() async {
        await source.stop()
        var events = source.events.makeAsyncIterator()
        #expect(await events.next() == nil)
    }
}

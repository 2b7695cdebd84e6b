import CoreMetrics
import InterhumanCore
import Logging

/// The hands of the session's machine.
extension StreamSession {
    /// Tells the machine what happened and does what it says.
    func apply(_ input: SessionInput) {
        let before = (phase: machine.phase, line: machine.line, carrier: machine.carrier)
        let actions = machine.handle(input, at: clock.now)
        if machine.phase != before.phase || machine.line != before.line {
            log(
                .debug,
                """
                session \(before.phase.rawValue)/\(before.line.rawValue) -> \
                \(machine.phase.rawValue)/\(machine.line.rawValue)
                """)
        }
        deadlineMoved.signal()
        if machine.carrier != before.carrier || machine.line != before.line { newsForSender.signal() }
        for action in actions { perform(action) }
    }

    private func perform(_ action: SessionAction) {
        switch action {
        case .openLink(let number, let refreshing): openLink(number, refreshing: refreshing)
        case .drain(let number): drainLink(number)
        case .abandon(let number): abandonLink(number)
        case .startCapture: run(.capture) { await $0.startCapture() }
        case .startMedia:
            run(.media) { await $0.pumpMedia() }
            run(.send) { await $0.sendSegments() }
        case .reportStarted: started.fulfil(.success(()))
        case .pauseMedia:
            gate.close(.paused)
            emit(.paused)
        case .resumeMedia:
            gate.open(.paused)
            emit(.resumed)
        case .stopCapture:
            gate.stopHolding()
            run(.stopCapture) { await $0.stopSources() }
        case .reportReconnecting(let reconnecting): report(reconnecting)
        case .reportReconnected(let reconnected):
            counts.reconnections += 1
            metrics.outage.recordNanoseconds(reconnected.outage.nanoseconds)
            emit(.reconnected(reconnected))
        case .reportRolledOver(let old, let new):
            counts.rollovers += 1
            emit(.rolledOver(from: old, to: new))
        case .reportRolloverDelayed(let error): warn(.rolloverDelayed(error))
        case .reportTimeout: warn(.finishTimedOut)
        case .reportDrainInterrupted(let error): warn(.drainInterrupted(error))
        case .release: release()
        case .end(let completion): end(completion)
        }
    }

    /// Starts a piece of work; ``release()`` cancels it and waits for it.
    func run(_ job: Job, _ work: @escaping @Sendable (isolated StreamSession) async -> Void) {
        guard machine.phase != .closing, machine.phase != .ended else { return }
        jobs[job] = launch(work)
    }

    /// Starts a task where the session's tasks run.
    func launch(_ work: @escaping @Sendable (isolated StreamSession) async -> Void) -> Task<Void, Never> {
        Task(executorPreference: executor) { await work(self) }
    }

    /// Comes back to the machines at each of their deadlines, which always moves the deadline.
    func keepTime() async {
        while !Task.isCancelled {
            guard let deadline = earliestDeadline else {
                await deadlineMoved.wait()
                continue
            }
            guard clock.now >= deadline else {
                await deadlineMoved.wait(until: deadline, on: clock)
                continue
            }
            for number in links.keys.sorted() where links[number]?.machine.deadline.map({ clock.now >= $0 }) == true {
                apply(.deadline, to: number)
            }
            if let deadline = machine.deadline, clock.now >= deadline { apply(.deadline) }
        }
    }

    private var earliestDeadline: MediaTime? {
        let deadlines = links.values.compactMap { $0.machine.deadline }
        return [machine.deadline, deadlines.min()].compactMap { $0 }.min()
    }

    /// Frees everything. The task that does it ends by itself and is the last one.
    private func release() {
        for number in links.keys.sorted() { abandonLink(number) }
        let releases = links.values.compactMap { $0.jobs[.release] }
        let work = Array(jobs.values)
        jobs = [:]
        for task in work { task.cancel() }
        _ = launch { session in
            await session.stopSources()
            for task in releases + work { await task.value }
            // A source may have opened while it was being called off.
            await session.stopSources()
            session.reportUnsent()
            await session.closeSpool()
            session.apply(.released)
        }
    }

    private func end(_ completion: SessionSummary.Completion) {
        var summary = SessionSummary(completion: completion)
        summary.correlationID = correlationID
        noteIntake()
        summary.counts = counts
        summary.peakQueuedSegments = outbox.peakCount
        measure()
        emit(.ended(summary))
        if case .failed(let error) = completion {
            started.fulfil(.failure(error))
            hub.finish(error)
        } else {
            started.fulfil(.failure(Self.cancelledBeforeStart))
            hub.finish(nil)
        }
        ended.fulfil(())
    }

    private func report(_ reconnecting: Reconnecting) {
        log(.warning, "attempt \(reconnecting.attempt) to reconnect in \(reconnecting.delay): \(reconnecting.cause)")
        emit(.reconnecting(reconnecting))
    }

    /// Tells the reader.
    func emit(_ kind: SessionEvent.Kind, message: ServerMessage? = nil, connection: Int? = nil) {
        let now = WallClockTime(nanosecondsSince1970: clock.wallClockNanoseconds)
        hub.append(SessionEvent(kind, message: message, connection: connection, wallClock: now))
        report(history.take(kind, connection: connection), connection)
    }

    /// Tells of signals that are over.
    func report(_ intervals: [SignalInterval], _ connection: Int?) {
        for interval in intervals { emit(.signalCompleted(interval), connection: connection) }
    }

    /// Tells the reader and the log.
    func warn(_ warning: SessionWarning) {
        log(.warning, "\(warning)")
        emit(.warning(warning))
    }
}

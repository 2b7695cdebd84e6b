import InterhumanCore
import Logging

/// The hands of the connections' machines.
extension StreamSession {
    func openLink(_ number: Int, refreshing: Bool) {
        links[number] = Link(
            number: number, timing: configuration.timing,
            timeline: LinkTimeline(timeline, times: configuration.serverTimes))
        apply(.begin(refreshing: refreshing), to: number)
    }

    /// Asks the service to finish, once the segment that is being sent is out.
    func drainLink(_ number: Int) {
        guard let link = links[number] else { return }
        if link.inFlight == nil { apply(.drain, to: number) } else { links[number]?.drainsAfterSending = true }
    }

    /// Tells a connection's machine what happened and does what it says.
    func apply(_ input: LinkInput, to number: Int) {
        guard let before = links[number]?.machine.state else { return }
        let actions = links[number]?.machine.handle(input, at: clock.now) ?? []
        if let after = links[number]?.machine.state, after != before {
            log(.debug, "connection \(before.rawValue) -> \(after.rawValue)", connection: number)
        }
        deadlineMoved.signal()
        for action in actions { perform(action, on: number) }
    }

    private func perform(_ action: LinkAction, on number: Int) {
        switch action {
        case .obtainCredential(let refreshing):
            run(.credential, on: number) { await $0.obtainCredential(refreshing: refreshing, for: number) }
        case .connect(let credential):
            run(.connect, on: number) { await $0.connect(number, with: credential) }
        case .proceedUnannounced: emit(.ready(nil), connection: number)
        case .sendConfiguration: run(.configure, on: number) { await $0.sendConfiguration(on: number) }
        case .reportOpen:
            guard let link = links[number] else { return }
            apply(.linkOpened(number, link.terms(at: clock.now)))
        case .requestClose: run(.requestClose, on: number) { await $0.requestClose(on: number) }
        case .release: releaseLink(number)
        case .reportEnded(let ending): reportEnded(number, ending)
        }
    }

    /// Starts a piece of work for a connection; its release cancels it and waits for it.
    func run(
        _ job: Link.Job, on number: Int, _ work: @escaping @Sendable (isolated StreamSession) async -> Void
    ) {
        guard let link = links[number], link.machine.state != .closing, link.machine.state != .closed else { return }
        links[number]?.jobs[job] = launch(work)
    }

    /// Frees a connection. The task that does it is the last of it.
    private func releaseLink(_ number: Int) {
        let work = links[number]?.jobs.values.map { $0 } ?? []
        for task in work { task.cancel() }
        links[number]?.jobs[.release] = launch { session in
            let opened = session.links[number]?.connection
            await opened?.close()
            for task in work { await task.value }
            // It may have opened while it was being called off.
            if opened == nil { await session.links[number]?.connection?.close() }
            session.apply(.released, to: number)
            session.links[number] = nil
        }
    }

    private func reportEnded(_ number: Int, _ ending: LinkEnding) {
        if case .failed(let error) = ending { dropIfRefused(by: number, error) }
        tell(Disconnection(ending), of: number)
        apply(.linkEnded(number, ending))
    }

    /// Lets go of a connection that nobody needs.
    func abandonLink(_ number: Int) {
        guard let state = links[number]?.machine.state, state != .closing, state != .closed else { return }
        apply(.abandon, to: number)
        tell(Disconnection(completion: .cancelled), of: number)
    }

    /// Tells what ends with a connection: the signals that are still open on it, and itself, if it ever opened.
    private func tell(_ disconnection: Disconnection, of number: Int) {
        if let end = links[number]?.timeline.mediaEnd {
            report(history.mediaEnded(at: end, connection: number), number)
        }
        if links[number]?.openedAt != nil { emit(.disconnected(disconnection), connection: number) }
    }

    // MARK: Work

    private func obtainCredential(refreshing: Bool, for number: Int) async {
        do throws(CredentialError) {
            apply(.credential(try await configuration.credentials.credential(refreshing: refreshing)), to: number)
        } catch {
            apply(.credentialFailed(error), to: number)
        }
    }

    private func connect(_ number: Int, with credential: Credential) async {
        do throws(ConnectionError) {
            let opened = try await connector.connect(configuration.request(with: credential))
            links[number]?.connection = opened
            guard !Task.isCancelled else { return }
            links[number]?.openedAt = clock.now
            counts.connections += 1
            correlationID = opened.correlationID
            emit(.connected(correlationID: opened.correlationID), connection: number)
            apply(.connected(correlationID: opened.correlationID), to: number)
            run(.receive, on: number) { await $0.receive(from: opened, as: number) }
        } catch {
            apply(.connectFailed(error), to: number)
        }
    }

    private func receive(from connection: any AnalysisConnection, as number: Int) async {
        for await event in connection.events {
            switch event {
            case .message(let message): take(message, from: number)
            case .ended(let ending):
                apply(.connectionEnded(ending), to: number)
                return
            }
        }
    }

    /// Passes a message on, then lets it have its effect.
    private func take(_ message: ServerMessage, from number: Int) {
        links[number]?.timeline.learn(from: message)
        // One that was on its way here when the connection was given up comes after its end was told.
        guard let link = links[number], link.machine.state != .closing, link.machine.state != .closed else { return }
        counts.messagesReceived += 1
        counts.bytesReceived += message.rawJSON.utf8.count
        if case .error = message.body { counts.serviceErrors += 1 }
        emit(link.timeline.kind(of: message.body), message: message, connection: number)
        switch message.body {
        case .sessionReady(let ready):
            links[number]?.ready = ready
            run(.limits, on: number) { await $0.control.respect(SegmentLimits(ready)) }
            if !hasCheckedOptions { checkOptions(ready.supportedOptions) }
            if let terms = links[number]?.terms(at: clock.now) { apply(.linkTerms(number, terms)) }
        case .error(let error) where machine.table.recovery(from: error.code) == .restartContainer:
            links[number]?.sentHeader = nil
        default: break
        }
        apply(LinkInput(message.body), to: number)
    }

    private func sendConfiguration(on number: Int) async {
        guard let connection = links[number]?.connection else { return }
        do throws(ConnectionError) {
            try await connection.send(configuration.session)
            apply(.configurationSent, to: number)
        } catch {
            apply(.sendFailed(error), to: number)
        }
    }

    private func requestClose(on number: Int) async {
        guard let connection = links[number]?.connection else { return }
        do throws(ConnectionError) {
            try await connection.requestClose()
        } catch {
            apply(.sendFailed(error), to: number)
        }
    }

    /// Warns of what the configuration asks for and the service doesn't offer. A list that it doesn't give is not
    /// checked.
    private func checkOptions(_ options: SupportedSessionOptions?) {
        hasCheckedOptions = true
        let wanted = configuration.session
        check("include", wanted.include, in: options?.include)
        check("goal_dimensions", wanted.goalDimensions ?? [], in: options?.goalDimensions)
        check("model", wanted.model.map { [$0] } ?? [], in: options?.model)
    }

    private func check<Option: OpenEnumeration>(_ field: String, _ wanted: [Option], in offered: [Option]?) {
        guard let offered else { return }
        for option in wanted where !offered.contains(option) {
            warn(
                .unsupportedOption(
                    field: field, value: option.rawValue, supported: offered.map(\.rawValue)))
        }
    }
}

extension SegmentLimits {
    /// Reads what the service says; nonsense counts as nothing.
    fileprivate init(_ ready: SessionReady) {
        func duration(_ seconds: Double?) -> Duration? {
            seconds.flatMap { $0.isFinite && $0 > 0 && $0 < 86_400 ? .seconds($0) : nil }
        }
        self.init(
            maximumBytes: ready.maxSegmentSizeBytes.flatMap { $0 > 0 ? $0 : nil },
            maximumDuration: duration(ready.maxSegmentDurationSeconds),
            minimumDuration: duration(ready.minSegmentDurationSeconds))
    }
}

import InterhumanCore
import InterhumanEncode
import InterhumanTransport
import InterhumanWire

/// One session on an open WebSocket: runs the machine, the decoder and the analysis until the connection is over.
///
/// Five child tasks share it, none outlives ``run()``: the reader takes messages and feeds the decoder (and waits
/// while that is behind), the analysis takes decoded media, the writer sends, and two wait for deadlines. All are
/// cancelled when the connection is over. What the
/// machine decides goes into the outbox in the same turn of the actor, so messages leave in the order of decisions.
actor ServiceSession {
    /// Longest text message that is looked at, in bytes; configurations have a few hundred.
    private static let longestText = 65_536

    private let correlationID: String
    let account: CredentialAccount
    private let channel: WebSocketChannel
    let receiveRate: ReceiveRate?
    let environment: SessionEnvironment
    let outbox = SessionOutbox()
    private let recording: SessionRecording?
    private let wakeups: AsyncStream<MediaTime>
    private let wakeup: AsyncStream<MediaTime>.Continuation

    var machine: ServiceSessionMachine
    var analyzer: MediaAnalyzer
    var faults: SessionFaults
    /// The container under way; nil before the first.
    var container: MediaContainer?
    /// Containers on their way to the analysis, at most one.
    let containers: AsyncStream<MediaContainer>
    let nextContainer: AsyncStream<MediaContainer>.Continuation
    var rawAudio: RawAudioReader?
    /// Whether the reader is at work on a media message.
    var isTakingMedia = false
    var isFinishing = false
    var isAbandoned = false
    var statistics = SessionStatistics()
    var lint: StreamLint
    var reportedSeconds = 0.0
    var spentSeconds = 0.0
    private var mediaMessageCount = 0
    private var hasLeft = false

    /// Creates a session that takes over a place of the account's.
    init(
        request: SessionRequest, account: CredentialAccount, faults: SessionFaults, correlationID: String,
        channel: WebSocketChannel, receiveRate: ReceiveRate? = nil, environment: SessionEnvironment
    ) {
        self.account = account
        self.faults = faults
        analyzer = MediaAnalyzer(dialect: request.dialect)
        lint = StreamLint(request: request)
        self.correlationID = correlationID
        self.channel = channel
        self.receiveRate = receiveRate
        self.environment = environment
        var limits = environment.limits
        if let seconds = account.caps.sessionSeconds {
            limits.maximumDuration = min(limits.maximumDuration, .seconds(seconds))
        }
        machine = ServiceSessionMachine(request: request, limits: limits)
        (containers, nextContainer) = AsyncStream.makeStream()
        recording = environment.recordingDirectory.map {
            SessionRecording(directory: $0, correlationID: correlationID)
        }
        (wakeups, wakeup) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(8))
    }

    /// Runs the session; returns when the connection is over and everything is freed.
    func run() async {
        await perform(opening())
        if !machine.isClosed { await commit(.open) }
        await withTaskGroup { group in
            group.addTask { await self.readMessages() }
            group.addTask { await self.writeMessages() }
            group.addTask { await self.analyseMedia() }
            group.addTask { await self.watchIdleness() }
            group.addTask { await self.watchDeadlines() }
            _ = await channel.ending()
            await connectionEnded()
            group.cancelAll()
        }
        let ending = await channel.ending()
        statistics.mediaSeconds = analyzer.mediaEnd
        let judgement = lint.report(statistics, ending, correlationID: correlationID)
        environment.reports.append(judgement)
        report(.reported(judgement))
        report(.ended(closeCode: ending.closeCode, statistics))
    }

    /// What the client is told first: whether it may have a session at all, as far as the handshake does not tell.
    private func opening() -> [SessionAction] {
        guard account.scopes.contains(.stream) else {
            let error = ServiceError(
                code: .missingScope, message: "The credential lacks the scope \(AccessScope.stream).",
                link: ServiceLinks.documentation)
            return machine.refuse(error, closeCode: 4003, at: now)
        }
        if let error = account.spend() { return machine.refuse(error, closeCode: 4029, at: now) }
        for case .refuse(let code) in faults.due(.handshake) {
            guard case .closeCode(let closeCode) = RefusalForm(code) else { continue }
            return machine.refuse(.requested(code), closeCode: closeCode, at: now)
        }
        return machine.open(at: now)
    }

    var now: MediaTime { environment.clock.now }

    func report(_ kind: ServiceEvent.Kind) {
        environment.observer(ServiceEvent(correlationID: correlationID, kind: kind))
    }

    // MARK: What the machine decides

    /// Does what the machine wants. Decoding is left to the caller, who waits for it, and so is waiting for room in
    /// the outbox: deadlines must be kept even when the client reads nothing.
    ///
    /// Called from this actor, so that nothing else of it runs between the decision and the first loop.
    func perform(_ actions: [SessionAction]) async {
        for action in actions { enqueue(action) }
        for action in actions {
            switch action {
            case .finishMedia: await finishMedia()
            case .abandonMedia: await abandonMedia()
            case .abort:
                outbox.finish()
                await channel.abort()
            default: break
            }
        }
    }

    /// The part that must happen in the turn of the decision.
    private func enqueue(_ action: SessionAction) {
        switch action {
        case .send(let body): enqueue(body)
        case .close(let code, let reason):
            // A client that has seen the end may come again at once.
            leave()
            outbox.append(.close(code: code, reason: reason))
        case .wake(let time): wakeup.yield(time)
        case .note(let note):
            lint.noted(note)
            report(.note(note))
        case .configure(let configuration):
            lint.configured()
            analyzer.configuration = configuration
            readSamples(at: configuration.audioFormat?.sampleRate)
            report(.configured(configuration))
        case .decode, .finishMedia, .abandonMedia, .abort: break
        }
    }

    private func enqueue(_ body: ServerMessage.Body) {
        let texts = environment.texts(of: body, for: machine.request, correlationID: correlationID)
        for text in texts { outbox.append(.text(text)) }
        statistics.messageCount += texts.count
        lint.said(body)
        if case .error(let error) = body { report(.problem(error)) }
    }

    // MARK: The client's messages

    private func readMessages() async {
        for await message in channel.messages {
            switch message {
            case .text(let text): await receive(text)
            case .binary(let bytes): await receive(bytes)
            }
            await outbox.waitForRoom()
            if faults.isDeaf { return }
        }
    }

    private func receive(_ text: String) async {
        guard text.utf8.count <= Self.longestText else {
            let complaint = "The text message has more than \(Self.longestText) bytes."
            return await perform(machine.receiveUnreadableText(complaint: complaint, at: now))
        }
        do throws(EnvelopeError) {
            switch try ClientMessageDecoder().decode(text) {
            case .configuration(let configuration):
                await perform(machine.receive(configuration, at: now))
            case .close:
                lint.askedToClose()
                await commit(.finish)
                await perform(machine.receiveCloseRequest(at: now))
            }
        } catch {
            await perform(machine.receiveUnreadableText(complaint: error.message, at: now))
        }
    }

    private func receive(_ bytes: [UInt8]) async {
        mediaMessageCount += 1
        if !faults.dropsMedia { await take(bytes) }
        await commit(.message(mediaMessageCount))
    }

    private func take(_ bytes: [UInt8]) async {
        if let error = account.spend(byteCount: bytes.count) {
            return await perform(machine.refuse(error, closeCode: 4029, at: now))
        }
        let actions = machine.receiveMedia(
            byteCount: bytes.count, beginsContainer: ContainerStart.isPresent(in: bytes), at: now)
        let segment = actions.compactMap { if case .decode(let segment) = $0 { segment } else { nil } }.first
        let container = machine.containerStart
        isTakingMedia = segment != nil
        await record(bytes)
        await perform(actions)
        guard let segment else { return }
        await analyse(bytes, segment: segment, container: container)
        isTakingMedia = false
        if isFinishing { await finishMedia() }
    }

    private func record(_ bytes: [UInt8]) async {
        do {
            try await recording?.append(bytes)
        } catch {
            report(.recordingFailed("\(error)"))
        }
    }

    // MARK: Sending and time

    private func writeMessages() async {
        while let item = await outbox.next() {
            if faults.sendDelay > .zero, await !sleep(until: now + faults.sendDelay) { return }
            do throws(ConnectionError) {
                switch item {
                case .text(let text): if !faults.isSilent { try await channel.send(text: text) }
                case .binary(let bytes): if !faults.isSilent { try await channel.send(binary: bytes) }
                case .close(let code, let reason):
                    await channel.close(code: code, reason: reason)
                    outbox.finish()
                    return
                }
            } catch {
                // The connection is over, and tells so by itself.
                outbox.finish()
                return
            }
        }
    }

    /// Gives the credential's place back.
    private func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        account.closeSession()
    }

    private func connectionEnded() async {
        leave()
        outbox.finish()
        wakeup.finish()
        await perform(machine.connectionEnded(at: now))
    }

    /// Waits until the client was silent for too long or the session lasted too long. Deadlines only move back.
    private func watchIdleness() async {
        while let deadline = machine.deadline {
            guard await sleep(until: deadline) else { return }
            await perform(machine.timePassed(to: now))
        }
    }

    /// Waits for the deadlines of the end, each on its own: that of the closing handshake may come before that of the
    /// drain. One that no longer counts changes nothing.
    private func watchDeadlines() async {
        await withDiscardingTaskGroup { group in
            for await deadline in wakeups {
                group.addTask { await self.wake(at: deadline) }
            }
        }
    }

    private func wake(at deadline: MediaTime) async {
        guard await sleep(until: deadline) else { return }
        await perform(machine.timePassed(to: now))
    }

    /// False when the session is over.
    func sleep(until deadline: MediaTime) async -> Bool {
        do {
            try await environment.clock.sleep(until: deadline)
            return true
        } catch {
            return false
        }
    }
}

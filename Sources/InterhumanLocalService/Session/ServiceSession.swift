import InterhumanCore
import InterhumanEncode
import InterhumanTransport
import InterhumanWire

/// One session on an open WebSocket: runs the machine, the decoder and the analysis until the connection is over.
///
/// Five child tasks share it, none outlives ``run()``: the reader takes messages and feeds the decoder (and waits
/// while that is behind), the analysis takes decoded media, the writer sends, and two wait for deadlines. What the
/// machine decides goes into the outbox in the same turn of the actor, so messages leave in the order of decisions.
actor ServiceSession {
    /// Longest text message that is looked at, in bytes; configurations have a few hundred.
    private static let longestText = 65_536
    /// Seconds of media from one report of what was decoded to the next.
    private static let reportInterval = 3.0

    private let correlationID: String
    private let account: CredentialAccount
    private let channel: WebSocketChannel
    private let environment: SessionEnvironment
    let outbox = SessionOutbox()
    private let recording: SessionRecording?
    private let wakeups: AsyncStream<MediaTime>
    private let wakeup: AsyncStream<MediaTime>.Continuation

    var machine: ServiceSessionMachine
    var analyzer: MediaAnalyzer
    var faults: SessionFaults
    private var decoder: MediaStreamDecoder
    private var rawAudio: RawAudioReader?
    private var isFinishing = false
    private var statistics = SessionStatistics()
    private var reportedSeconds = 0.0
    private var spentSeconds = 0.0
    private var mediaMessageCount = 0

    init(
        request: SessionRequest, account: CredentialAccount, faults: SessionFaults, correlationID: String,
        channel: WebSocketChannel, environment: SessionEnvironment
    ) {
        self.account = account
        self.faults = faults
        analyzer = MediaAnalyzer(dialect: request.dialect)
        self.correlationID = correlationID
        self.channel = channel
        self.environment = environment
        var limits = environment.limits
        if let seconds = account.caps.sessionSeconds {
            limits.maximumDuration = min(limits.maximumDuration, .seconds(seconds))
        }
        machine = ServiceSessionMachine(request: request, limits: limits)
        decoder = MediaStreamDecoder(limits: environment.decoderLimits)
        recording = environment.recordingDirectory.map {
            SessionRecording(directory: $0, correlationID: correlationID)
        }
        (wakeups, wakeup) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(8))
    }

    /// Runs the session; returns when the connection is over and everything is freed.
    func run() async {
        if let count = faults.resetByteCount { await channel.reset(afterReceiving: count) }
        await perform(opening())
        if !machine.isClosed { await commit(.open) }
        await withTaskGroup { group in
            group.addTask { await self.writeMessages() }
            group.addTask { await self.analyseMedia() }
            group.addTask { await self.watchIdleness() }
            group.addTask { await self.watchDeadlines() }
            group.addTask { await self.watchConnection() }
            await readMessages()
            await connectionEnded()
            group.cancelAll()
        }
        let ending = await channel.ending()
        statistics.mediaSeconds = analyzer.mediaEnd
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
            case .finishMedia:
                isFinishing = true
                await decoder.finish()
            case .abandonMedia: await decoder.cancel()
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
        case .close(let code, let reason): outbox.append(.close(code: code, reason: reason))
        case .wake(let time): wakeup.yield(time)
        case .note(let note): report(.note(note))
        case .configure(let configuration):
            analyzer.configuration = configuration
            if let format = configuration.audioFormat, rawAudio == nil {
                rawAudio = RawAudioReader(sampleRate: format.sampleRate)
                analyzer.beginStream(hasVideo: false, hasAudio: true)
            }
            report(.configured(configuration))
        case .decode, .finishMedia, .abandonMedia, .abort: break
        }
    }

    private func enqueue(_ body: ServerMessage.Body) {
        let texts = environment.texts(of: body, for: machine.request, correlationID: correlationID)
        for text in texts { outbox.append(.text(text)) }
        statistics.messageCount += texts.count
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
            if faults.isDeaf { break }
        }
        // Who reads no more has to be told otherwise that the connection is over.
        if faults.isDeaf { _ = await channel.ending() }
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
                await commit(.finish)
                await perform(machine.receiveCloseRequest(at: now))
            }
        } catch {
            await perform(machine.receiveUnreadableText(complaint: error.message, at: now))
        }
    }

    private func receive(_ bytes: [UInt8]) async {
        await throttle(byteCount: bytes.count)
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
        await record(bytes)
        await perform(actions)
        guard let segment else { return }
        statistics.segmentCount += 1
        statistics.byteCount += bytes.count
        report(.segmentAccepted(index: segment, byteCount: bytes.count))
        if rawAudio != nil {
            await analyse(rawSamples: bytes)
        } else {
            await decode(bytes, segment: segment)
        }
    }

    private func record(_ bytes: [UInt8]) async {
        do {
            try await recording?.append(bytes)
        } catch {
            report(.recordingFailed("\(error)"))
        }
    }

    // MARK: Decoding and analysis

    private func decode(_ bytes: [UInt8], segment: Int) async {
        do throws(EncodeError) {
            try await decoder.append(bytes)
        } catch {
            guard error.code != .cancelled else { return }
            // The decoder had failed before it got these bytes; its own report may name an earlier segment.
            await perform(
                machine.mediaFailed(.malformedSegment, message: error.message, segment: segment, at: now))
        }
    }

    private func analyse(rawSamples bytes: [UInt8]) async {
        for chunk in rawAudio?.read(bytes) ?? [] { await take(.audio(chunk)) }
    }

    /// Takes what decoders give until no more media come. One that fails is replaced: the client may begin anew.
    private func analyseMedia() async {
        while true {
            do throws(EncodeError) {
                for try await media in decoder.output { await take(media) }
                await perform(machine.mediaFinished(finishAnalysis(), at: now))
                return
            } catch {
                guard error.code != .cancelled else { return }
                await replaceDecoder(after: error)
            }
        }
    }

    private func finishAnalysis() -> [ServerMessage.Body] {
        let findings = analyzer.finish()
        reportDecoded()
        return findings
    }

    private func replaceDecoder(after error: EncodeError) async {
        decoder = MediaStreamDecoder(limits: environment.decoderLimits)
        if isFinishing { await decoder.finish() }
        let code: ServiceErrorCode = error.code == .malformedMedia ? .malformedSegment : .unreadableSegment
        await perform(machine.mediaFailed(code, message: error.message, at: now))
    }

    private func take(_ media: DecodedMedia) async {
        var actions: [SessionAction] = []
        switch media {
        case .streamStarted(let information):
            analyzer.beginStream(hasVideo: information.video != nil, hasAudio: information.audio != nil)
            report(.streamStarted(information.summary))
            actions = machine.streamStarted(
                hasVideo: information.video != nil, hasAudio: information.audio != nil)
        case .video(let frame, _):
            statistics.videoFrameCount += 1
            actions = machine.found(analyzer.add(frame))
        case .audio(let chunk):
            statistics.audioSampleCount += chunk.frameCount
            actions = machine.found(analyzer.add(chunk))
        case .streamEnded: break
        }
        if let error = spend() { actions += machine.refuse(error, closeCode: 4029, at: now) }
        if analyzer.mediaEnd - reportedSeconds >= Self.reportInterval { reportDecoded() }
        guard !actions.isEmpty else { return }
        await perform(actions)
        await outbox.waitForRoom()
    }

    /// Counts the media that were analysed since the last time.
    private func spend() -> ServiceError? {
        let seconds = analyzer.mediaEnd - spentSeconds
        spentSeconds = analyzer.mediaEnd
        return account.spend(videoSeconds: seconds)
    }

    private func reportDecoded() {
        reportedSeconds = analyzer.mediaEnd
        statistics.mediaSeconds = analyzer.mediaEnd
        report(.decoded(statistics))
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

    private func watchConnection() async {
        _ = await channel.ending()
        await connectionEnded()
    }

    private func connectionEnded() async {
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

    /// Waits for the deadlines of the end: of the drain, then of the closing handshake.
    private func watchDeadlines() async {
        for await deadline in wakeups {
            guard await sleep(until: deadline) else { return }
            await perform(machine.timePassed(to: now))
        }
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

extension StreamInformation {
    /// The stream in a few words, for a log.
    fileprivate var summary: String {
        let video = video.map { ", \($0.codec) \($0.width)x\($0.height)" } ?? ", no video"
        let audio = audio.map { ", \($0.codec) \($0.sampleRate) Hz, channels: \($0.channelCount)" } ?? ", no audio"
        return container + video + audio
    }
}

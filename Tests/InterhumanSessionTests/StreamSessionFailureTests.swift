import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// What goes wrong, and that the cause reaches the user.
@Suite(.timeLimit(.minutes(1)))
struct StreamSessionFailureTests {
    static let unauthorized = ConnectionError(
        .unauthorized, operation: "connect", message: "The service refused the credential.",
        correlationID: "c-401", httpStatus: 401)
    static let ready = ConnectionScript.Action.send(ServerMessage(scripted: .sessionReady(SessionReady())))

    // MARK: Credential

    @Test("a refused credential is replaced once, also by a session that never reconnects", arguments: [false, true])
    func refreshedCredential(neverReconnects: Bool) async throws {
        let fixture = try SessionFixture(
            [.refuse(Self.unauthorized), .accept(.wellBehaved())],
            credentials: RecordingCredentialProvider(.success(.test), .success(.fresh))
        ) { if neverReconnects { $0.reconnect = .never } }
        let account = await Account(reading: try await fixture.session.start())
        #expect(account.error == nil)
        #expect(fixture.credentials.calls == [false, true])
        #expect(fixture.connector.requests.map(\.credential) == [.test, .fresh])
    }

    @Test("a fresh credential that is refused as well ends the matter")
    func refusedTwice() async throws {
        let fixture = try SessionFixture(
            [.refuse(Self.unauthorized), .refuse(Self.unauthorized)],
            credentials: RecordingCredentialProvider(.success(.test), .success(.fresh)))
        let error = try #require(await fixture.errorOfStart())
        #expect(error.code == .credential)
        #expect(error.correlationID == "c-401")
        guard case .connection(let cause) = error.cause else {
            Issue.record("caused by \(String(describing: error.cause))")
            return
        }
        #expect(cause.httpStatus == 401)
        #expect(fixture.connector.requests.count == 2)
    }

    @Test("a provider without a fresh credential explains the refusal")
    func nothingFresh() async throws {
        let fixture = try SessionFixture(
            [.refuse(Self.unauthorized)],
            credentials: RecordingCredentialProvider(
                .success(.test),
                .failure(CredentialError(.refused, operation: "refresh the key", message: "It can't be refreshed."))))
        let error = try #require(await fixture.errorOfStart())
        #expect(error.code == .credential)
        #expect(error.message == "It can't be refreshed.")
        #expect(error.underlying?.contains("The service refused the credential.") == true)
        #expect(error.correlationID == "c-401")
        guard case .credential(let cause) = error.cause else {
            Issue.record("caused by \(String(describing: error.cause))")
            return
        }
        #expect(cause.code == .refused)
    }

    @Test("without a credential nothing is connected")
    func noCredential() async throws {
        let fixture = try SessionFixture([], credentials: RecordingCredentialProvider())
        let error = try #require(await fixture.errorOfStart())
        #expect(error.code == .credential)
        #expect(fixture.connector.requests.isEmpty)
    }

    // MARK: Connection

    @Test("an unreachable service")
    func unreachable() async throws {
        let fixture = try SessionFixture([
            .refuse(ConnectionError(.unreachable, operation: "connect", message: "Nobody answers."))
        ])
        let error = try #require(await fixture.errorOfStart())
        #expect(error.code == .connection)
        guard case .connection(let cause) = error.cause else {
            Issue.record("caused by \(String(describing: error.cause))")
            return
        }
        #expect(cause.code == .unreachable)
        #expect(fixture.credentials.calls == [false])
    }

    @Test(
        "an error envelope before the close is the cause",
        arguments: [
            ("ih2003", UInt16(4003), SessionError.Code.credential), ("ih4005", 1008, .connection),
            ("ih1003", 1013, .connection), ("ih3003", 4029, .connection),
        ])
    func refusedAfterAccept(code: String, closeCode: UInt16, expected: SessionError.Code) async throws {
        let refusal = ServiceError(code: ServiceErrorCode(rawValue: code), message: "No.")
        let fixture = try SessionFixture(
            ConnectionScript(correlationID: "c-9")
                .on(
                    .open, .send(ServerMessage(scripted: .error(refusal))),
                    .end(ConnectionEnding(closeCode: closeCode, initiator: .remote))))
        let error = try #require(await fixture.errorOfStart())
        #expect(error.code == expected)
        #expect(error.correlationID == "c-9")
        guard case .connection(let cause) = error.cause else {
            Issue.record("caused by \(String(describing: error.cause))")
            return
        }
        #expect(cause.code == .endedByService)
        #expect(cause.serviceError == refusal)
        #expect(cause.closeCode == closeCode)
        let connection = try #require(await fixture.connector.connection())
        #expect(connection.isClosedByClient)
    }

    @Test("an error instead of session.ready, with no close: the grace ends it")
    func errorWithoutClose() async throws {
        let refusal = ServiceError(code: .tooBusy, message: "Later.")
        let fixture = try SessionFixture(
            ConnectionScript().on(.open, .send(ServerMessage(scripted: .error(refusal)))))
        let session = fixture.session
        let start = Task { await fixture.errorOfStart() }
        await fixture.clock.waitForSleepers()
        let connection = try #require(await fixture.connector.connection())
        await connection.waitUntilRead()
        fixture.clock.advance(by: .seconds(2))
        let error = try #require(await start.value)
        guard case .connection(let cause) = error.cause else {
            Issue.record("caused by \(String(describing: error.cause))")
            return
        }
        #expect(cause.serviceError == refusal)
        #expect(!connection.sent.contains(.configuration(SessionConfiguration())))
        await session.cancel()
    }

    @Test("a close without a word before session.ready")
    func closedAtOnce() async throws {
        let fixture = try SessionFixture(
            ConnectionScript().on(.open, .end(ConnectionEnding(closeCode: 1011, initiator: .remote))))
        let error = try #require(await fixture.errorOfStart())
        guard case .connection(let cause) = error.cause else {
            Issue.record("caused by \(String(describing: error.cause))")
            return
        }
        #expect(cause.code == .connectionLost)
        #expect(cause.closeCode == 1011)
    }

    @Test("a close in the middle of the stream: the error envelope is thrown after everything was told")
    func closedMidStream() async throws {
        let cause = ServiceError(code: .maximumDuration, message: "The session is too long.")
        let fixture = try SessionFixture(
            ConnectionScript().on(.open, Self.ready)
                .on(
                    .segment(1), .send(ServerMessage(scripted: .error(cause))),
                    .end(ConnectionEnding(closeCode: 1000, initiator: .remote))),
            video: ArrayVideoSource(count: 180, base: SessionFixture.base, ending: .staysOpen),
            audio: ArrayAudioSource(count: 300, base: SessionFixture.base, ending: .staysOpen)
        ) { $0.reconnect = .never }
        let account = await Account(reading: try await fixture.session.start())
        #expect(account.names.contains("serviceError"))
        #expect(account.names.last == "ended")
        guard case .connection(let error) = try #require(account.error).cause else {
            Issue.record("caused by \(String(describing: account.error?.cause))")
            return
        }
        #expect(error.serviceError == cause)
        #expect(fixture.video?.isStopped == true)
        #expect(fixture.audio?.isStopped == true)
        #expect(fixture.encoders.encoders.allSatisfy { $0.isCancelled || $0.isFinished })
    }

    @Test("an error that the service got over does not explain a later close")
    func survivedError() async throws {
        let survived = ServiceError(code: .badConfiguration, message: "Unknown field.")
        let fixture = try SessionFixture(
            ConnectionScript().on(.open, Self.ready)
                .on(
                    .configuration, .send(ServerMessage(scripted: .error(survived))),
                    .send(ServerMessage(scripted: .feedbackGenerated(Feedback(text: "Still here."))))
                )
                .on(.segment(1), .end(ConnectionEnding(closeCode: 1006))),
            video: ArrayVideoSource(count: 180, base: SessionFixture.base, ending: .staysOpen), audio: nil
        ) { $0.reconnect = .never }
        let account = await Account(reading: try await fixture.session.start())
        guard case .connection(let error) = try #require(account.error).cause else {
            Issue.record("caused by \(String(describing: account.error?.cause))")
            return
        }
        #expect(error.code == .connectionLost)
        #expect(error.serviceError == nil)
    }

    @Test("after a failed send the service's own word is waited for")
    func failedSend() async throws {
        let broken = ConnectionError(.connectionLost, operation: "send", message: "Broken pipe.")
        let fixture = try SessionFixture(
            ConnectionScript().on(.open, Self.ready).on(.segment(1), .failSends(broken))
        ) { $0.reconnect = .never }
        let events = try await fixture.session.start()
        let connection = try #require(await fixture.connector.connection())
        await fixture.clock.waitForSleeper(until: SessionFixture.base + .seconds(2))
        let cause = ServiceError(code: .messageTooLarge, message: "33 MB.")
        connection.deliver(ServerMessage(scripted: .error(cause)))
        connection.end(ConnectionEnding(closeCode: 1006))
        let account = await Account(reading: events)
        guard case .connection(let error) = try #require(account.error).cause else {
            Issue.record("caused by \(String(describing: account.error?.cause))")
            return
        }
        #expect(error.serviceError == cause)
    }

    @Test("after a failed send and no word from the service the send's own error is thrown, losses are told")
    func failedSendWithoutWord() async throws {
        let broken = ConnectionError(.connectionLost, operation: "send", message: "Broken pipe.")
        let fixture = try SessionFixture(
            ConnectionScript().on(.open, Self.ready).on(.segment(1), .failSends(broken))
        ) { $0.reconnect = .never }
        let events = try await fixture.session.start()
        await fixture.clock.waitForSleeper(until: SessionFixture.base + .seconds(2))
        fixture.clock.advance(by: .seconds(2))
        let account = await Account(reading: events)
        #expect(account.error?.message == "Broken pipe.")
        #expect(account.gaps.map(\.cause) == [.sessionEnded])
        #expect(account.gaps.first?.segments.first?.number == 1)
    }

    // MARK: Media

    @Test("a source that can't be opened ends the start")
    func captureDoesNotStart() async throws {
        let missing = CaptureError(.notFound, operation: "open /dev/video0", message: "There is no camera.")
        let fixture = try SessionFixture(.wellBehaved(), video: ArrayVideoSource([], startError: missing))
        let error = try #require(await fixture.errorOfStart())
        #expect(error.code == .capture)
        #expect(error.message == "There is no camera.")
        let connection = try #require(await fixture.connector.connection())
        #expect(connection.isClosedByClient)
        #expect(fixture.audio?.isStopped == true)
    }

    @Test("a source that fails: what was captured is sent and drained, then its error is thrown")
    func captureFails() async throws {
        let lost = CaptureError(.deviceLost, operation: "read /dev/video0", message: "The camera was unplugged.")
        let fixture = try SessionFixture(
            .wellBehaved(), video: ArrayVideoSource(count: 100, base: SessionFixture.base, ending: .fails(lost)),
            audio: ArrayAudioSource(count: 200, base: SessionFixture.base, ending: .staysOpen))
        let account = await Account(reading: try await fixture.session.start())
        #expect(account.error?.code == .capture)
        #expect(account.names.contains("warning"))
        #expect(account.names.suffix(4) == ["draining", "sessionEnded", "disconnected", "ended"])
        let connection = try #require(await fixture.connector.connection())
        #expect(connection.segments.map(\.videoFrameCount).reduce(0, +) == 100)
        #expect(connection.sent.contains(.closeRequest))
        #expect(fixture.audio?.isStopped == true)
    }

    @Test("an encoder that fails: what was encoded before is sent, then its error is thrown")
    func encoderFails() async throws {
        let failure = EncodeError(.library, operation: "encode", message: "Out of memory.")
        let fixture = try SessionFixture(
            .wellBehaved(), encoders: PassthroughSegmentEncoderFactory(encodeFailure: (300, failure)))
        let account = await Account(reading: try await fixture.session.start())
        #expect(account.error?.code == .encode)
        let connection = try #require(await fixture.connector.connection())
        #expect(connection.segments.count == 1)
        #expect(fixture.encoders.encoders.allSatisfy { $0.isCancelled })
        #expect(account.names.last == "ended")
    }

    @Test("an encoder that can't be made")
    func noEncoder() async throws {
        let failure = EncodeError(.codecUnavailable, operation: "open libvpx", message: "Install libvpx.")
        let fixture = try SessionFixture(
            .wellBehaved(), encoders: PassthroughSegmentEncoderFactory(makeError: failure))
        let account = await Account(reading: try await fixture.session.start())
        #expect(account.error?.code == .encode)
        #expect(account.error?.message == "Install libvpx.")
    }

    // MARK: Configuration

    @Test("a model on v1, an upload model and no source at all are refused before connecting")
    func invalidConfigurations() async throws {
        let onV1 = try SessionFixture(.wellBehaved()) { $0.session.model = .inter2 }
        #expect(await onV1.errorOfStart()?.code == .invalidConfiguration)
        let upload = try SessionFixture(.wellBehaved()) {
            $0.endpoint.path = "/v2/stream/analyze"
            $0.session.model = .inter2Deep
        }
        #expect(await upload.errorOfStart()?.code == .invalidConfiguration)
        let empty = try SessionFixture(.wellBehaved(), video: nil, audio: nil)
        #expect(await empty.errorOfStart()?.code == .invalidConfiguration)
        for fixture in [onV1, upload, empty] { #expect(fixture.connector.requests.isEmpty) }
    }

    @Test("who subscribed to a session that can't be started is told why")
    func invalidConfigurationEndsSubscriptions() async throws {
        let fixture = try SessionFixture(.wellBehaved()) { $0.session.model = .inter2 }
        var events = fixture.session.subscribe().makeAsyncIterator()
        #expect(await fixture.errorOfStart()?.code == .invalidConfiguration)
        #expect(try await events.next()?.name == "ended")
        let error = await #expect(throws: SessionError.self) { try await events.next() }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test(
        "what the service doesn't offer is warned of, also where the first credential was refused", arguments: [0, 1])
    func unsupportedOptions(refusals: Int) async throws {
        var ready = SessionReady()
        ready.supportedOptions = SupportedSessionOptions(
            include: [.conversationQualityOverall], goalDimensions: nil, model: nil)
        let fixture = try SessionFixture(
            Array(repeating: .refuse(Self.unauthorized), count: refusals) + [.accept(.wellBehaved(ready: ready))],
            credentials: RecordingCredentialProvider(.success(.test), .success(.fresh))
        ) { $0.session.goalDimensions = [.clarity] }
        let account = await Account(reading: try await fixture.session.start())
        let warnings = account.events.compactMap { event -> String? in
            if case .warning(let warning) = event.kind { warning.description } else { nil }
        }
        #expect(
            warnings == [
                "The service doesn't offer conversation_quality_timeline for include; it offers "
                    + "conversation_quality_overall."
            ])
        #expect(account.error == nil)
    }

    @Test("a session without audio warns")
    func missingAudio() async throws {
        let fixture = try SessionFixture(.wellBehaved(), audio: nil)
        let account = await Account(reading: try await fixture.session.start())
        #expect(account.error == nil)
        #expect(account.names.contains("warning"))
        #expect(fixture.encoders.encoders.first?.audio == nil)
        let connection = try #require(await fixture.connector.connection())
        #expect(connection.segments.map(\.videoFrameCount).reduce(0, +) == 180)
    }
}

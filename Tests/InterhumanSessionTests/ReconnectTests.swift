import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// Lost connections: the session goes on, nothing is lost in silence, and each connection starts as it must.
@Suite(.timeLimit(.minutes(1)))
struct ReconnectTests {
    static let ready = ServerMessage(scripted: .sessionReady(SessionReady()))
    static let lost = ConnectionEnding(closeCode: 1006)
    static let unreachable = ConnectionError(.unreachable, operation: "connect", message: "Nobody answers.")

    /// A service that breaks at a trigger.
    private func breaking(
        at trigger: ConnectionScript.Trigger, with ending: ConnectionEnding = lost, saying error: ServiceError? = nil
    ) -> ConnectionScript {
        let script = ConnectionScript.wellBehaved()
        guard let error else { return script.on(trigger, .end(ending)) }
        return script.on(trigger, .send(ServerMessage(scripted: .error(error))), .end(ending))
    }

    /// 12 s of media in segments of half a second.
    private func fixture(
        _ attempts: [ScriptedConnector.Attempt],
        credentials: RecordingCredentialProvider = RecordingCredentialProvider(repeating: .test),
        configure: (inout StreamSession.Configuration) -> Void = { _ in }
    ) throws -> SessionFixture {
        try SessionFixture(
            attempts, credentials: credentials, video: ArrayVideoSource(count: 360, base: SessionFixture.base),
            audio: ArrayAudioSource(count: 600, base: SessionFixture.base),
            encoders: PassthroughSegmentEncoderFactory(segmentDuration: .milliseconds(500)),
            executor: ManualExecutor()
        ) {
            $0.reconnect.jitterSeed = 1
            configure(&$0)
        }
    }

    @Test("a lost connection is replaced: configuration, header and every segment in order, each once")
    func replaced() async throws {
        let fixture = try fixture([.accept(breaking(at: .segment(5))), .accept(.wellBehaved())])
        let account = try await fixture.runToEnd()
        #expect(account.error == nil)
        let connections = fixture.connector.connections
        #expect(connections.count == 2)
        for connection in connections {
            #expect(connection.sent.first == .configuration(SessionConfiguration()))
            #expect(connection.binaryMessages.first?.starts(with: PassthroughSegmentEncoderFactory.header) == true)
            #expect(
                connection.binaryMessages.dropFirst().allSatisfy {
                    !$0.starts(with: PassthroughSegmentEncoderFactory.header)
                })
            #expect(connection.isClosedByClient)
        }
        #expect(connections.flatMap { $0.segments.map(\.index) } == Array(0..<24))
        #expect(account.gaps.isEmpty)
        #expect(account.sent.map(\.number) == Array(0..<24))
        #expect(account.sent.map(\.connection) == Array(repeating: 1, count: 5) + Array(repeating: 2, count: 19))
        let turns = account.names.filter { ["disconnected", "reconnecting", "reconnected"].contains($0) }
        #expect(turns == ["disconnected", "reconnecting", "reconnected", "disconnected"])
        #expect(account.summary?.connections == 2)
        #expect(account.summary?.reconnections == 1)
        #expect(account.summary?.timeSent == .seconds(12))
    }

    @Test("a segment that was being sent is sent again whole on the next connection")
    func inFlight() async throws {
        let fixture = try fixture([
            .accept(ConnectionScript.wellBehaved().on(.segment(3), .holdSends)), .accept(.wellBehaved()),
        ])
        let connector = fixture.connector
        let account = try await fixture.runToEnd {
            let first = await connector.connection(1)
            await first?.waitUntilSendIsHeld()
            first?.end(Self.lost)
        }
        #expect(connector.connections.first?.segments.map(\.index) == [0, 1, 2])
        #expect(fixture.connector.connections.last?.segments.map(\.index) == Array(3..<24))
        #expect(account.gaps.isEmpty)
        #expect(account.sent.count == 24)
    }

    @Test("results of the second connection have their place on the one timeline")
    func timeline() async throws {
        let update = ServerMessage(scripted: .engagementUpdated(EngagementUpdate(state: .engaged, start: 1)))
        let fixture = try fixture([
            .accept(breaking(at: .segment(5))), .accept(ConnectionScript.wellBehaved().on(.segment(1), .send(update))),
        ])
        let account = try await fixture.runToEnd()
        let found = account.events.compactMap { event -> (SessionInstant?, Int?)? in
            if case .engagement(let update) = event.kind { (update.start, event.connection) } else { nil }
        }
        // The second connection began with segment 5, 2.5 s into the session.
        #expect(found.first?.0?.serverSeconds == 1)
        #expect(found.first?.0?.sessionSeconds == 3.5)
        #expect(found.first?.1 == 2)
    }

    @Test("attempts that fail are repeated after growing pauses, and the credential is asked for anew for each")
    func backoff() async throws {
        let credentials = RecordingCredentialProvider(
            .success(.test), .success(.test), .success(.test), .success(.fresh))
        let fixture = try fixture(
            [
                .accept(breaking(at: .segment(5))), .refuse(Self.unreachable), .refuse(Self.unreachable),
                .accept(.wellBehaved()),
            ], credentials: credentials)
        let account = try await fixture.runToEnd()
        #expect(account.error == nil)
        #expect(credentials.calls == [false, false, false, false])
        #expect(fixture.connector.requests.last?.credential == .fresh)
        let attempts = account.events.compactMap { event -> Reconnecting? in
            if case .reconnecting(let next) = event.kind { next } else { nil }
        }
        #expect(attempts.map(\.attempt) == [1, 2, 3])
        for (number, attempt) in attempts.enumerated() { #expect(attempt.delay <= .seconds(1 << number)) }
        let outage = account.events.compactMap { event -> Reconnected? in
            if case .reconnected(let reconnected) = event.kind { reconnected } else { nil }
        }
        #expect(outage.first?.attempts == 3)
        #expect(outage.first?.outage == attempts.map(\.delay).reduce(.zero, +))
    }

    @Test("a credential that expires in mid-session is refreshed at once, as often as it expires")
    func expiry() async throws {
        let expired = ServiceError(code: .tokenExpired, message: "Expired.")
        let fixture = try fixture([
            .accept(breaking(at: .segment(5), with: ConnectionEnding(closeCode: 1008), saying: expired)),
            .accept(breaking(at: .segment(5), with: ConnectionEnding(closeCode: 1008), saying: expired)),
            .accept(.wellBehaved()),
        ])
        let account = try await fixture.runToEnd()
        #expect(account.error == nil)
        #expect(fixture.credentials.calls == [false, true, true])
        #expect(account.sent.count == 24)
    }

    @Test("a fresh credential that is refused as well ends the session, and what was not sent is told")
    func refusedTwice() async throws {
        let refused = ConnectionError(.unauthorized, operation: "connect", message: "No.", httpStatus: 401)
        let fixture = try fixture([
            .accept(breaking(at: .segment(5))), .refuse(refused), .refuse(refused),
        ])
        let account = try await fixture.runToEnd()
        #expect(account.error?.code == .credential)
        #expect(fixture.credentials.calls == [false, false, true])
        #expect(account.gaps.last?.cause == .sessionEnded)
        #expect(account.sent.count == 5)
        #expect(account.imbalance == nil)
    }

    @Test("a fresh credential that met another fate was not refused: the next refusal asks again")
    func refusedLoseRefused() async throws {
        let refused = ConnectionError(.unauthorized, operation: "connect", message: "No.", httpStatus: 401)
        let fixture = try fixture([
            .accept(breaking(at: .segment(5))), .refuse(refused), .refuse(Self.unreachable), .refuse(refused),
            .accept(.wellBehaved()),
        ])
        let account = try await fixture.runToEnd()
        #expect(account.error == nil)
        #expect(fixture.credentials.calls == [false, false, true, false, true])
        #expect(account.imbalance == nil)
    }

    @Test("what can't heal ends the session at once", arguments: ["ih3003", "ih2001", "ih4005"])
    func terminal(code: String) async throws {
        let cause = ServiceError(code: ServiceErrorCode(rawValue: code), message: "No.")
        let fixture = try fixture([
            .accept(breaking(at: .segment(2), with: ConnectionEnding(closeCode: 4029), saying: cause))
        ])
        let account = try await fixture.runToEnd()
        guard case .connection(let error) = account.error?.cause else {
            Issue.record("got \(String(describing: account.error))")
            return
        }
        #expect(error.serviceError == cause)
        #expect(fixture.connector.requests.count == 1)
    }

    @Test("the service's own limits lead to a new connection at once", arguments: ["ih6003", "ih6004"])
    func limits(code: String) async throws {
        let cause = ServiceError(code: ServiceErrorCode(rawValue: code), message: "Over.")
        let fixture = try fixture([
            .accept(breaking(at: .segment(2), with: ConnectionEnding(closeCode: 1000), saying: cause)),
            .accept(.wellBehaved()),
        ])
        let began = fixture.clock.now
        let account = try await fixture.runToEnd()
        #expect(account.error == nil)
        #expect(account.sent.count == 24)
        #expect(fixture.clock.now == began)
    }

    @Test("unreadable media: the next message of the same connection begins the container anew")
    func restart() async throws {
        let fixture = try fixture([
            .accept(
                ConnectionScript.wellBehaved()
                    .on(
                        .segment(3),
                        .send(
                            ServerMessage(scripted: .error(ServiceError(code: .malformedSegment, message: "What?")))),
                        .holdSends))
        ])
        let connector = fixture.connector
        let account = try await fixture.runToEnd {
            let connection = await connector.connection()
            await connection?.waitUntilSendIsHeld()
            await connection?.waitUntilRead()
            connection?.releaseSends()
        }
        #expect(account.error == nil)
        let connection = try #require(connector.connections.first)
        let headers = connection.binaryMessages.map { $0.starts(with: PassthroughSegmentEncoderFactory.header) }
        #expect(headers.prefix(6) == [true, false, false, true, false, false])
    }

    @Test("a message that ends every connection is given up, told, and the rest goes on")
    func poison() async throws {
        let fixture = try fixture(
            (0..<3).map { _ in .accept(ConnectionScript.wellBehaved().on(.open, .end(Self.lost))) }
                + [.accept(.wellBehaved())]
        ) { $0.reconnect.appliesToStart = true }
        // Connections that end before they take media are no segment's fault.
        let account = try await fixture.runToEnd()
        #expect(account.error == nil)
        #expect(account.gaps.isEmpty)

        let hostile = ConnectionScript.wellBehaved().on(.configuration, .holdSends)
        let second = try self.fixture(
            (0..<2).map { _ in .accept(hostile) } + [.accept(.wellBehaved())]
        ) { $0.reconnect.maximumSendAttempts = 2 }
        let connector = second.connector
        let told = try await second.runToEnd {
            for number in 1...2 {
                guard let connection = await connector.connection(number) else { return }
                await connection.waitUntilSendIsHeld()
                connection.end(Self.lost)
            }
        }
        #expect(told.gaps.map(\.cause) == [.sendingFailedRepeatedly(attempts: 2)])
        #expect(told.gaps.first?.segments.map(\.number) == [0])
        #expect(told.sent.map(\.number) == Array(1..<24))
    }

    @Test("the outage's budget: the session gives up, says so, and tells what was lost")
    func givesUp() async throws {
        let fixture = try fixture([.accept(breaking(at: .segment(5)))]) {
            $0.reconnect.outageBudget = .seconds(100)
            $0.timing.flushLimit = .seconds(1_000)
            $0.timing.maximumFlush = .seconds(1_000)
        }
        let account = try await fixture.runToEnd()
        #expect(account.error?.code == .connection)
        #expect(account.error?.message.contains("gave up") == true)
        #expect(account.sent.count == 5)
        #expect(account.imbalance == nil)
    }

    @Test("the first connection is tried again only where asked for")
    func startRetries() async throws {
        let fixture = try fixture([.refuse(Self.unreachable), .refuse(Self.unreachable), .accept(.wellBehaved())]) {
            $0.reconnect.appliesToStart = true
        }
        let account = try await fixture.runToEnd()
        #expect(account.error == nil)
        #expect(fixture.connector.requests.count == 3)
    }

    @Test("finish() during an outage: bounded, and what can't be sent is told")
    func finishOffline() async throws {
        let fixture = try SessionFixture(
            [.accept(breaking(at: .segment(2)))], credentials: RecordingCredentialProvider(repeating: .test),
            video: ArrayVideoSource(count: 180, base: SessionFixture.base, ending: .staysOpen),
            audio: ArrayAudioSource(count: 300, base: SessionFixture.base, ending: .staysOpen),
            encoders: PassthroughSegmentEncoderFactory(segmentDuration: .milliseconds(500)),
            executor: ManualExecutor())
        let began = fixture.clock.now
        let account = try await fixture.runToEnd { [session = fixture.session, connector = fixture.connector] in
            await connector.connection()?.waitUntil { $0.contains(.close) }
            await session.finish()
        }
        #expect(fixture.clock.now == began + .seconds(30))
        #expect(account.error != nil)
        #expect(account.names.last == "ended")
        #expect(account.sent.count == 2)
        #expect(account.imbalance == nil)
    }

    @Test("a network that takes nothing counts as lost, and the next connection gets the segment")
    func stalled() async throws {
        let fixture = try fixture([
            .accept(ConnectionScript.wellBehaved().on(.segment(3), .holdSends)), .accept(.wellBehaved()),
        ]) { $0.timing.stallLimit = .seconds(10) }
        let account = try await fixture.runToEnd()
        #expect(account.error == nil)
        #expect(account.sent.count == 24)
        #expect(
            account.events.contains { event in
                guard case .disconnected(let end) = event.kind, case .connection(let error) = end.cause?.cause else {
                    return false
                }
                return error.code == .timedOut
            })
    }
}

import InterhumanCore
import InterhumanLocalService
import Testing

@Suite("The entrance of the local service", .timeLimit(.minutes(1)))
struct LocalServiceEntranceTests {
    private static let placements: [CredentialPlacement] = [.authorizationHeader, .subprotocolPair, .subprotocol]

    /// What connecting failed with.
    private func failure(_ connect: () async throws -> ServiceClient) async throws -> ConnectionError {
        let error = await #expect(throws: ConnectionError.self) { _ = try await connect() }
        return try #require(error)
    }

    @Test("The right key opens, wherever it is put", arguments: placements)
    func rightKey(placement: CredentialPlacement) async throws {
        let log = EventLog()
        let service = try await LocalService.start(
            LocalServiceConfiguration(apiKey: Credential("right-key-1"), observer: log.observer))
        let client = try await ServiceClient(service, key: "right-key-1", placement: placement)
        #expect(await client.next()?.type == "session.ready")
        await client.connection.close()
        _ = await log.sessionEnded()
        #expect(!log.all.map { "\($0) \($0.kind)" }.joined().contains("right-key-1"))
        await service.shutdown()
    }

    @Test("A wrong key gets 401 and ih2001, wherever it is put", arguments: placements)
    func wrongKey(placement: CredentialPlacement) async throws {
        let service = try await LocalService.start(
            LocalServiceConfiguration(apiKey: Credential("right-key-1")))
        let error = try await failure {
            try await ServiceClient(service, key: "wrong-key-2", placement: placement)
        }
        #expect(error.code == .unauthorized)
        #expect(error.httpStatus == 401)
        #expect(error.serviceError?.code == .invalidKey)
        #expect(error.correlationID?.isEmpty == false)
        #expect(!"\(error)".contains("wrong-key-2"))
        await service.shutdown()
    }

    @Test("Where no key is set any will do, but one there must be")
    func anyKey() async throws {
        let service = try await LocalService.start()
        let client = try await ServiceClient(service, key: "whatever")
        #expect(await client.next()?.type == "session.ready")
        await client.connection.close()
        await service.shutdown()
    }

    @Test("An unknown path gets 404 and JSON")
    func unknownPath() async throws {
        let service = try await LocalService.start()
        let error = try await failure { try await ServiceClient(service, path: "/v3/stream/analyze") }
        #expect(error.code == .refused)
        #expect(error.httpStatus == 404)
        #expect(error.serviceError?.message.contains("/v1/stream/analyze") == true)
        await service.shutdown()
    }

    @Test("A connection too many gets 503, JSON and a time to come again")
    func tooManyConnections() async throws {
        let service = try await LocalService.start(LocalServiceConfiguration(maximumConnections: 1))
        let first = try await ServiceClient(service)
        let error = try await failure { try await ServiceClient(service) }
        #expect(error.httpStatus == 503)
        #expect(error.serviceError?.code == .tooBusy)
        #expect(error.retryAfter != nil)
        #expect(error.correlationID?.isEmpty == false)
        await first.connection.close()
        await service.shutdown()
    }

    @Test("A wrong model is refused with ih4005 and 1008")
    func badModel() async throws {
        let service = try await LocalService.start()
        let client = try await ServiceClient(service, version: .v2, model: .inter2Deep)
        let (messages, ending) = await client.rest()
        #expect(messages.types == ["error"])
        #expect(messages.errors.map(\.code) == [.badModel])
        #expect(ending?.closeCode == 1008)
        await service.shutdown()
    }
}

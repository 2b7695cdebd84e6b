import InterhumanCore
import InterhumanLocalService
import InterhumanTesting
import Testing

@Suite("A service that goes wrong on request", .timeLimit(.minutes(2)))
struct FaultyServiceTests {
    private func service(_ faults: String..., clock: any MediaClock = SystemClock()) async throws -> LocalService {
        let plan = FaultPlan(try faults.map { try #require(ServiceFault($0), "\($0)") })
        return try await LocalService.start(LocalServiceConfiguration(faults: plan), clock: clock)
    }

    private func failure(of service: LocalService) async throws -> ConnectionError {
        try #require(await #expect(throws: ConnectionError.self) { _ = try await ServiceClient(service) })
    }

    @Test(
        "refuses with an HTTP status, the code and a correlation id",
        arguments: [
            ("ih1001", 500), ("ih1002", 503), ("ih2001", 401), ("ih2010", 401), ("ih2014", 401), ("ih3002", 429),
        ])
    func refusedByStatus(code: String, status: Int) async throws {
        let service = try await service("1x refuse=\(code)")
        let error = try await failure(of: service)
        #expect(error.httpStatus == status)
        #expect(error.serviceError?.code.rawValue == code)
        #expect(error.correlationID?.isEmpty == false)
        // The count is used up.
        let client = try await ServiceClient(service)
        #expect(await client.next()?.type == "session.ready")
        await client.connection.close()
        await service.shutdown()
    }

    @Test(
        "refuses after the handshake with an error and the code's own close code",
        arguments: [
            ("ih1003", 1013), ("ih2003", 4003), ("ih3003", 4029), ("ih3006", 4029), ("ih4005", 1008),
            ("ih5002", 1008), ("ih9999", 1008),
        ])
    func refusedByCloseCode(code: String, closeCode: UInt16) async throws {
        let service = try await service("refuse=\(code)")
        let (messages, ending) = await (try await ServiceClient(service)).rest()
        #expect(messages.types == ["error"])
        #expect(messages.errors.map(\.code.rawValue) == [code])
        #expect(ending?.closeCode == closeCode)
        await service.shutdown()
    }

    @Test("answers the handshake with a bare status")
    func bareStatus() async throws {
        let service = try await service("status=502")
        let error = try await failure(of: service)
        #expect(error.httpStatus == 502)
        #expect(error.serviceError == nil)
        await service.shutdown()
    }

    @Test("closes with a code when so many messages have come")
    func close() async throws {
        let service = try await service("message=2: close=1011")
        let client = try await ServiceClient(service)
        _ = await client.messages(until: "session.ready")
        try await client.connection.send(SessionConfiguration())
        let segments = try await EncodedMedia.lively.value
        try await client.send(Array(segments.prefix(2)))
        let (messages, ending) = await client.rest()
        #expect(ending?.closeCode == 1011)
        #expect(messages.errors.isEmpty)
        #expect(!messages.types.contains("session.ended"))
        await service.shutdown()
    }

    @Test("resets the connection without a word", arguments: ["open: kill", "byte=20000: kill", "message=1: kill"])
    func kill(fault: String) async throws {
        let log = EventLog()
        let plan = FaultPlan([try #require(ServiceFault(fault))])
        let service = try await LocalService.start(
            LocalServiceConfiguration(faults: plan, observer: log.observer))
        let client = try await ServiceClient(service)
        let segments = try await EncodedMedia.lively.value
        // Sending fails sooner or later.
        try? await client.send(segments)
        let (_, ending) = await client.rest()
        #expect(ending?.closeCode == 1006)
        #expect(ending?.error?.code == .connectionLost)
        let received = await log.sessionEnded()?.statistics.byteCount
        if fault.hasPrefix("byte") { #expect(received ?? 0 < 20_000) }
        await service.shutdown()
    }

    @Test("throws media away")
    func drop() async throws {
        let log = EventLog()
        let plan = FaultPlan([try #require(ServiceFault("message=1: drop"))])
        let service = try await LocalService.start(
            LocalServiceConfiguration(faults: plan, observer: log.observer))
        let (messages, _) = try await (try await ServiceClient(service)).run(try await EncodedMedia.lively.value)
        #expect(messages.types.last == "session.ended")
        #expect(await log.sessionEnded()?.statistics.segmentCount == 1)
        await service.shutdown()
    }

    @Test("says what nobody knows, what is no JSON, and binary messages")
    func strangeMessages() async throws {
        let service = try await service(
            #"open: send={"type":"news.flash","data":{"a":1}}"#, "open: send={", "open: send-binary=10",
            "finish: error=ih1001")
        let (messages, ending) = try await (try await ServiceClient(service)).run([])
        #expect(messages.types.contains("news.flash"))
        #expect(messages.errors.map(\.code) == [.internalError])
        #expect(messages.types.last == "session.ended")
        #expect(ending?.closeCode == 1000)
        await service.shutdown()
    }

    @Test("says nothing any more")
    func silence() async throws {
        let service = try await service("open: silence")
        let client = try await ServiceClient(service)
        try await client.connection.send(SessionConfiguration())
        try await client.connection.requestClose()
        let (messages, ending) = await client.rest()
        #expect(messages.types.allSatisfy { $0 == "session.ready" })
        #expect(ending?.closeCode == 1000)
        await service.shutdown()
    }

    @Test("answers late")
    func delay() async throws {
        let clock = ManualClock()
        let service = try await service("open: delay=5", clock: clock)
        let client = try await ServiceClient(service)
        async let first = client.next()
        await clock.waitForSleeper(until: clock.now + .seconds(5))
        clock.advance(by: .seconds(5))
        #expect(await first?.type == "session.ready")
        await client.connection.close()
        await service.shutdown()
    }

    @Test("reads no more")
    func noReading() async throws {
        let log = EventLog()
        let plan = FaultPlan([try #require(ServiceFault("message=1: stop-reading"))])
        let service = try await LocalService.start(LocalServiceConfiguration(faults: plan, observer: log.observer))
        let client = try await ServiceClient(service)
        for _ in 0..<3 { try await client.send(bytes: [UInt8](repeating: 0x42, count: 1000)) }
        await client.connection.close()
        let accepted = await log.sessionEnded()?.statistics.segmentCount
        #expect(accepted == 1)
        await service.shutdown()
    }

    @Test("reads slowly, and loses nothing")
    func slowReading() async throws {
        let segments = try await EncodedMedia.lively.value
        let size = segments.map(\.body.count).reduce(0, +)
        let service = try await service("message=1: throttle=\(size / 2)")
        let (messages, ending) = try await (try await ServiceClient(service)).run(segments)
        #expect(messages.types.last == "session.ended")
        #expect(ending?.closeCode == 1000)
        await service.shutdown()
        #expect(service.reports.last?.messageCount == segments.count)
    }

    @Test("leaves windows out as if it could not keep up")
    func shed() async throws {
        let service = try await service("shed=5-7")
        let (messages, _) = try await (try await ServiceClient(service)).run(try await EncodedMedia.lively.value)
        let ranges = messages.bodies.flatMap { body -> [CoverageRange] in
            if case .coverageDropped(let coverage) = body { coverage.ranges } else { [] }
        }
        #expect(ranges == [CoverageRange(start: 3, end: 6)])
        await service.shutdown()
    }
}

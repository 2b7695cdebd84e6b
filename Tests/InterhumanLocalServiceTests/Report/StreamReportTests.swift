import FoundationEssentials
import InterhumanCore
import InterhumanLocalService
import Testing

@Suite("The report on a stream", .timeLimit(.minutes(2)))
struct StreamReportTests {
    private func report(
        limits: ServiceLimits = ServiceLimits(), _ body: (ServiceClient) async throws -> Void
    ) async throws -> StreamReport {
        let service = try await LocalService.start(LocalServiceConfiguration(limits: limits))
        let client = try await ServiceClient(service)
        async let rest = client.rest()
        try await body(client)
        _ = await rest
        await service.shutdown()
        return try #require(service.reports.last)
    }

    private func codes(_ report: StreamReport) -> Set<StreamFinding.Code> { Set(report.findings.map(\.code)) }

    /// Encoded media come faster than in real time here.
    private func finish(_ client: ServiceClient) async throws {
        try await client.connection.requestClose()
    }

    @Test("has nothing against a client of this package, but for its speed")
    func clean() async throws {
        let report = try await report { client in
            try await client.connection.send(SessionConfiguration())
            try await client.send(try await EncodedMedia.lively.value)
            try await finish(client)
        }
        #expect(codes(report).subtracting([.fasterThanRealTime]).isEmpty, "\(report)")
        #expect(report.closeCode == 1000)
        #expect(report.messageCount == 4)
        #expect((11.9...12.2).contains(report.mediaSeconds))
        let decoded = try JSONDecoder().decode(StreamReport.self, from: Data(report.json.utf8))
        #expect(decoded == report)
    }

    @Test("names media before the configuration, and a missing session.close")
    func order() async throws {
        let report = try await report { client in
            try await client.send(Array(try await EncodedMedia.lively.value.prefix(1)))
            await client.connection.close()
        }
        #expect(codes(report) == [.mediaBeforeConfiguration, .neverConfigured, .noCloseRequest], "\(report)")
        #expect(report.findings.first?.message == 0)
    }

    @Test("names messages cut anywhere")
    func cuts() async throws {
        let report = try await report { client in
            try await client.connection.send(SessionConfiguration())
            try await client.send(try await EncodedMedia.lively.value, cutEvery: 5003)
            try await finish(client)
        }
        let finding = try #require(report.findings.first { $0.code == .cutInsideElement })
        #expect(finding.message == 1)
        #expect(finding.count > 1)
        #expect(codes(report).contains(.messagesTooShort))
    }

    @Test("names a missing sound track, a gap, bad configurations and bytes that are no media")
    func wrongs() async throws {
        let report = try await report { client in
            try await client.connection.send(SessionConfiguration(include: [.unknown("moods")]))
            try await client.connection.send(SessionConfiguration())
            var segments = try await EncodedMedia.lively.value
            segments.remove(at: 1)
            try await client.send(segments)
            try await client.send(try await EncodedMedia.silentFilm.value)
            try await finish(client)
        }
        #expect(codes(report).isSuperset(of: [.badConfiguration, .mediaGap, .audioMissing]), "\(report)")
        #expect(report.findings.first { $0.code == .mediaGap }?.count == 1)
    }

    @Test("names a message that is too large")
    func tooLarge() async throws {
        let report = try await report(limits: ServiceLimits(maximumMessageSize: 1000)) { client in
            try await client.connection.send(SessionConfiguration())
            try await client.send(bytes: [UInt8](repeating: 0, count: 1001))
        }
        #expect(codes(report) == [.messageTooLarge], "\(report)")
    }

    @Test("names bytes that are no media, once")
    func garbage() async throws {
        let report = try await report { client in
            try await client.connection.send(SessionConfiguration())
            try await client.send(bytes: [UInt8](repeating: 0x42, count: 100))
            try await finish(client)
        }
        #expect(codes(report) == [.cutInsideElement, .unreadableMedia], "\(report)")
    }

    @Test("is the same for the same bytes")
    func determinism() async throws {
        var runs: [[StreamFinding]] = []
        for _ in 0..<2 {
            let report = try await report { client in
                try await client.connection.send(SessionConfiguration())
                try await client.send(try await EncodedMedia.lively.value, cutEvery: 9001)
                try await finish(client)
            }
            runs.append(report.findings.filter { $0.code != .fasterThanRealTime })
        }
        #expect(runs[0] == runs[1])
    }
}

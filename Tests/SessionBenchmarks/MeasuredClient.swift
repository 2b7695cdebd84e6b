import Foundation
import InterhumanCore
import InterhumanTransport

/// All sessions in this process, over one connector. Prints resident bytes a session idle and at most, and seconds of
/// processor time a segment.
enum MeasuredClient {
    /// Connections that are being opened at a time.
    private static let openAtOnce = 32

    static func run(_ workload: Workload) async throws {
        let connector = WebSocketConnector(
            WebSocketConnectorConfiguration(
                tls: TLSConfiguration(
                    usesSystemTrust: false, trustedCertificates: [.file(path: workload.authorityPath)]),
                proxy: .none, connectTimeout: .seconds(300)))
        let request = ConnectionRequest(
            endpoint: try ServiceEndpoint(baseURL: workload.url), credential: Credential("benchmark"))
        let messages = try (0..<workload.segments).map { index in
            Array(try Data(contentsOf: URL(filePath: workload.folder).appending(path: "\(index)")))
        }

        let before = try ProcessUsage.residentBytes()
        let connections = try await open(workload.sessions, connector, request)
        let idle = try ProcessUsage.residentBytes() - before
        let start = ProcessUsage.processorSeconds()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in connections { group.addTask { try await stream(messages, over: connection) } }
            try await group.waitForAll()
        }
        let used = ProcessUsage.processorSeconds() - start
        let peak = try ProcessUsage.residentBytes(peak: true) - before
        let count = Double(workload.sessions)
        print(idle / count, peak / count, used / (count * Double(workload.segments)), separator: "\t")
    }

    private static func open(
        _ count: Int, _ connector: WebSocketConnector, _ request: ConnectionRequest
    ) async throws -> [any AnalysisConnection] {
        try await withThrowingTaskGroup(of: (any AnalysisConnection).self) { group in
            var connections: [any AnalysisConnection] = []
            for index in 0..<count {
                if index >= openAtOnce, let connection = try await group.next() { connections.append(connection) }
                group.addTask { try await ready(try await connector.connect(request)) }
            }
            for try await connection in group { connections.append(connection) }
            return connections
        }
    }

    private static func ready(_ connection: any AnalysisConnection) async throws -> any AnalysisConnection {
        for await event in connection.events {
            if case .message(let message) = event, case .sessionReady = message.body { break }
        }
        try await connection.send(SessionConfiguration(include: [.conversationQualityOverall]))
        return connection
    }

    private static func stream(_ messages: [[UInt8]], over connection: any AnalysisConnection) async throws {
        async let ending = ending(of: connection)
        for (index, message) in messages.enumerated() {
            let segment = MediaSegment(
                index: index, header: [], body: message, timeRange: TimeRange(start: .zero, end: .zero), mediaStart: 0,
                mediaEnd: 0, videoFrameCount: 0, audioSampleCount: 0)
            try await connection.send(segment, includingHeader: false)
        }
        try await connection.requestClose()
        if let error = await ending.error { throw error }
        await connection.close()
    }

    private static func ending(of connection: any AnalysisConnection) async -> ConnectionEnding {
        for await event in connection.events {
            if case .ended(let ending) = event { return ending }
        }
        return ConnectionEnding(closeCode: 1006)
    }
}

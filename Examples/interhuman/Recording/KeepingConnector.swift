import Interhuman

/// Opens another connector's connections and keeps what was sent on them.
struct KeepingConnector: AnalysisConnector {
    let connector: any AnalysisConnector
    let recording: Recording

    func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        let connection = try await connector.connect(request)
        return KeepingConnection(
            connection: connection, recording: recording, number: await recording.beginConnection())
    }
}

/// A connection whose segments are kept once they were handed to the network.
private struct KeepingConnection: AnalysisConnection {
    let connection: any AnalysisConnection
    let recording: Recording
    let number: Int

    var correlationID: String? { connection.correlationID }
    var roundTrip: Duration? { connection.roundTrip }
    var events: MediaSequence<ConnectionEvent, Never> { connection.events }

    func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
        try await connection.send(configuration)
    }

    func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        try await connection.send(segment, includingHeader: includingHeader)
        await recording.keep(segment, includingHeader: includingHeader, connection: number)
    }

    func requestClose() async throws(ConnectionError) {
        try await connection.requestClose()
    }

    func close() async {
        await connection.close()
    }
}

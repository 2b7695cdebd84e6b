import Interhuman

/// Opens another connector's connections and keeps what was sent on them: on disk, for a moment, or both.
struct KeepingConnector: AnalysisConnector {
    let connector: any AnalysisConnector
    /// Where it is kept on disk.
    let recording: Recording?
    /// Where it is kept until its event comes.
    var media: SentMedia?

    func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        let connection = try await connector.connect(request)
        return KeepingConnection(
            connection: connection, recording: recording, media: media,
            number: await recording?.beginConnection() ?? 0)
    }
}

/// A connection whose segments are kept once they were handed to the network.
private struct KeepingConnection: AnalysisConnection {
    let connection: any AnalysisConnection
    let recording: Recording?
    let media: SentMedia?
    let number: Int

    var correlationID: String? { connection.correlationID }
    var roundTrip: Duration? { connection.roundTrip }
    var events: MediaSequence<ConnectionEvent, Never> { connection.events }

    func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
        try await connection.send(configuration)
    }

    func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        try await connection.send(segment, includingHeader: includingHeader)
        media?.sent(segment)
        await recording?.keep(segment, includingHeader: includingHeader, connection: number)
    }

    func requestClose() async throws(ConnectionError) {
        try await connection.requestClose()
    }

    func close() async {
        await connection.close()
    }
}

import InterhumanCore
import InterhumanEncode
import InterhumanWire

/// What all sessions of a service share.
struct SessionEnvironment: Sendable {
    var limits: ServiceLimits
    /// Next to no queue: a message stays in the connection's account until it is read to the end, and what waits when the
    /// client closes must be decoded within the drain. More than the first bytes that tell a container.
    var decoderLimits = MediaStreamDecoder.Limits(queuedByteCount: 4096)
    var clock: any MediaClock
    /// Where received bytes are kept; nil keeps none.
    var recordingDirectory: String?
    /// Where the reports on sessions go.
    var reports: ReportJournal
    var observer: @Sendable (ServiceEvent) -> Void

    /// A message as it goes over the wire; v1 tells what signals were read from, v2 does not.
    func texts(
        of body: ServerMessage.Body, for request: SessionRequest, correlationID: String
    ) -> [String] {
        EnvelopeEncoder(dialect: request.dialect, includesModality: request.version == .v1).encode(
            body, timestamp: ServerTimestamp(nanosecondsSince1970: clock.wallClockNanoseconds),
            correlationID: correlationID)
    }
}

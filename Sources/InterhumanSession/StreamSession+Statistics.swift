import CoreMetrics
public import InterhumanCore
import Logging

extension StreamSession {
    /// What the session has done and how it is.
    public var statistics: SessionStatistics {
        var snapshot = SessionStatistics(time: clock.now)
        snapshot.counts = counts
        snapshot.counts.framesCaptured = intake.frames
        snapshot.counts.framesDropped = framesDropped
        snapshot.isConnected = machine.carrier != nil
        snapshot.segmentsWaiting = outbox.count
        snapshot.bytesWaiting = outbox.byteCount
        snapshot.queueAge = queueAge
        snapshot.sendRate = sendRate
        snapshot.roundTrip = machine.carrier.flatMap { links[$0]?.connection?.roundTrip }
        snapshot.capturedFrameRate = encoded.capturedFrameRate
        snapshot.frameRate = encoded.frameRate
        snapshot.encodingTime = encoded.encodingTime
        snapshot.audioDrift = capture.audio?.monitor?.statistics.driftPartsPerMillion
        snapshot.adaptationLevel = adaptation.level
        return snapshot
    }

    /// Snapshots at an interval, as long as they are asked for, until the session is over.
    public nonisolated func statistics(every interval: Duration) -> MediaSequence<SessionStatistics, Never> {
        MediaSequence { [self] () async throws(Never) -> SessionStatistics? in
            do {
                try await clock.sleep(until: clock.now + interval)
            } catch {
                return nil
            }
            return await machine.phase == .ended ? nil : await statistics
        }
    }

    /// How long the oldest segment has waited.
    var queueAge: Duration { outbox.first.map { max(.zero, clock.now - $0.queuedAt) } ?? .zero }

    private var framesDropped: Int { Int(clamping: capture.video?.monitor?.statistics.dropped ?? 0) }

    /// Brings the counts up to what the sources know.
    func noteIntake() {
        counts.framesCaptured = intake.frames
        counts.framesDropped = framesDropped
    }

    /// Shows how the session is, in its metrics.
    func measure() {
        metrics.show(statistics)
    }

    /// Counts what the encoder made.
    func noteEncoded(_ segment: MediaSegment) {
        counts.framesEncoded += segment.videoFrameCount
        noteIntake()
        encoded.take(segment, framesCaptured: counts.framesCaptured, at: clock.now)
        if let time = encoded.encodingTime { metrics.encoding.recordNanoseconds(time.nanoseconds) }
        let seconds = segment.timeRange.duration.inSeconds
        guard seconds > 0 else { return }
        mediaRate = Double(segment.byteCount) / seconds
        adapt()
        measure()
    }

    /// Measures the network by what it took.
    func noteSent(byteCount: Int, in duration: Duration) {
        metrics.sending.recordNanoseconds(duration.nanoseconds)
        let seconds = duration.inSeconds
        // What the socket's buffer swallows at once says nothing of the network.
        guard seconds > 0.01 else { return }
        sendRate = Double(byteCount) / seconds
    }

    /// Steps the encoder down or up where the queue asks for it.
    func adapt() {
        let before = adaptation.level
        let reading = AdaptationController.Reading(
            queueAge: queueAge, sendRate: sendRate, mediaRate: mediaRate, isConnected: machine.carrier != nil)
        guard let level = adaptation.take(reading, at: clock.now) else { return }
        emit(.adapted(Adaptation(from: before, to: level, level: configuration.adaptation.levels[level])))
        run(.adapt) { session in
            do throws(EncodeError) {
                try await session.control.adjust(to: session.configuration.adaptation.levels[session.adaptation.level])
            } catch {
                // The encoder is of no further use: whoever gives it media next hears so.
                session.log(.warning, "the encoder could not be adjusted: \(error)")
            }
        }
    }

    /// Writes a line, with the metadata that all lines have.
    ///
    /// - Parameter connection: The connection concerned; nil for the one that takes media.
    func log(_ level: Logger.Level, _ message: @autoclosure () -> Logger.Message, connection: Int? = nil) {
        logger.log(level: level, message(), metadata: metadata(of: connection))
    }

    private func metadata(of connection: Int?) -> Logger.Metadata {
        guard let number = connection ?? machine.carrier else { return [:] }
        var metadata: Logger.Metadata = ["connection": "\(number)"]
        if let id = links[number]?.connection?.correlationID { metadata["correlation-id"] = "\(id)" }
        return metadata
    }
}

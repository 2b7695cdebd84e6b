public import InterhumanCore
import Logging

extension StreamSession {
    /// What the session has done and how it is.
    public var statistics: SessionStatistics {
        var snapshot = counts
        snapshot.time = clock.now
        snapshot.isConnected = machine.carrier != nil
        snapshot.connections = summary.connections
        snapshot.reconnections = summary.reconnections
        snapshot.segmentsSent = summary.segmentsSent
        snapshot.bytesSent = summary.bytesSent
        snapshot.timeSent = summary.timeSent
        snapshot.timeLost = summary.timeLost
        snapshot.messagesReceived = summary.messagesReceived
        snapshot.segmentsWaiting = outbox.count
        snapshot.bytesWaiting = outbox.byteCount
        snapshot.queueAge = queueAge
        snapshot.sendRate = sendRate
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

    /// Counts what the encoder made.
    func noteEncoded(_ segment: MediaSegment) {
        counts.framesEncoded += segment.videoFrameCount
        let seconds = segment.timeRange.duration.inSeconds
        guard seconds > 0 else { return }
        counts.frameRate = Double(segment.videoFrameCount) / seconds
        counts.encodingTime = segment.statistics?.encodingTime
        mediaRate = Double(segment.byteCount) / seconds
        adapt()
    }

    /// Measures the network by what it took.
    func noteSent(byteCount: Int, in duration: Duration) {
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
                session.logger.warning("the encoder could not be adjusted: \(error)")
            }
        }
    }
}

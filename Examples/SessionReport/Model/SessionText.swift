package import InterhumanSession

/// What a session tells, in words that the printer and the report share.
package enum SessionText {
    /// Why media is lost.
    package static func words(for cause: MediaGap.Cause) -> String {
        switch cause {
        case .outboxFull: "the network is slower than the media"
        case .outboxTooOld: "it waited too long for the network"
        case .largerThanServiceAllows(let bytes): "larger than the \(bytes) bytes that the service takes"
        case .refusedAsTooLarge: "larger than the service takes"
        case .sendingFailedRepeatedly(let attempts): "\(attempts) connections ended while it was being sent"
        case .empty: "nothing in it"
        case .encoderFailed: "the encoder failed"
        case .interruptedWhileSending: "it was being sent when an earlier process ended"
        case .paused: "paused"
        case .sessionEnded: "the session ended before"
        }
    }

    /// How a session ended.
    package static func words(for completion: SessionSummary.Completion) -> String {
        switch completion {
        case .sessionEnded(let reason): "in order (\(reason))"
        case .closedByService: "the service closed the connection"
        case .quiet: "the service fell silent"
        case .timedOut: "the service did not finish in time"
        case .drainInterrupted: "everything was sent, but the connection was lost before the last results"
        case .cancelled: "cancelled"
        case .failed(let error): "failed (\(error.code.rawValue))"
        }
    }

    /// A step of the encoder.
    package static func words(for step: Adaptation) -> String {
        "\(step.to > step.from ? "down" : "up") to \(Int(step.level.bitRate * 100)) % of the bit rate, "
            + "\(Int(step.level.frameRate * 100)) % of the frames, \(Int(step.level.size * 100)) % of the size"
    }
}

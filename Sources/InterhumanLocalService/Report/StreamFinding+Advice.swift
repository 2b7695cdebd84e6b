extension StreamFinding.Code {
    var severity: StreamFinding.Severity {
        switch self {
        case .badConfiguration, .audioMissing, .videoMissing, .unreadableMedia, .messageTooLarge: .error
        case .messagesTooShort, .frameLarge, .bitRateHigh, .frameRateHigh, .pictureLarge: .waste
        default: .warning
        }
    }

    /// What to do about it.
    var advice: String {
        switch self {
        case .mediaBeforeConfiguration: "Send the configuration, wait for session.updated, then send media."
        case .neverConfigured: "Send a configuration first, even if it asks for nothing."
        case .badConfiguration: "Send only what session.ready says is supported."
        case .cutInsideElement:
            "Cut at the beginning of a cluster or fragment: a message that is lost then costs its own media only."
        case .notKeyframeLed: "Begin each message with a keyframe, so that it can be decoded without the one before."
        case .audioMissing: "Send a sound track; silence will do when the microphone is off."
        case .videoMissing: "Send a video track, or use v2 with the model inter-2-audio."
        case .timestampsBack: "Let timestamps only grow, or begin a new container."
        case .mediaGap: "Send everything, or send silence and a still picture: what is missing is not analysed."
        case .videoGap: "Send a picture at least every 2 s, and a keyframe every 3 s."
        case .unreadableMedia: "Send WebM or MP4, beginning with the header, every byte once and in order."
        case .messageTooLarge: "Send smaller messages; session.ready says how large they may be."
        case .frameLarge:
            "Send large messages in frames of 64 KiB: pings and the close can't pass while a frame is under way."
        case .messagesTooShort: "Send 1 to 3 s of media a message."
        case .messagesTooLong: "Send 1 to 3 s of media a message: results come no sooner than the media."
        case .fasterThanRealTime: "Send media as they are recorded; a service that falls behind drops some."
        case .bitRateHigh: "1 Mb/s at 640x360 serves the analysis as well."
        case .frameRateHigh: "15 pictures a second serve the analysis as well."
        case .pictureLarge: "640x360 serves the analysis as well."
        case .messageAfterClose: "Send nothing after session.close."
        case .noCloseRequest: "Send session.close and read on until session.ended: the last results are lost otherwise."
        case .limitReached: "Begin a new session before the limit."
        }
    }
}

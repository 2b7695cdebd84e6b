public import InterhumanCore

extension SegmentSettings {
    /// What is possible of each setting.
    enum Bounds {
        static let pictureSide = 16...8192
        static let frameRate = 1.0...120.0
        static let videoBitRate = 50_000...50_000_000
        static let audioBitRate = 6_000...256_000
        static let segmentDuration = Duration.seconds(1)...Duration.seconds(10)
    }

    /// Checks the settings.
    ///
    /// - Throws: `EncodeError` with `invalidSettings` that names the first setting out of its range, or why codec,
    ///   container and framing do not go together.
    public func validate() throws(EncodeError) {
        try validateNames()
        try Self.require(
            Bounds.pictureSide.contains(maximumWidth) && Bounds.pictureSide.contains(maximumHeight),
            "The largest picture must be 16 to 8192 pixels wide and high, not \(maximumWidth)x\(maximumHeight).")
        try Self.require(
            Bounds.frameRate.contains(maximumFrameRate),
            "The frame rate must be 1 to 120 a second, not \(maximumFrameRate).")
        try Self.require(
            Bounds.videoBitRate.contains(videoBitRate),
            "The video bit rate must be 50,000 to 50,000,000 a second, not \(videoBitRate).")
        try Self.require(
            Bounds.audioBitRate.contains(audioBitRate),
            "The audio bit rate must be 6,000 to 256,000 a second, not \(audioBitRate).")
        try Self.require(
            Bounds.segmentDuration.contains(segmentDuration),
            "A segment must last 1 to 10 s, not \(segmentDuration.inSeconds) s.")
        try validateCombination()
    }

    private func validateNames() throws(EncodeError) {
        try Self.require(
            [.continuous, .selfContained, .prefixed].contains(framing),
            "The framing \(framing.rawValue) is unknown. Use continuous, selfContained or prefixed.")
        try Self.require(
            SegmentContainer.allCases.contains(container),
            "The container \(container.rawValue) is unknown. Use \(Self.list(SegmentContainer.allCases)).")
        try Self.require(
            videoCodec.map(VideoCodec.allCases.contains) ?? true,
            "The video codec \(videoCodec?.rawValue ?? "") is unknown. Use \(Self.list(VideoCodec.allCases)).")
        try Self.require(
            audioCodec.map(AudioCodec.allCases.contains) ?? true,
            "The audio codec \(audioCodec?.rawValue ?? "") is unknown. Use \(Self.list(AudioCodec.allCases)).")
        try Self.require(
            VideoPreset.allCases.contains(videoPreset),
            "The preset \(videoPreset.rawValue) is unknown. Use \(Self.list(VideoPreset.allCases)).")
    }

    private func validateCombination() throws(EncodeError) {
        if let videoCodec {
            try Self.require(
                container.videoCodecs.contains(videoCodec),
                "\(videoCodec.name) does not go into \(container.name): \(container.restriction). "
                    + "Use \(Self.list(container.videoCodecs)), or another container.")
        }
        if let audioCodec {
            try Self.require(
                container.audioCodecs.contains(audioCodec),
                "\(audioCodec.name) does not go into \(container.name): \(container.restriction). "
                    + "Use \(Self.list(container.audioCodecs)), or another container.")
        }
        try Self.require(
            container != .mp4 || framing == .selfContained,
            "A complete MP4 file can't be continued, because its index is about itself alone. "
                + "Use the framing selfContained, or the container fmp4.")
    }

    private static func list<Name: RawRepresentable<String>>(_ names: [Name]) -> String {
        names.map(\.rawValue).formatted()
    }

    private static func require(_ condition: Bool, _ advice: @autoclosure () -> String) throws(EncodeError) {
        guard !condition else { return }
        throw EncodeError(.invalidSettings, operation: "check the segment settings", message: advice())
    }
}

extension [String] {
    /// "a, b or c".
    fileprivate func formatted() -> String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " or " + last
    }
}

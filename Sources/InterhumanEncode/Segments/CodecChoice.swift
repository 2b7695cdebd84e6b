import InterhumanCore

/// Which encoders are used: those that were asked for, or what this machine's FFmpeg has instead.
struct CodecChoice {
    let video: VideoEncoderKind?
    let videoCodec: VideoCodec?
    let audio: AudioCodec?
    /// What is missing and what is done about it, in sentences for people.
    let fallbacks: [String]

    /// Chooses.
    ///
    /// - Parameter isAvailable: Whether FFmpeg has the encoder of that name.
    /// - Throws: ``EncodeError`` with `codecUnavailable` when nothing that the container holds is there.
    init(
        _ settings: SegmentSettings, hasVideo: Bool, hasAudio: Bool, isAvailable: (String) -> Bool
    ) throws(EncodeError) {
        var fallbacks: [String] = []
        let container = settings.container
        if hasVideo {
            let wanted = Self.order(settings.videoCodec, container.videoCodecs)
            let kinds = wanted.flatMap { codec in VideoEncoderKind.all(for: codec).map { (codec: codec, kind: $0) } }
            guard let found = kinds.first(where: { isAvailable($0.kind.name) }) else {
                throw Self.nothing(kinds.map(\.kind.name), in: container)
            }
            if let first = kinds.first, first.kind != found.kind {
                fallbacks.append(Self.sentence(first.kind.name, found.codec.name, found.kind.name))
            }
            (video, videoCodec) = (found.kind, found.codec)
        } else {
            (video, videoCodec) = (nil, nil)
        }
        if hasAudio {
            let wanted = Self.order(settings.audioCodec, container.audioCodecs)
            guard let found = wanted.first(where: { isAvailable($0.encoderName) }) else {
                throw Self.nothing(wanted.map(\.encoderName), in: container)
            }
            if let first = wanted.first, first != found {
                fallbacks.append(Self.sentence(first.encoderName, found.name, found.encoderName))
            }
            audio = found
        } else {
            audio = nil
        }
        self.fallbacks = fallbacks
    }

    private static func order<Codec: Equatable>(_ wanted: Codec?, _ all: [Codec]) -> [Codec] {
        guard let wanted else { return all }
        return [wanted] + all.filter { $0 != wanted }
    }

    private static func sentence(_ missing: String, _ codec: String, _ encoder: String) -> String {
        "This machine's FFmpeg was built without \(missing), so \(codec) is made by \(encoder) instead."
    }

    private static func nothing(_ names: [String], in container: SegmentContainer) -> EncodeError {
        EncodeError(
            .codecUnavailable, operation: "choose the encoders for \(container.name)",
            message: "This machine's FFmpeg was built without \(names.joined(separator: " and ")). "
                + "Install a build that has one, as Debian's and Ubuntu's own do, or choose another container.")
    }
}

/// Says how a media message begins, by the container's structure alone. Reads no further than the first picture.
struct MessageInspector {
    /// How a message begins.
    enum Beginning: Equatable {
        /// With an element of the container's top level. Whether its first picture is a keyframe; nil when that can't be
        /// told, or there is none.
        case whole(isKeyframeLed: Bool?)
        /// In the middle of an element.
        case insideElement
    }

    private enum Container {
        case webM(WebMInspection)
        case mp4(MP4Inspection)
    }

    private var container: Container?

    /// Looks at the next message of the session.
    mutating func inspect(_ bytes: [UInt8]) -> Beginning {
        if ContainerStart.isPresent(in: bytes) {
            container = bytes[0] == 0x1A ? .webM(WebMInspection()) : .mp4(MP4Inspection())
        }
        switch container {
        case .webM(var inspection):
            defer { container = .webM(inspection) }
            return inspection.inspect(bytes)
        case .mp4(var inspection):
            defer { container = .mp4(inspection) }
            return inspection.inspect(bytes)
        case nil: return .insideElement
        }
    }
}

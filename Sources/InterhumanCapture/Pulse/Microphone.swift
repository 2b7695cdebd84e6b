public import InterhumanCore

/// A source of sound that the sound server knows: a microphone, a line input, or the monitor of a loudspeaker.
public struct Microphone: Sendable, Hashable, Identifiable {
    /// The server's name of the source, the same after a reboot: `alsa_input.usb-Maker_Model-00.mono-fallback`.
    public var id: String
    /// The server's description: "Yeti Stereo Microphone Mono".
    public var name: String
    /// Whether the server records from it when nobody chooses.
    public var isDefault: Bool
    /// Whether it hears what a sink plays rather than a room.
    public var isMonitor: Bool
    /// Whether the server gives only silence from it.
    public var isMuted: Bool
    /// What the source does at present.
    public var state: State
    /// Its own rate and channels; the server converts to what is asked for.
    public var format: AudioFormat
    /// Connectors such as an internal microphone and a headset's.
    public var ports: [Port]
    /// The ``Port/id`` of the connector in use.
    public var activePort: String?

    /// Creates a description of a source.
    public init(
        id: String, name: String, isDefault: Bool = false, isMonitor: Bool = false, isMuted: Bool = false,
        state: State = .idle, format: AudioFormat, ports: [Port] = [], activePort: String? = nil
    ) {
        self.id = id
        self.name = name
        self.isDefault = isDefault
        self.isMonitor = isMonitor
        self.isMuted = isMuted
        self.state = state
        self.format = format
        self.ports = ports
        self.activePort = activePort
    }

    /// What a source does.
    public enum State: String, Sendable, Hashable {
        /// Somebody records.
        case running
        /// Open, nobody records.
        case idle
        /// Closed until somebody records.
        case suspended
        /// The server doesn't say.
        case unknown
    }

    /// A connector of a source.
    public struct Port: Sendable, Hashable, Identifiable {
        /// The server's name.
        public var id: String
        /// The server's description.
        public var name: String
        /// False when the server knows that nothing is plugged in.
        public var isAvailable: Bool

        /// Creates a description of a port.
        public init(id: String, name: String, isAvailable: Bool = true) {
            self.id = id
            self.name = name
            self.isAvailable = isAvailable
        }
    }

    /// The sound server's sources in its order, monitors included.
    ///
    /// - Throws: `CaptureError` with code `audioServerUnavailable` where there is no server to ask.
    public static func list() async throws(CaptureError) -> [Microphone] {
        try await DeviceThread.run(named: "ih-microphones") { () throws(CaptureError) in
            try PulseServer().microphones(until: StopSignal())
        }
    }

    /// The list at once and again after each change. Ends when the task that reads is cancelled.
    ///
    /// One consumer. Throws `CaptureError` with code `audioServerUnavailable` when the server can't be reached or
    /// goes away; ask for a new sequence then.
    public static func changes() -> MediaSequence<[Microphone], CaptureError> {
        MicrophoneChanges.sequence(address: nil)
    }
}

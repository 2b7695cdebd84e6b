import Interhuman

/// What a shell offers behind --camera and --microphone: the devices that are there now.
enum DeviceCompletion {
    static let cameras: @Sendable ([String], Int, String) async -> [String] = { _, _, _ in
        ((try? await Camera.list()) ?? []).filter { $0.problem == nil }.map(\.id).map(quotable)
    }

    static let microphones: @Sendable ([String], Int, String) async -> [String] = { _, _, _ in
        ((try? await Microphone.list()) ?? []).filter { !$0.isMonitor }.map(\.id).map(quotable)
    }

    /// A device's maker chooses its name; nothing in it is to mean anything to a shell.
    private static func quotable(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}

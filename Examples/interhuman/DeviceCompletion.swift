import ArgumentParser
import Interhuman

/// What a shell offers behind --camera and --microphone: the devices that are there now.
enum DeviceCompletion {
    static let cameras: @Sendable ([String], Int, String) async -> [String] = { _, _, _ in
        ((try? await Camera.list()) ?? []).filter { $0.problem == nil }.map(\.id).map(quotable)
    }

    static let microphones: @Sendable ([String], Int, String) async -> [String] = { _, _, _ in
        ((try? await Microphone.list()) ?? []).filter { !$0.isMonitor }.map(\.id).map(quotable)
    }

    /// A device's maker chooses its name: no control character in it is to reach the shell. zsh takes what follows a
    /// colon for a description.
    private static func quotable(_ name: String) -> String {
        let clean = String(
            String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
        guard CompletionShell.requesting == .zsh else { return clean }
        return clean.replacing("\\", with: "\\\\").replacing(":", with: "\\:")
    }
}

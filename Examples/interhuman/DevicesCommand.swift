import ArgumentParser
import Interhuman

/// `interhuman devices`.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "Lists the cameras and microphones of this machine, with the names that 'stream' takes.")

    func run() async throws {
        let console = Console()
        var failure: CaptureError?
        do throws(CaptureError) {
            try await print(Self.lines(for: Camera.list()), to: console)
        } catch {
            failure = error
            await console.tell("interhuman: \(error)")
        }
        do throws(CaptureError) {
            try await print(Self.lines(for: Microphone.list()), to: console)
        } catch {
            failure = error
            await console.tell("interhuman: \(error)")
        }
        if let failure { throw ExitStatus.of(failure) }
    }

    private func print(_ lines: [String], to console: Console) async {
        for line in lines {
            do throws(ClosedOutput) {
                try await console.output(line)
            } catch {
                // Nobody reads any more; there is nothing to tell.
                return
            }
        }
    }

    private static func lines(for cameras: [Camera]) -> [String] {
        cameras.isEmpty
            ? ["No camera. Connect one; in a container, pass its device: --device /dev/video0."]
            : cameras.flatMap { camera in
                ["camera      \(camera.id)", "            \(camera.name), \(camera.path)"]
                    + (camera.problem.map { ["            \($0)"] } ?? camera.formats.map(line(for:)))
            }
    }

    private static func line(for format: CameraFormat) -> String {
        let sizes = format.sizes.map { size in
            size.widths.lowerBound == size.widths.upperBound
                ? "\(size.widths.lowerBound)x\(size.heights.lowerBound)"
                : "\(size.widths.lowerBound)x\(size.heights.lowerBound) to "
                    + "\(size.widths.upperBound)x\(size.heights.upperBound)"
        }
        return "            \(format.fourCC): \(sizes.joined(separator: ", "))"
    }

    private static func lines(for microphones: [Microphone]) -> [String] {
        microphones.isEmpty
            ? ["No microphone. Connect one; see whether the audio server knows it: pactl list sources short."]
            : microphones.flatMap { microphone in
                let marks = [
                    microphone.isDefault ? "default" : nil, microphone.isMonitor ? "monitor of an output" : nil,
                    microphone.isMuted ? "muted" : nil,
                ].compactMap(\.self)
                return [
                    "microphone  \(microphone.id)" + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"),
                    "            \(microphone.name)",
                ]
            }
    }
}

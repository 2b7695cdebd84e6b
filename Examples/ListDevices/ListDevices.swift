import InterhumanCapture
import InterhumanCore

/// Lists cameras and microphones, then tells of each camera that comes or goes. Needs `InterhumanCapture` and the values of `InterhumanCore`.
///
///     swift run ListDevices [watch]
@main
enum ListDevices {
    static func main() async {
        do {
            for camera in try await Camera.list() { describe(camera) }
        } catch {
            print("No cameras: \(error)")
        }
        do {
            for microphone in try await Microphone.list() { describe(microphone) }
        } catch {
            // The error names what was looked at and what to do: a server may run with cameras and no sound at all.
            print("No microphones: \(error)")
        }
        if CommandLine.arguments.contains("watch") { await watch() }
    }

    private static func describe(_ camera: Camera) {
        // The id stays the same after a reboot; a path may then be another camera.
        print("\(camera.name) [\(camera.id)] at \(camera.path)")
        if let problem = camera.problem { print("  can't be used: \(problem.message)") }
        for format in camera.formats {
            for size in format.sizes {
                let rates = size.intervals.map(rate).joined(separator: ", ")
                print("  \(format.fourCC) up to \(size.widths.upperBound)x\(size.heights.upperBound): \(rates)")
            }
        }
        for control in camera.controls {
            print("  \(control.name) = \(control.value.map { "\($0)" } ?? "-"), default \(control.defaultValue)")
        }
    }

    private static func rate(_ interval: CameraInterval) -> String {
        switch interval {
        case .discrete(let interval): "\(interval.framesPerSecond)/s"
        case .stepwise(let shortest, let longest, _): "\(longest.framesPerSecond) to \(shortest.framesPerSecond)/s"
        }
    }

    private static func describe(_ microphone: Microphone) {
        let kind = microphone.isMonitor ? "hears an output" : microphone.isDefault ? "default" : "microphone"
        print("\(microphone.name) [\(microphone.id)]: \(kind), \(microphone.format.sampleRate) Hz")
    }

    /// The list at once and after each change, until Ctrl-C.
    private static func watch() async {
        var known: Set<String> = []
        do {
            for try await cameras in Camera.changes() {
                let present = Set(cameras.map(\.id))
                for id in present.subtracting(known).sorted() { print("+ \(id)") }
                for id in known.subtracting(present).sorted() { print("- \(id)") }
                known = present
            }
        } catch {
            print("The watch ended: \(error)")
        }
    }
}

import FoundationEssentials
import Interhuman

/// The machine's cameras and microphones, and why some could not be asked for.
struct DeviceListing: Sendable, Equatable {
    var cameras: [Camera] = []
    var microphones: [Microphone] = []
    /// Why cameras or microphones are missing as a whole.
    var problems: [CaptureError] = []

    /// What there is now.
    static func current() async -> DeviceListing {
        var listing = DeviceListing()
        do throws(CaptureError) {
            listing.cameras = try await Camera.list()
        } catch {
            listing.problems.append(error)
        }
        do throws(CaptureError) {
            listing.microphones = try await Microphone.list()
        } catch {
            listing.problems.append(error)
        }
        return listing
    }

    // MARK: For people

    /// A line or more for each device.
    var lines: [String] {
        let cameraLines =
            cameras.isEmpty
            ? ["No camera. Connect one; in a container, pass its device: --device /dev/video0."]
            : cameras.flatMap(Self.lines(for:))
        let microphoneLines =
            microphones.isEmpty && problems.isEmpty
            ? ["No microphone. Connect one; see whether the audio server knows it: pactl list sources short."]
            : microphones.flatMap(Self.lines(for:))
        return cameraLines + microphoneLines
    }

    private static func lines(for camera: Camera) -> [String] {
        ["camera      \(camera.id)", "            \(camera.name), \(camera.path)"]
            + (camera.problem.map { ["            \($0)"] } ?? camera.formats.map(line(for:)))
    }

    private static func line(for format: CameraFormat) -> String {
        let sizes = format.sizes.map { size in
            let smallest = "\(size.widths.lowerBound)x\(size.heights.lowerBound)"
            let text =
                size.widths.lowerBound == size.widths.upperBound
                ? smallest : smallest + " to \(size.widths.upperBound)x\(size.heights.upperBound)"
            let fastest = size.intervals.map(\.fastest).max() ?? 0
            return fastest > 0 ? text + "@\(rate(fastest))" : text
        }
        return "            \(format.fourCC): \(sizes.joined(separator: ", "))"
    }

    private static func rate(_ value: Double) -> String {
        let tenths = Int((min(value, 1e6) * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private static func lines(for microphone: Microphone) -> [String] {
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

extension CameraInterval {
    /// The most frames a second that it allows.
    var fastest: Double {
        switch self {
        case .discrete(let interval): interval.framesPerSecond
        case .stepwise(let shortest, _, _): shortest.framesPerSecond
        }
    }

    /// The fewest.
    var slowest: Double {
        switch self {
        case .discrete(let interval): interval.framesPerSecond
        case .stepwise(_, let longest, _): longest.framesPerSecond
        }
    }
}

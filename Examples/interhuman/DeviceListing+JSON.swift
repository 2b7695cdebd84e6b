import FoundationEssentials
import Interhuman

extension DeviceListing {
    /// The listing as one line of JSON.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(Document(self)), as: UTF8.self)
        }
    }

    /// What the JSON holds. Rates are in frames a second, sizes in pixels; absent members are unknown.
    private struct Document: Encodable {
        var cameras: [CameraEntry]
        var microphones: [MicrophoneEntry]
        var problems: [Problem]

        init(_ listing: DeviceListing) {
            cameras = listing.cameras.map(CameraEntry.init)
            microphones = listing.microphones.map(MicrophoneEntry.init)
            problems = listing.problems.map(Problem.init)
        }
    }

    private struct Problem: Encodable {
        var code: String
        var operation: String
        var message: String
        var underlying: String?

        init(_ error: CaptureError) {
            (code, operation, message) = (error.code.rawValue, error.operation, error.message)
            underlying = error.underlying
        }
    }

    private struct CameraEntry: Encodable {
        var id: String
        var name: String
        var path: String
        var bus: String
        var driver: String
        var formats: [FormatEntry]
        var controls: [ControlEntry]
        var problem: Problem?

        init(_ camera: Camera) {
            (id, name, path, bus) = (camera.id, camera.name, camera.path, camera.bus)
            driver = camera.driver
            formats = camera.formats.map(FormatEntry.init)
            controls = camera.controls.map(ControlEntry.init)
            problem = camera.problem.map(Problem.init)
        }
    }

    private struct FormatEntry: Encodable {
        var fourCC: String
        var name: String
        /// Absent for formats that this package can't take.
        var pixelFormat: String?
        var isEmulated: Bool
        var sizes: [SizeEntry]

        init(_ format: CameraFormat) {
            (fourCC, name, isEmulated) = ("\(format.fourCC)", format.name, format.isEmulated)
            pixelFormat = format.pixelFormat?.name
            sizes = format.sizes.map(SizeEntry.init)
        }
    }

    /// Discrete sizes have equal minimum and maximum.
    private struct SizeEntry: Encodable {
        var minimumWidth: Int
        var maximumWidth: Int
        var minimumHeight: Int
        var maximumHeight: Int
        var frameRates: [RateEntry]

        init(_ size: CameraSize) {
            (minimumWidth, maximumWidth) = (size.widths.lowerBound, size.widths.upperBound)
            (minimumHeight, maximumHeight) = (size.heights.lowerBound, size.heights.upperBound)
            frameRates = size.intervals.map { RateEntry(minimum: $0.slowest, maximum: $0.fastest) }
        }
    }

    private struct RateEntry: Encodable {
        var minimum: Double
        var maximum: Double
    }

    private struct ControlEntry: Encodable {
        var id: UInt32
        var name: String
        var kind: String
        var value: Int32?
        var defaultValue: Int32
        var minimum: Int32?
        var maximum: Int32?
        var step: Int32?
        var items: [String: String]?
        var isReadOnly: Bool
        var isInactive: Bool

        init(_ control: CameraControl) {
            (id, name, value, defaultValue) = (control.id, control.name, control.value, control.defaultValue)
            (isReadOnly, isInactive) = (control.isReadOnly, control.isInactive)
            switch control.kind {
            case .integer(let range, let step):
                kind = "integer"
                (minimum, maximum, self.step) = (range.lowerBound, range.upperBound, step)
            case .boolean: kind = "boolean"
            case .menu(let choices):
                kind = "menu"
                items = Dictionary(uniqueKeysWithValues: choices.map { ("\($0)", $1) })
            case .button: kind = "button"
            }
        }
    }

    private struct MicrophoneEntry: Encodable {
        var id: String
        var name: String
        var isDefault: Bool
        var isMonitor: Bool
        var isMuted: Bool
        var state: String
        var sampleRate: Int
        var channelCount: Int
        var ports: [PortEntry]
        var activePort: String?

        init(_ microphone: Microphone) {
            (id, name, state) = (microphone.id, microphone.name, microphone.state.rawValue)
            (isDefault, isMonitor, isMuted) = (microphone.isDefault, microphone.isMonitor, microphone.isMuted)
            (sampleRate, channelCount) = (microphone.format.sampleRate, microphone.format.channelCount)
            ports = microphone.ports.map { PortEntry(id: $0.id, name: $0.name, isAvailable: $0.isAvailable) }
            activePort = microphone.activePort
        }
    }

    private struct PortEntry: Encodable {
        var id: String
        var name: String
        var isAvailable: Bool
    }
}

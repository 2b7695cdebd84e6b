public import InterhumanCore

/// A camera of this machine.
public struct Camera: Sendable, Hashable, Identifiable {
    /// Names the same camera after a reboot or another USB port, where the system can tell: the link's name in
    /// /dev/v4l/by-id, else in /dev/v4l/by-path, else the bus with the name.
    public var id: String
    /// The camera's own name, such as "HD Pro Webcam C920".
    public var name: String
    /// The device node: `/dev/video0`. May be another camera after the next boot.
    public var path: String
    /// The bus and the port: `usb-0000:00:14.0-1`.
    public var bus: String
    /// The kernel's driver: `uvcvideo`.
    public var driver: String
    /// Formats, sizes and frame intervals; empty for one that can't be opened.
    public var formats: [CameraFormat]
    /// Settings with their ranges.
    public var controls: [CameraControl]
    /// Why the camera can't be used, nil when it can.
    public var problem: CaptureError?

    /// The machine's cameras in the order of their nodes. Nodes that give no pictures (metadata, outputs) are left out.
    ///
    /// - Throws: `CaptureError` where /dev can't be read. No cameras are an empty list.
    public static func list() async throws(CaptureError) -> [Camera] {
        try await DeviceThread.run(named: "ih-cameras") { () throws(CaptureError) in
            try CameraList(system: LinuxCameraSystem()).cameras()
        }
    }

    /// The list at once and again after each change. Ends when the task that reads is cancelled.
    ///
    /// One consumer. Watching is by inotify on /dev and udev's directories of stable names; bursts of changes are
    /// taken together.
    public static func changes() -> MediaSequence<[Camera], CaptureError> {
        CameraChanges(system: LinuxCameraSystem()).sequence()
    }

    /// Whether `selector` names this camera: its id, its path, or its exact name.
    func matches(_ selector: String) -> Bool {
        selector == id || selector == path || selector == name || selector == "/dev/v4l/by-id/\(id)"
            || selector == "/dev/v4l/by-path/\(id)"
    }
}

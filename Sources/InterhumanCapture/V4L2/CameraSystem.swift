import InterhumanCore

/// The machine's cameras as the capture layer sees them: /dev and libv4l2 in life, a script in tests.
protocol CameraSystem: Sendable {
    /// The video device nodes, in the order of their numbers.
    func nodes() throws(SystemFailure) -> [CameraNode]

    /// Opens a node; `convert` allows libv4lconvert's software formats.
    func open(_ path: String, convert: Bool) throws(SystemFailure) -> any CameraDevice

    /// Begins to watch for nodes that come and go.
    func watch() throws(SystemFailure) -> any CameraWatch

    /// The present instant on `CLOCK_MONOTONIC`.
    var now: MediaTime { get }
}

/// A video device node and the stable names that udev gave it.
struct CameraNode: Sendable, Hashable {
    /// `/dev/video0`: may be another camera after the next boot.
    var path: String
    /// The link's name in /dev/v4l/by-id: maker, model and serial number.
    var byID: String?
    /// The link's name in /dev/v4l/by-path: the port that it is plugged into.
    var byPath: String?

    /// Whether `selector` is one of its names.
    func matches(_ selector: String) -> Bool {
        selector == path
            || [("/dev/v4l/by-id/", byID), ("/dev/v4l/by-path/", byPath)].contains { directory, name in
                guard let name else { return false }
                return selector == name || selector == directory + name
            }
    }
}

/// Waits for changes among the device nodes.
protocol CameraWatch: AnyObject, Sendable {
    /// Waits until nodes changed or ``wake()`` was called, at most `milliseconds`. True when something changed.
    func wait(milliseconds: Int32) -> Bool

    /// Ends the present or the next wait.
    func wake()

    /// Releases the watch.
    func close()
}

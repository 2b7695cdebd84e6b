/// An open camera as the capture layer sees it: libv4l2 in life, a script in tests.
///
/// Calls may come from any thread; `close` comes last and once.
protocol CameraDevice: AnyObject, Sendable {
    /// Makes an ioctl whose argument lies at `argument`. Returns 0 or a positive errno.
    func request(_ request: CameraRequest, _ argument: UnsafeMutableRawPointer) -> Int32

    /// Maps a driver's buffer of `length` bytes that QUERYBUF placed at `offset`.
    func map(length: Int, offset: Int) throws(SystemFailure) -> UnsafeMutableRawBufferPointer

    /// Ends a mapping.
    func unmap(_ memory: UnsafeMutableRawBufferPointer)

    /// Waits until there is something to do, at most `milliseconds`. Empty means that the time is up.
    func wait(milliseconds: Int32) throws(SystemFailure) -> CameraReadiness

    /// Ends the present or the next `wait`.
    func wake()

    /// Closes the device.
    func close()
}

extension CameraDevice {
    /// Makes an ioctl on a value. Throws what the driver answered.
    func perform<Value>(_ request: CameraRequest, _ value: inout Value) throws(SystemFailure) {
        let code = withUnsafeMutablePointer(to: &value) { self.request(request, UnsafeMutableRawPointer($0)) }
        guard code == 0 else { throw SystemFailure(call: request.rawValue, code: code) }
    }
}

/// Why a wait ended.
struct CameraReadiness: OptionSet, Sendable {
    let rawValue: Int

    /// A buffer can be dequeued.
    static let readable = CameraReadiness(rawValue: 1)
    /// An event can be dequeued (POLLPRI).
    static let event = CameraReadiness(rawValue: 2)
    /// POLLERR or POLLHUP: the device went away or doesn't stream.
    static let failed = CameraReadiness(rawValue: 4)
    /// ``CameraDevice/wake()`` was called.
    static let woken = CameraReadiness(rawValue: 8)
}

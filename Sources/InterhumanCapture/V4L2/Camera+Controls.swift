public import InterhumanCore

extension Camera {
    /// Reads a control's present value. Possible while somebody streams.
    ///
    /// - Throws: `CaptureError` where the camera can't be opened or the control can't be read.
    public func value(of control: CameraControl) async throws(CaptureError) -> Int32 {
        try await withControls(LinuxCameraSystem(), "read \(control.name)") { controls throws(SystemFailure) in
            try controls.value(of: control.id)
        }
    }

    /// Sets a control and returns the value that the camera took. Possible while somebody streams.
    ///
    /// - Throws: `CaptureError` with code `unsupported` for a value that the control doesn't take or one that can
    ///   only be read; others where the camera can't be opened or refuses.
    @discardableResult
    public func set(_ control: CameraControl, to value: Int32) async throws(CaptureError) -> Int32 {
        try await set(control, to: value, system: LinuxCameraSystem())
    }

    /// Sets a control to the driver's default.
    ///
    /// - Throws: as ``set(_:to:)``.
    @discardableResult
    public func reset(_ control: CameraControl) async throws(CaptureError) -> Int32 {
        try await set(control, to: control.defaultValue)
    }

    func set(
        _ control: CameraControl, to value: Int32, system: any CameraSystem
    ) async throws(CaptureError) -> Int32 {
        let objection = control.isReadOnly ? "no values: it can only be read" : control.objection(to: value)
        if let objection {
            throw CaptureError(
                .unsupported, operation: "set \(control.name) to \(value)",
                message: "\(control.name) takes \(objection).")
        }
        return try await withControls(system, "set \(control.name)") { controls throws(SystemFailure) in
            try controls.set(control.id, to: value)
        }
    }

    /// Opens the camera for a moment, on a thread that may block.
    private func withControls(
        _ system: any CameraSystem, _ operation: String,
        _ body: @escaping @Sendable (CameraControls) throws(SystemFailure) -> Int32
    ) async throws(CaptureError) -> Int32 {
        let path = path
        return try await DeviceThread.run(named: "ih-control") { () throws(CaptureError) in
            do throws(SystemFailure) {
                let device = try system.open(path, convert: false)
                defer { device.close() }
                return try body(CameraControls(device: device))
            } catch {
                throw CameraFault.error(error, path: path, operation: operation)
            }
        }
    }
}

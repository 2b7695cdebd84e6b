import CInterhumanV4L2
import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Turns what the kernel said into what the user can do about it.
enum CameraFault {
    /// The error for a failed call on the camera at `path`.
    static func error(_ failure: SystemFailure, path: String, operation: String? = nil) -> CaptureError {
        let (code, message) = meaning(of: failure, path: path)
        return CaptureError(
            code, operation: operation ?? "\(failure.call == "open" ? "open" : "use") \(path)", message: message,
            underlying: failure.description)
    }

    /// Whether the errno says that the device is gone and its descriptor dead.
    static func isLoss(_ failure: SystemFailure) -> Bool {
        failure.code == ENODEV || failure.code == ENXIO || (failure.call == "open" && failure.code == ENOENT)
    }

    private static func meaning(of failure: SystemFailure, path: String) -> (CaptureError.Code, String) {
        switch failure.code {
        case EBUSY:
            (
                .busy,
                "Another program uses the camera. Close it (fuser -v \(path) names it) or choose another camera."
            )
        case EACCES, EPERM: (.permissionDenied, permissionAdvice(path))
        case ENOENT where failure.call == "open":
            (.notFound, "There is no such device. List the cameras, and plug the camera in or name another.")
        case ENODEV, ENXIO:
            (.deviceLost, "The camera went away. Plug it in again, or look at its cable, hub and power.")
        case ENOSPC:
            (
                .unsupported,
                """
                The USB bus has no bandwidth left for this format. Ask for MJPEG, a smaller size or a lower rate, or \
                move one of the cameras to another USB controller.
                """
            )
        case ENOTTY:
            (.unsupported, "The device is no camera that streams. Choose one from the list of cameras.")
        case ENOMEM:
            (.system, "The kernel has no memory for the camera's buffers. Ask for a smaller size or fewer buffers.")
        case EMFILE, ENFILE:
            (.system, "Too many files are open. Raise the limit (ulimit -n) or close what is not needed.")
        default:
            (.system, "The camera's driver failed. Plug the camera in again; the kernel log (dmesg) may say more.")
        }
    }

    private static func permissionAdvice(_ path: String) -> String {
        let group = groupOwning(path) ?? "video"
        return """
            The system refuses access to \(path). Add the user to the group that owns it (sudo usermod -aG \(group) \
            $USER, then log in again). In a container pass the device in (--device \(path) --group-add \(group)).
            """
    }

    private static func groupOwning(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getgrgid_r(status.st_gid, &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let name = entry.gr_name
        else { return nil }
        return String(cString: name)
    }
}

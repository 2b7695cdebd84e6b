import Glibc
import InterhumanCore

/// Errors of files, in the words of a source.
enum FileFailure {
    /// The file has neither video nor audio.
    static var noTracks: EncodeError {
        EncodeError(
            .malformedMedia, operation: "look for tracks",
            message: "The file has neither video nor audio. Choose another one.")
    }

    /// Checks what the operating system says about the file before FFmpeg opens it.
    static func check(_ path: String) throws(CaptureError) {
        var status = stat()
        let isReadable = stat(path, &status) == 0 && access(path, R_OK) == 0
        let number = errno
        guard isReadable else {
            let words = String(cString: strerror(number))
            switch number {
            case ENOENT, ENOTDIR:
                throw CaptureError(
                    .notFound, operation: "open \(path)", message: "There is no such file. Check the path.",
                    underlying: words)
            case EACCES:
                throw CaptureError(
                    .permissionDenied, operation: "open \(path)",
                    message: "You may not read the file. Change its permissions or choose another one.",
                    underlying: words)
            default:
                throw CaptureError(
                    .system, operation: "open \(path)", message: "The file can't be read. Check the disk it is on.",
                    underlying: words)
            }
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CaptureError(
                .undecodable, operation: "open \(path)",
                message: "This is a directory or a device, no file. Choose a media file.")
        }
    }

    /// Opening failed.
    static func opening(_ path: String, _ error: EncodeError) -> CaptureError {
        CaptureError(
            error.code == .cancelled ? .cancelled : .undecodable, operation: "open \(path)",
            message: "The file holds nothing that this machine's FFmpeg can decode. Choose another one, or convert it.",
            underlying: words(of: error))
    }

    /// Reading or decoding failed later.
    static func reading(_ path: String, _ error: EncodeError) -> CaptureError {
        let code: CaptureError.Code =
            switch error.code {
            case .cancelled: .cancelled
            case .malformedMedia, .codecUnavailable, .limitExceeded: .undecodable
            default: .system
            }
        return CaptureError(
            code, operation: "read \(path)",
            message: code == .cancelled
                ? "Reading was cancelled." : "The file can't be read on. Check that it is whole.",
            underlying: words(of: error))
    }

    private static func words(of error: EncodeError) -> String {
        error.underlying ?? error.message
    }
}

import CInterhumanFFmpeg
import InterhumanCore

/// The result of a call into FFmpeg: negative for failure.
enum FFmpegStatus {
    /// FFmpeg's text for an error code, with the lines that this thread logged last.
    static func text(_ status: Int32) -> String {
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            buffer.initialize(repeating: 0)
            ih_error_text(status, buffer.baseAddress, buffer.count)
            return buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        let logged = FFmpegLog.takeLines()
        return logged.isEmpty ? text : "\(text): \(logged.joined(separator: "; "))"
    }

    /// Gives `status` back, or throws when it is negative.
    @discardableResult
    static func check(
        _ status: Int32, _ operation: @autoclosure () -> String
    ) throws(EncodeError) -> Int32 {
        guard status < 0 else { return status }
        throw error(status, operation())
    }

    /// The error for a failed call.
    static func error(_ status: Int32, _ operation: String) -> EncodeError {
        let code: EncodeError.Code = status == ih_averror_invaliddata ? .malformedMedia : .library
        return EncodeError(
            code, operation: operation, message: "FFmpeg could not do it. Its own words follow.",
            underlying: text(status))
    }

    /// The error for memory that FFmpeg did not get.
    static func outOfMemory(_ operation: String) -> EncodeError {
        EncodeError(
            .library, operation: operation, message: "FFmpeg could not allocate memory. Free some and try again.")
    }
}

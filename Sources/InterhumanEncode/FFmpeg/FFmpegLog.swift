import CInterhumanFFmpeg
import Glibc

/// FFmpeg's log, which is one for the whole process: quiet, with the last error lines kept for error messages.
///
/// Nothing goes to standard error. A line is kept with the thread that wrote it, so that an error shows its own.
enum FFmpegLog {
    private struct Line {
        let thread: pthread_t
        /// Address of the codec, demuxer or muxer that complained.
        let origin: UInt
        let text: String
    }

    private static let lines = Monitor<[Line]>([])
    private static let capacity = 32

    /// Installs the callback at its first use. Called before any other use of FFmpeg.
    static func install() {
        _ = installed
    }

    private static let installed: Void = {
        av_log_set_level(ih_log_error)
        av_log_set_callback { context, level, format, arguments in
            guard level <= ih_log_error, let format, let arguments else { return }
            FFmpegLog.keep(FFmpegLog.line(context, level, format, arguments), origin: UInt(bitPattern: context))
        }
    }()

    /// Gives and forgets the lines that the calling thread logged last, oldest first.
    static func takeLines() -> [String] {
        let thread = pthread_self()
        return lines.withLock { lines in
            let own = lines.filter { $0.thread == thread }.map(\.text)
            lines.removeAll { $0.thread == thread }
            return own
        }
    }

    /// Whether the object at that address has logged an error on the calling thread since lines were taken.
    static func hasLines(of origin: UnsafeRawPointer) -> Bool {
        let thread = pthread_self()
        return lines.withLock { lines in
            lines.contains { $0.origin == UInt(bitPattern: origin) && $0.thread == thread }
        }
    }

    private static func line(
        _ context: UnsafeMutableRawPointer?, _ level: Int32, _ format: UnsafePointer<CChar>,
        _ arguments: CVaListPointer
    ) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
            buffer.initialize(repeating: 0)
            var printsPrefix: Int32 = 1
            av_log_format_line2(
                context, level, format, arguments, buffer.baseAddress, Int32(buffer.count), &printsPrefix)
            return buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    private static func keep(_ text: String, origin: UInt) {
        let isPrintable: (Character) -> Bool = { !$0.isNewline }
        let line = Line(thread: pthread_self(), origin: origin, text: String(text.filter(isPrintable)))
        guard !line.text.isEmpty else { return }
        lines.withLock { lines in
            if lines.count >= capacity { lines.removeFirst() }
            lines.append(line)
        }
    }
}

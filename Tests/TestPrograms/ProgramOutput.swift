import Foundation
import Synchronization

/// Lines that a program writes to a pipe. One reader.
package final class ProgramOutput: Sendable {
    /// Lines without their ends, in order.
    package let lines: AsyncStream<String>

    /// Begins to read.
    init(_ handle: FileHandle) {
        let descriptor = handle.fileDescriptor
        // Every line of a test's program is kept: the programs are short-lived and the test reads all of it.
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        // A thread of its own: reading a pipe blocks.
        let thread = Thread {
            var pending: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
                pending += buffer[..<count]
                while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                    continuation.yield(String(decoding: pending[..<end], as: UTF8.self))
                    pending.removeSubrange(...end)
                }
            }
            if !pending.isEmpty { continuation.yield(String(decoding: pending, as: UTF8.self)) }
            continuation.finish()
            withExtendedLifetime(handle) {}
        }
        thread.start()
    }

    /// The first line that satisfies a condition; nil when the program ended without one.
    package func firstLine(where condition: (String) -> Bool) async -> String? {
        for await line in lines where condition(line) { return line }
        return nil
    }

    /// All that is left.
    package func text() async -> String {
        var text = ""
        for await line in lines { text += line + "\n" }
        return text
    }
}

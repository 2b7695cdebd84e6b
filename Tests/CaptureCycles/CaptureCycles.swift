import InterhumanCapture
import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Opens a device, takes something from it and closes it, again and again, and fails when anything stays behind. A
/// program of its own, because descriptors, threads and memory are counted by process.
///
///     CaptureCycles camera ID COUNT
///     CaptureCycles microphone ID COUNT        the server is the one that libpulse finds
///     CaptureCycles cpu ID COUNT               no cycles: what capturing so many frames of 1280x720 YUYV costs
@main
enum CaptureCycles {
    /// The first cycles fill caches, and glibc makes an arena for each of some threads.
    private static let warmUp = 40

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let count = Int(arguments[3]) else { exit(64) }
        guard arguments[1] != "cpu" else { return try await measure(arguments[2], count) }
        for _ in 0..<warmUp { try await cycle(arguments[1], arguments[2]) }
        let before = Held.now
        for _ in 0..<count { try await cycle(arguments[1], arguments[2]) }
        let after = Held.now
        print("before \(before)\nafter  \(after)")
        exit(after.exceeds(before) ? 1 : 0)
    }

    private static func measure(_ id: String, _ count: Int) async throws {
        var configuration = CameraConfiguration()
        configuration.pixelFormat = .yuyv
        configuration.frameRate = 10
        let source = CameraSource(id, configuration: configuration)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        _ = try await frames.next()
        let before = clock()
        for _ in 0..<count { _ = try await frames.next() }
        let seconds = Double(clock() - before) / Double(CLOCKS_PER_SEC)
        await source.stop()
        print(stream.description)
        print("\(seconds / Double(count) * 1e6) microseconds of this process's CPU a frame, delivered \(count)")
    }

    private static func cycle(_ kind: String, _ id: String) async throws {
        if kind == "camera" {
            var configuration = CameraConfiguration()
            (configuration.width, configuration.height, configuration.frameRate) = (320, 180, 60)
            configuration.discardedFrames = 0
            let source = CameraSource(id, configuration: configuration)
            var frames = try await source.start().frames.makeAsyncIterator()
            _ = try await frames.next()
            await source.stop()
        } else {
            let source = MicrophoneSource(id)
            var chunks = try await source.start().chunks.makeAsyncIterator()
            _ = try await chunks.next()
            await source.stop()
        }
    }

    /// What this process holds.
    private struct Held: CustomStringConvertible {
        var descriptors: Int
        var threads: Int
        var mappings: Int
        var kilobytes: Int

        static var now: Held {
            let resident = lines("/proc/self/status").first { $0.hasPrefix("RssAnon:") }
            let numbers = resident?.split(whereSeparator: { " \t".contains($0) }).compactMap { Int($0) }
            return Held(
                descriptors: count("/proc/self/fd"), threads: count("/proc/self/task"),
                mappings: lines("/proc/self/maps").count, kilobytes: numbers?.first ?? -1)
        }

        var description: String {
            "\(descriptors) descriptors, \(threads) threads, \(mappings) mappings, \(kilobytes) kB of memory"
        }

        /// A megabyte, and what the pool of Swift's threads and glibc's arenas may add. The sanitizers keep freed memory.
        func exceeds(_ before: Held) -> Bool {
            let isSanitized = ["__tsan_init", "__asan_init"].contains { (name: String) in dlsym(nil, name) != nil }
            let holdsMore = descriptors > before.descriptors || threads > before.threads + 2
            let hasGrown = mappings > before.mappings + 16 || kilobytes > before.kilobytes + 1_024
            return holdsMore || hasGrown && !isSanitized
        }

        private static func count(_ directory: String) -> Int {
            guard let handle = opendir(directory) else { return -1 }
            defer { closedir(handle) }
            var count = 0
            while readdir(handle) != nil { count += 1 }
            return count
        }

        private static func lines(_ path: String) -> [Substring] {
            guard let file = fopen(path, "r") else { return [] }
            defer { fclose(file) }
            var text = ""
            var buffer = [CChar](repeating: 0, count: 4_096)
            while fgets(&buffer, Int32(buffer.count), file) != nil {
                text += String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
            return text.split(separator: "\n")
        }
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The clock of a session: reads `CLOCK_MONOTONIC` and waits on it. Tests give one that they move by hand.
public protocol MediaClock: Sendable {
    /// The present instant.
    var now: MediaTime { get }

    /// The present wall-clock time, in nanoseconds since 1970-01-01T00:00:00Z.
    var wallClockNanoseconds: Int64 { get }

    /// Waits until the clock reads `deadline` or later.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(until deadline: MediaTime) async throws(CancellationError)
}

/// The machine's own clock.
public struct SystemClock: MediaClock {
    /// Creates the clock; all are the same.
    public init() {}

    public var now: MediaTime { MediaTime(nanoseconds: Self.read(CLOCK_MONOTONIC)) }

    public var wallClockNanoseconds: Int64 { Self.read(CLOCK_REALTIME) }

    public func sleep(until deadline: MediaTime) async throws(CancellationError) {
        do {
            // Linux's SuspendingClock is CLOCK_MONOTONIC.
            while case let left = deadline - now, left > .zero {
                try await Task.sleep(for: left, clock: .suspending)
            }
        } catch {
            throw CancellationError()
        }
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// The process's environment.
enum Environment {
    static func value(of name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}

extension String {
    func trimmingASCIIWhitespace() -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let trimmed = utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return String(decoding: Array(trimmed), as: UTF8.self)
    }
}

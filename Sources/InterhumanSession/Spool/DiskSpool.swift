import Dispatch
import Synchronization

/// A spool in a directory of the file system, which holds queued media until it was sent: **pictures and voices of
/// people**. Only the owner can read it.
///
/// It survives the end of the process by any signal: a record is whole in the kernel before the call returns. With
/// `flushesToDevice` it survives a loss of power as well, at the price of a flush for each segment and each mark.
///
/// A segment that was being sent when the process ended is not sent again: nobody knows whether it arrived, and no segment
/// goes out twice. The next session tells it as a gap.
public final class DiskSpool: SegmentSpool {
    private let directory: String
    private let maximumBytes: Int
    private let flushesToDevice: Bool
    private let queue = DispatchQueue(label: "interhuman.spool")
    private let state = Mutex(State())

    private struct State: ~Copyable {
        var files: SpoolFiles?
        /// The first failure of a mark that nobody waited for; the next mark that is waited for throws it, or the end.
        var failure: SpoolError?
    }

    /// Creates a spool; nothing is touched before it is opened.
    ///
    /// - Parameters:
    ///   - directory: Where; made where it is missing, readable by its owner only. One process at a time may use it.
    ///   - maximumBytes: How much its files may hold. Default 1 GiB.
    ///   - flushesToDevice: Whether every record is flushed to the device (`fdatasync`). Default false.
    public init(directory: String, maximumBytes: Int = 1 << 30, flushesToDevice: Bool = false) {
        self.directory = directory
        self.maximumBytes = maximumBytes
        self.flushesToDevice = flushesToDevice
    }

    public func open() async throws(SpoolError) -> [SpooledSegment] {
        try await onQueue { [directory, maximumBytes, flushesToDevice] state throws(SpoolError) in
            var files = try SpoolFiles(
                directory: directory, maximumBytes: maximumBytes, flushesToDevice: flushesToDevice)
            let left = try files.recover()
            state.files = consume files
            return left
        }
    }

    public func append(_ segment: SpooledSegment) async throws(SpoolError) {
        try await onQueue { state throws(SpoolError) in try state.files?.append(SpoolRecord(segment)) }
    }

    public func markSending(_ id: UInt64) async throws(SpoolError) {
        try await onQueue { state throws(SpoolError) in
            try state.files?.append(SpoolRecord(kind: .sending, id: id))
            // Not in place of this mark, without which the segment could go out twice.
            try Self.throwFailure(&state)
        }
    }

    public func markWaiting(_ id: UInt64) {
        note([SpoolRecord(kind: .waiting, id: id)])
    }

    public func remove(_ ids: [UInt64]) {
        note(ids.map { SpoolRecord(kind: .removed, id: $0) })
    }

    public func close() async throws(SpoolError) {
        try await onQueue { state throws(SpoolError) in
            state.files = nil
            try Self.throwFailure(&state)
        }
    }

    private static func throwFailure(_ state: inout State) throws(SpoolError) {
        guard let failure = state.failure else { return }
        state.failure = nil
        throw failure
    }

    private func note(_ records: [SpoolRecord]) {
        queue.async { [self] in
            state.withLock { state in
                for record in records {
                    do throws(SpoolError) {
                        try state.files?.append(record)
                    } catch {
                        state.failure = state.failure ?? error
                    }
                }
            }
        }
    }

    private func onQueue<Value: Sendable>(
        _ work: @escaping @Sendable (inout State) throws(SpoolError) -> Value
    ) async throws(SpoolError) -> Value {
        let result: Result<Value, SpoolError> = await withCheckedContinuation { continuation in
            queue.async { [self] in
                let result = state.withLock { state -> Result<Value, SpoolError> in
                    do throws(SpoolError) { return .success(try work(&state)) } catch { return .failure(error) }
                }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}

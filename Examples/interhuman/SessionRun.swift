import Interhuman

/// Runs a session to its end while the first signal finishes it and the second cancels it.
struct SessionRun {
    let session: StreamSession
    let printer: EventPrinter
    var observers: [any SessionObserver] = []

    /// Shows every event.
    ///
    /// - Throws: what the session throws, ``ClosedOutput``, and ``ExitStatus/cancelled``.
    func run(interruptedBy interruptions: AsyncStream<Void>) async throws {
        let watch = Task {
            var received = interruptions.makeAsyncIterator()
            guard await received.next() != nil else { return }
            await printer.tell("Finishing. Press Ctrl-C again to stop at once.")
            async let finished: Void = session.finish()
            if await received.next() != nil { await session.cancel() }
            await finished
        }
        defer { watch.cancel() }
        do {
            for try await event in try await session.start() {
                for observer in observers { await observer.observe(event) }
                try await printer.show(event)
            }
        } catch {
            await session.cancel()
            throw error
        }
        if await printer.wasCancelled { throw ExitStatus.cancelled }
    }
}

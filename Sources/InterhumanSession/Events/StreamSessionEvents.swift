extension StreamSession {
    /// What a session tells, in order. One reader.
    ///
    /// The last event is ``SessionEvent/Kind/ended(_:)``; when the session failed, its error is thrown after it.
    /// Cancelling the task that reads ends the session: when the loop is left, everything is freed. Leaving the loop
    /// otherwise (`break`) leaves the session running.
    public struct Events: AsyncSequence, Sendable {
        let session: StreamSession

        public func makeAsyncIterator() -> Iterator {
            Iterator(session: session)
        }

        /// Hands out the events.
        public struct Iterator: AsyncIteratorProtocol {
            let session: StreamSession

            public mutating func next() async throws(SessionError) -> SessionEvent? {
                try await session.nextEvent()
            }

            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(SessionError) -> SessionEvent? {
                try await session.nextEvent()
            }
        }
    }
}

/// An asynchronous sequence of media with a typed error, read by one consumer.
///
/// Pull-based: a source that can wait makes an element when asked for it, one that can't (a camera) keeps a bounded
/// number of the newest and counts what it dropped.
public struct MediaSequence<Element: Sendable, Failure: Error>: AsyncSequence, Sendable {
    private let pull: @Sendable () async throws(Failure) -> Element?

    /// Creates a sequence from a closure that gives the next element, or nil at the end.
    ///
    /// The closure returns nil or throws `Failure` promptly when the task that calls it is cancelled.
    public init(_ pull: @escaping @Sendable () async throws(Failure) -> Element?) {
        self.pull = pull
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(pull: pull)
    }

    /// Hands out the elements.
    public struct Iterator: AsyncIteratorProtocol {
        let pull: @Sendable () async throws(Failure) -> Element?

        public mutating func next() async throws(Failure) -> Element? {
            try await pull()
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(Failure) -> Element? {
            try await pull()
        }
    }
}

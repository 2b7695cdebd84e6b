import Interhuman
import SessionReport
import Synchronization

/// What the browsers are shown, the newest of each only. Each browser takes it when it is ready for more; who is slow
/// misses what came in between, and holds up nobody.
final class DashboardFeed: Sendable {
    /// What one browser is told.
    enum Item: String, CaseIterable, Sendable {
        /// The timeline, as HTML.
        case content
        /// The picture in front of the camera, as a data URL.
        case picture
        /// Queue, round trip and so on, as JSON.
        case figures
        /// The session is over; the last thing told.
        case over
    }

    private struct State {
        var newest: [Item: (revision: Int, data: String)] = [:]
        var readers: [Int: Wakeup] = [:]
        var nextReader = 0
    }

    /// Signalled when a browser comes.
    let arrivals: Wakeup
    /// Signalled when one goes.
    private let departures = Wakeup()
    private let state = Mutex(State())

    init(arrivals: Wakeup) {
        self.arrivals = arrivals
    }

    /// Replaces the newest of a kind. Line breaks are not allowed in it.
    func publish(_ item: Item, _ data: String) {
        let readers = state.withLock { state in
            state.newest[item] = ((state.newest[item]?.revision ?? 0) + 1, data)
            return Array(state.readers.values)
        }
        for reader in readers { reader.signal() }
    }

    /// Whether anybody looks.
    var hasReaders: Bool { state.withLock { !$0.readers.isEmpty } }

    /// A reader of its own for a browser.
    func reader() -> Reader {
        let news = Wakeup()
        let number = state.withLock { state in
            state.nextReader += 1
            state.readers[state.nextReader] = news
            return state.nextReader
        }
        arrivals.signal()
        return Reader(feed: self, number: number, news: news)
    }

    /// Says that the session is over, and waits until every browser has taken that or has gone; not longer than a second.
    func end() async {
        publish(.over, "{}")
        let clock = SystemClock()
        let deadline = clock.now + .seconds(1)
        while hasReaders, clock.now < deadline { await departures.wait(until: deadline, on: clock) }
    }

    /// Takes what is newer than what a browser has.
    private func take(newerThan seen: [Item: Int]) -> [(Item, revision: Int, data: String)] {
        state.withLock { state in
            Item.allCases.compactMap { item in
                guard let newest = state.newest[item], newest.revision > seen[item] ?? 0 else { return nil }
                return (item, newest.revision, newest.data)
            }
        }
    }

    private func leave(_ number: Int) {
        state.withLock { _ = $0.readers.removeValue(forKey: number) }
        departures.signal()
    }

    /// One browser's place in the feed. One task reads it.
    final class Reader {
        private let feed: DashboardFeed
        private let number: Int
        private let news: Wakeup
        private var seen: [Item: Int] = [:]

        fileprivate init(feed: DashboardFeed, number: Int, news: Wakeup) {
            (self.feed, self.number, self.news) = (feed, number, news)
        }

        deinit {
            feed.leave(number)
        }

        /// What is new, at least one item; nil when the task is cancelled.
        func next() async -> [(Item, data: String)]? {
            while !Task.isCancelled {
                let items = feed.take(newerThan: seen)
                for (item, revision, _) in items { seen[item] = revision }
                if !items.isEmpty { return items.map { ($0.0, $0.data) } }
                await news.wait()
            }
            return nil
        }
    }
}

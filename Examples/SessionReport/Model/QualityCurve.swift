import InterhumanCore

/// Scores over time, at most ``capacity`` points: when it is full, neighbours become one.
struct QualityCurve: Sendable {
    let capacity: Int
    private(set) var points: [Timeline.Quality] = []
    /// How many of the service's scores one point may stand for.
    private(set) var merged = 1

    init(capacity: Int = 240) {
        self.capacity = max(2, capacity)
    }

    /// How many the last point stands for so far.
    private var lastCount = 0

    /// Takes a point; one of the same stretch is replaced, since services repeat what they told.
    mutating func append(_ point: Timeline.Quality) {
        if let last = points.last, point.start < last.end || point.start <= last.start {
            if merged == 1 { correct(point) }
            return
        }
        guard let last = points.last, lastCount < merged else {
            points.append(point)
            lastCount = 1
            if points.count > capacity { halve() }
            return
        }
        points[points.count - 1] = Self.mean(last, point, weights: (lastCount, 1))
        lastCount += 1
    }

    /// Puts a point where it belongs, in the place of one that covers its beginning.
    private mutating func correct(_ point: Timeline.Quality) {
        let before = points.lastIndex { $0.start <= point.start }
        if let before, points[before].end > point.start || points[before].start == point.start {
            points[before] = point
        } else {
            points.insert(point, at: before.map { $0 + 1 } ?? 0)
            if points.count > capacity { halve() }
        }
    }

    /// Makes one of two, so that a point stands for twice as many from here on.
    private mutating func halve() {
        let pairs = stride(from: 0, to: points.count, by: 2)
        lastCount = points.count.isMultiple(of: 2) ? 2 * merged : lastCount
        points = pairs.map { index in
            guard index + 1 < points.count else { return points[index] }
            return Self.mean(points[index], points[index + 1], weights: (1, 1))
        }
        merged *= 2
    }

    private static func mean(
        _ left: Timeline.Quality, _ right: Timeline.Quality, weights: (Int, Int)
    ) -> Timeline.Quality {
        let share = Double(weights.1) / Double(weights.0 + weights.1)
        func mean(_ score: KeyPath<ConversationQuality, Double>) -> Double {
            left.scores[keyPath: score] * (1 - share) + right.scores[keyPath: score] * share
        }
        return Timeline.Quality(
            start: left.start, end: right.end,
            scores: ConversationQuality(
                qualityIndex: mean(\.qualityIndex), clarity: mean(\.clarity), authority: mean(\.authority),
                energy: mean(\.energy), rapport: mean(\.rapport), learning: mean(\.learning)))
    }
}

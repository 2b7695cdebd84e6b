import CoreMetrics
import InterhumanCore

/// A session's figures on their way to whatever the program measures with.
struct SessionMetrics: Sendable {
    /// How long the network took for each segment.
    let sending: Timer
    /// How long the encoder took for each segment.
    let encoding: Timer
    /// How long each outage lasted.
    let outage: Timer

    private let counters: [(counter: Counter, value: @Sendable (SessionCounts) -> Int)]
    private let gauges: [(gauge: Gauge, value: @Sendable (SessionStatistics) -> Double?)]
    private let factory: any MetricsFactory
    private let dimensions: [(String, String)]

    /// - Parameter factory: Where they go; nil for the program's own.
    init(factory: (any MetricsFactory)?, dimensions: [(name: String, value: String)]) {
        let factory = factory ?? MetricsSystem.factory
        let dimensions = dimensions.map { ($0.name, $0.value) }
        self.factory = factory
        self.dimensions = dimensions
        func timer(_ metric: SessionMetric) -> Timer {
            Timer(label: metric.name, dimensions: dimensions, factory: factory)
        }
        sending = timer(SessionMetricTable.sending)
        encoding = timer(SessionMetricTable.encoding)
        outage = timer(SessionMetricTable.outage)
        counters = SessionMetricTable.counters.map {
            (Counter(label: $0.metric.name, dimensions: dimensions, factory: factory), $0.value)
        }
        gauges = SessionMetricTable.gauges.map {
            (Gauge(label: $0.metric.name, dimensions: dimensions, factory: factory), $0.value)
        }
    }

    /// Counts what was done between two accounts.
    func count(from before: SessionCounts, to after: SessionCounts) {
        for (counter, value) in counters {
            let increase = value(after) - value(before)
            if increase > 0 { counter.increment(by: increase) }
        }
    }

    /// Counts lost media by its cause.
    func count(_ gap: MediaGap) {
        let dimensions = dimensions + [("cause", gap.cause.name)]
        Counter(label: SessionMetricTable.gaps.name, dimensions: dimensions, factory: factory).increment()
        Counter(label: SessionMetricTable.lostMedia.name, dimensions: dimensions, factory: factory)
            .increment(by: SessionMetricTable.milliseconds(gap.timeRange.duration))
    }

    /// Shows how the session is.
    func show(_ statistics: SessionStatistics) {
        for (gauge, value) in gauges {
            if let value = value(statistics) { gauge.record(value) }
        }
    }
}

extension MediaGap.Cause {
    /// The cause without its figures: a dimension must not have many values.
    var name: String {
        switch self {
        case .outboxFull: "outboxFull"
        case .outboxTooOld: "outboxTooOld"
        case .largerThanServiceAllows: "largerThanServiceAllows"
        case .refusedAsTooLarge: "refusedAsTooLarge"
        case .sendingFailedRepeatedly: "sendingFailedRepeatedly"
        case .empty: "empty"
        case .encoderFailed: "encoderFailed"
        case .interruptedWhileSending: "interruptedWhileSending"
        case .paused: "paused"
        case .sessionEnded: "sessionEnded"
        }
    }
}

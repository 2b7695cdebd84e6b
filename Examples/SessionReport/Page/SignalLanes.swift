import InterhumanCore

/// A lane for each type of signal.
struct SignalLanes {
    /// Most lanes; what is left shares one more.
    private static let most = 24

    private let timeline: Timeline
    private let scale: Scale

    init(_ timeline: Timeline, _ scale: Scale) {
        self.timeline = timeline
        self.scale = scale
    }

    func write(to page: inout HTML) {
        var lanes: [String: [(index: Int, signal: Timeline.Signal)]] = [:]
        for (index, signal) in timeline.signals.enumerated() { lanes[signal.type, default: []].append((index, signal)) }
        let types = lanes.keys.sorted()
        for type in types.prefix(Self.most) { lane(type, lanes[type] ?? [], &page) }
        let rest = types.dropFirst(Self.most).flatMap { lanes[$0] ?? [] }
        if !rest.isEmpty { lane("other types", rest, &page) }
    }

    private func lane(_ type: String, _ signals: [(index: Int, signal: Timeline.Signal)], _ page: inout HTML) {
        let total = signals.reduce(0) { $0 + $1.signal.end - $1.signal.start }
        Lane.write(to: &page, type, "signal", note: "\(signals.count) × · \(Clock.length(total))") { page in
            for (index, signal) in signals {
                let probability = signal.probability?.rawValue
                let range = Lane.range(signal.start, signal.end, timeline.duration) + (signal.lasts ? ", lasts" : "")
                Lane.bar(
                    to: &page, scale, signal.start, signal.end, kind: Self.kind(signal.probability), word: probability,
                    target: "s\(index)",
                    tip: Tip(
                        title: signal.type, time: range + (probability.map { " · \($0)" } ?? ""), text: signal.rationale
                    ),
                    name: "Signal")
            }
        }
    }

    private static func kind(_ probability: SignalProbability?) -> String {
        switch probability {
        case .high: "s high"
        case .medium: "s medium"
        case .low: "s low"
        case .unknown, nil: "s none"
        }
    }
}

/// How a measured value becomes a degree from 0 (not at all) to 1 (fully).
enum Grade: Sendable, Hashable {
    /// 0 up to `from`, 1 from `to` on, linear between.
    case rises(from: Double, to: Double)
    /// 1 up to `from`, 0 from `to` on, linear between.
    case falls(from: Double, to: Double)
    /// 1 at `centre`, falling to 0 at `reach` on either side.
    case peaks(at: Double, reach: Double)

    func callAsFunction(_ value: Double) -> Double {
        let degree =
            switch self {
            case .rises(let from, let to): (value - from) / (to - from)
            case .falls(let from, let to): (to - value) / (to - from)
            case .peaks(let centre, let reach): 1 - abs(value - centre) / reach
            }
        return max(0, min(1, degree))
    }
}

/// One measured figure and what is made of it.
struct FeatureCondition: Sendable, Hashable {
    var feature: MeasuredFeature
    var grade: Grade

    init(_ feature: MeasuredFeature, _ grade: Grade) {
        self.feature = feature
        self.grade = grade
    }

    /// The degree to which a window meets the condition, 0 to 1; nil when the figure could not be measured.
    func degree(in window: WindowFeatures) -> Double? {
        feature.value(in: window).map { grade($0) }
    }
}

extension Sequence<FeatureCondition> {
    /// The mean degree of the conditions that could be measured; nil when none could.
    func meanDegree(in window: WindowFeatures) -> Double? {
        let degrees = compactMap { $0.degree(in: window) }
        return degrees.isEmpty ? nil : degrees.reduce(0, +) / Double(degrees.count)
    }
}

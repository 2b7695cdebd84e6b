import InterhumanCore
import Testing

@Suite struct OpenEnumerationTests {
    private func check<Name: OpenEnumeration>(_ known: [Name], count: Int) {
        #expect(Set(known.map(\.rawValue)).count == count)
        for name in known {
            #expect(Name(rawValue: name.rawValue) == name)
            #expect(name.description == name.rawValue)
            #expect(!String(reflecting: name).contains("unknown"))
        }
        let novel = Name(rawValue: "from the future")
        #expect(novel.rawValue == "from the future")
        #expect(!known.contains(novel))
        #expect(Name(rawValue: "from the future") == novel)
    }

    /// The numbers are those of the service's own lists.
    @Test func knownNamesComeBackAndUnknownOnesAreKept() {
        check(SignalType.known, count: 13)
        check(SignalProbability.known, count: 3)
        check(SignalModality.known, count: 2)
        check(EngagementState.known, count: 3)
        check(AnalysisOutput.known, count: 2)
        check(GoalDimension.known, count: 5)
        check(AnalysisModel.known, count: 3)
    }

    @Test(arguments: [
        ("ih1001", ServiceErrorCode.Family.service), ("ih2999", .credential), ("ih3002", .quota), ("ih4021", .request),
        ("ih5008", .media), ("ih6004", .protocol), ("ih9000", .other), ("xx1001", .other), ("", .other),
    ])
    func errorCodesHaveFamilies(code: String, family: ServiceErrorCode.Family) {
        #expect(ServiceErrorCode(rawValue: code).family == family)
    }

    @Test func serviceErrorsAreDescribed() {
        let error = ServiceError(code: .malformedSegment, message: "Broken.", link: "https://x", segment: 3)
        #expect(error.description == "ih5004: Broken. (segment 3), see https://x")
        #expect(ServiceError(code: .tooBusy, message: "Later.").description == "ih1002: Later.")
    }
}

import InterhumanCore
import Testing

@testable import InterhumanSession

/// The policy, row by row, as PROTOCOL says it.
@Suite struct RecoveryTableTests {
    static let serviceErrors: [(String, Recovery)] = [
        ("ih1001", .retry(.normal)), ("ih1002", .retry(.normal)), ("ih1003", .retry(.slow)),
        ("ih1999", .retry(.normal)), ("ih2001", .stop), ("ih2002", .stop), ("ih2003", .stop), ("ih2005", .stop),
        ("ih2010", .refreshCredential), ("ih2011", .refreshCredential), ("ih2014", .refreshCredential),
        ("ih2999", .stop), ("ih3002", .retry(.normal)), ("ih3003", .stop), ("ih3006", .refreshCredential),
        ("ih3999", .retry(.slow)), ("ih4005", .stop), ("ih4007", .stop), ("ih4999", .stop), ("ih5001", .report),
        ("ih5002", .restartContainer), ("ih5004", .restartContainer), ("ih5008", .report),
        ("ih5999", .restartContainer), ("ih6001", .report), ("ih6002", .retry(.immediate)),
        ("ih6003", .retry(.immediate)), ("ih6004", .retry(.immediate)), ("ih6999", .retry(.normal)),
        ("something else", .retry(.normal)),
    ]

    @Test("error codes of the service, known and unknown", arguments: serviceErrors)
    func serviceError(code: String, expected: Recovery) {
        let error = ServiceError(code: ServiceErrorCode(rawValue: code), message: "")
        #expect(RecoveryTable().recovery(from: error.code) == expected)
        // The envelope knows better than the close code.
        let connection = ConnectionError(
            .endedByService, operation: "", message: "", httpStatus: 404, serviceError: error, closeCode: 1008)
        #expect(RecoveryTable().recovery(from: connection) == expected)
    }

    @Test(
        "HTTP statuses",
        arguments: [
            (301, Recovery.stop), (400, .stop), (401, .refreshCredential), (403, .refreshCredential), (404, .stop),
            (407, .stop), (408, .retry(.normal)), (425, .retry(.normal)), (429, .retry(.slow)), (499, .stop),
            (500, .retry(.normal)), (502, .retry(.normal)), (503, .retry(.normal)), (504, .retry(.normal)),
        ])
    func status(_ status: Int, expected: Recovery) {
        let error = ConnectionError(.refused, operation: "", message: "", httpStatus: status)
        #expect(RecoveryTable().recovery(from: error) == expected)
    }

    @Test(
        "close codes without an envelope",
        arguments: [
            (1000, Recovery.retry(.immediate)), (1001, .retry(.normal)), (1005, .retry(.immediate)),
            (1006, .retry(.normal)), (1008, .stop), (1009, .retry(.immediate)), (1011, .retry(.normal)),
            (1012, .retry(.normal)), (1013, .retry(.slow)), (4003, .stop), (4029, .stop), (4999, .retry(.normal)),
        ] as [(UInt16, Recovery)])
    func closeCode(_ code: UInt16, expected: Recovery) {
        let error = ConnectionError(.endedByService, operation: "", message: "", closeCode: code)
        #expect(RecoveryTable().recovery(from: error) == expected)
    }

    @Test(
        "the transport's own words",
        arguments: [
            (ConnectionError.Code.nameNotResolved, Recovery.retry(.normal)), (.unreachable, .retry(.normal)),
            (.timedOut, .retry(.normal)), (.connectionLost, .retry(.normal)), (.tls, .retry(.normal)),
            (.certificateRejected, .stop), (.proxy, .retry(.normal)), (.proxyUnauthorized, .stop),
            (.unauthorized, .refreshCredential),
            (.refused, .stop), (.redirected, .stop), (.notWebSocket, .retry(.slow)),
            (.protocolViolation, .retry(.normal)), (.limitExceeded, .retry(.normal)), (.closed, .retry(.normal)),
            (.endedByService, .retry(.normal)), (.invalidSettings, .stop), (.cancelled, .stop),
            (.system, .retry(.normal)), (ConnectionError.Code(rawValue: "new"), .retry(.normal)),
        ])
    func transport(_ code: ConnectionError.Code, expected: Recovery) {
        #expect(RecoveryTable().recovery(from: ConnectionError(code, operation: "", message: "")) == expected)
    }

    @Test("a provider that failed may need the network; one without a credential ends the session")
    func credentials() {
        let failed = CredentialError(.providerFailed, operation: "", message: "")
        #expect(RecoveryTable().recovery(from: SessionError(.credential(failed))) == .retry(.normal))
        let missing = CredentialError(.missing, operation: "", message: "")
        #expect(RecoveryTable().recovery(from: SessionError(.credential(missing))) == .stop)
        let capture = CaptureError(.busy, operation: "", message: "")
        #expect(RecoveryTable().recovery(from: SessionError(.capture(capture))) == .stop)
    }

    @Test("a handshake that is refused is worth a fresh credential, whatever the code", arguments: [401, 403])
    func refusedHandshake(status: Int) {
        let said = ServiceError(code: .invalidKey, message: "")
        let error = ConnectionError(
            .unauthorized, operation: "", message: "", httpStatus: status, serviceError: said)
        #expect(RecoveryTable().recovery(from: error) == .refreshCredential)
        #expect(RecoveryTable(overrides: [.invalidKey: .stop]).recovery(from: error) == .stop)
    }

    @Test("the user's own rules come first")
    func overrides() {
        let table = RecoveryTable(overrides: [.quotaExhausted: .retry(.slow)])
        #expect(table.recovery(from: .quotaExhausted) == .retry(.slow))
    }
}

/// How long a session waits before it connects again.
@Suite struct ReconnectPolicyTests {
    private func delays(
        _ pace: RetryPace, failures: Int, carriedMedia: Bool = false, retryAfter: Duration? = nil
    ) -> [Duration] {
        var random = SplitMix64(seed: 1)
        return (0..<200).map { _ in
            ReconnectPolicy().delay(
                pace: pace, failures: failures, carriedMedia: carriedMedia, retryAfter: retryAfter, using: &random)
        }
    }

    @Test("full jitter: anywhere below a ceiling that doubles from 1 s to 30 s", arguments: 0..<40)
    func fullJitter(failures: Int) throws {
        let ceiling = min(30.0, Double(sequence(first: 1) { $0 * 2 }.prefix(failures + 1).prefix(10).max() ?? 0))
        let seconds = delays(.normal, failures: failures).map(\.inSeconds)
        #expect(seconds.allSatisfy { $0 >= 0 && $0 <= ceiling })
        #expect(try #require(seconds.min()) < ceiling * 0.1)
        #expect(try #require(seconds.max()) > ceiling * 0.9)
    }

    @Test("slowly: between 15 s and 30 s")
    func slow() {
        #expect(delays(.slow, failures: 0).allSatisfy { $0 >= .seconds(15) && $0 <= .seconds(30) })
    }

    @Test("at once only after a connection that carried media")
    func immediate() {
        #expect(delays(.immediate, failures: 3, carriedMedia: true).allSatisfy { $0 == .zero })
        #expect(delays(.immediate, failures: 3).contains { $0 > .seconds(4) })
    }

    @Test("never sooner than the service asks for, within reason")
    func retryAfter() {
        #expect(delays(.normal, failures: 0, retryAfter: .seconds(20)).allSatisfy { $0 == .seconds(20) })
        #expect(
            delays(.immediate, failures: 0, carriedMedia: true, retryAfter: .seconds(9)).allSatisfy {
                $0 == .seconds(9)
            }
        )
        #expect(delays(.normal, failures: 0, retryAfter: .seconds(86_400)).allSatisfy { $0 == .seconds(600) })
        #expect(delays(.normal, failures: 0, retryAfter: .seconds(-5)).allSatisfy { $0 <= .seconds(1) })
    }

    @Test("the same seed gives the same pauses")
    func repeatable() {
        #expect(delays(.normal, failures: 4) == delays(.normal, failures: 4))
    }
}

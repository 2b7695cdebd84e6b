import InterhumanCore
import Testing

@testable import InterhumanLocalService

@Suite("The service's side of the protocol")
struct ServiceSessionMachineTests {
    private let start = MediaTime(seconds: 1000)

    private func after(_ seconds: Double) -> MediaTime { start + .milliseconds(Int64(seconds * 1000)) }

    private func machine(
        _ version: ServiceEndpoint.Version = .v1, model: AnalysisModel? = nil, limits: ServiceLimits = .init()
    ) -> ServiceSessionMachine {
        ServiceSessionMachine(request: SessionRequest(version: version, model: model), limits: limits)
    }

    /// A machine whose session is open and configured.
    private func running(
        _ version: ServiceEndpoint.Version = .v1, model: AnalysisModel? = nil, limits: ServiceLimits = .init()
    ) -> ServiceSessionMachine {
        var machine = machine(version, model: model, limits: limits)
        _ = machine.open(at: start)
        _ = machine.receive(SessionConfiguration(), at: start)
        return machine
    }

    // MARK: Opening

    @Test("session.ready tells the limits and, on v2, the models")
    func ready() throws {
        for version in ServiceEndpoint.Version.allCases {
            var machine = machine(version)
            let actions = machine.open(at: start)
            let message = try #require(actions.sent.first)
            guard case .sessionReady(let ready) = message else {
                Issue.record("\(message)")
                return
            }
            #expect(actions.count == 1)
            #expect(ready.sessionIdleTimeoutSeconds == 300)
            #expect(ready.sessionMaxDurationSeconds == 3600)
            #expect(ready.minSegmentSizeBytes == 1)
            #expect(ready.maxSegmentSizeBytes == 33_554_432)
            #expect(ready.maxSegmentDurationSeconds == nil)
            #expect(ready.supportedOptions?.include == AnalysisOutput.known)
            #expect(ready.supportedOptions?.goalDimensions == GoalDimension.known)
            #expect(ready.supportedOptions?.model == (version == .v2 ? [.inter2, .inter2Audio] : nil))
        }
    }

    @Test(
        "A wrong model is refused after the handshake with ih4005 and 1008",
        arguments: [
            (ServiceEndpoint.Version.v2, AnalysisModel.inter2Deep), (.v2, .unknown("inter-3")), (.v1, .inter2),
        ])
    func badModel(version: ServiceEndpoint.Version, model: AnalysisModel) {
        var machine = machine(version, model: model)
        let actions = machine.open(at: start)
        #expect(actions.errors == [.badModel])
        #expect(actions.closeCodes == [1008])
        #expect(machine.isClosed)
        let later = machine.receive(SessionConfiguration(), at: start)
        #expect(later.isEmpty)
    }

    // MARK: Configuration

    @Test("Each configuration is acknowledged and replaces include and goal_dimensions")
    func configuration() {
        var machine = machine(.v2)
        _ = machine.open(at: start)
        let first = machine.receive(
            SessionConfiguration(include: AnalysisOutput.known, goalDimensions: [.energy], model: .inter2Audio),
            at: start)
        let expected = SessionConfiguration(
            include: AnalysisOutput.known, goalDimensions: [.energy], model: .inter2Audio)
        #expect(
            first == [
                .configure(expected),
                .send(
                    .sessionUpdated(
                        SessionUpdated(
                            include: AnalysisOutput.known, goalDimensions: [.energy], model: .inter2Audio))),
            ])
        let second = machine.receive(SessionConfiguration(include: []), at: start)
        #expect(second.sent == [.sessionUpdated(SessionUpdated(include: [], model: .inter2Audio))])
        #expect(machine.configuration == SessionConfiguration(include: [], model: .inter2Audio))
    }

    @Test(
        "A bad configuration gets ih6001, changes nothing and leaves the session open",
        arguments: [
            (ServiceEndpoint.Version.v1, SessionConfiguration(include: [.unknown("moods")]), "moods"),
            (.v1, SessionConfiguration(goalDimensions: [.unknown("charm")]), "charm"),
            (.v1, SessionConfiguration(model: .inter2), "v1"),
            (.v2, SessionConfiguration(model: .inter2Deep), "inter-2-deep"),
            (.v2, SessionConfiguration(audioFormat: RawAudioFormat(sampleRate: 16_000)), "inter-2-audio"),
            (.v2, SessionConfiguration(model: .inter2Audio, audioFormat: RawAudioFormat(sampleRate: 8000)), "16000"),
        ])
    func badConfiguration(version: ServiceEndpoint.Version, frame: SessionConfiguration, hint: String) {
        var machine = running(version)
        let before = machine.configuration
        let actions = machine.receive(frame, at: start)
        #expect(actions.errors == [.badConfiguration])
        #expect(actions.messages.first?.contains(hint) == true)
        #expect(actions.closeCodes.isEmpty)
        #expect(machine.configuration == before)
        let media = machine.receiveMedia(byteCount: 9, beginsContainer: true, at: start)
        #expect(media == [.decode(segment: 0)])
    }

    @Test("Text that is no request gets ih6001")
    func unreadableText() {
        var machine = running()
        let actions = machine.receiveUnreadableText(complaint: "inclde: no such property.", at: start)
        #expect(actions.errors == [.badConfiguration])
        #expect(actions.messages == ["inclde: no such property."])
    }

    @Test("The model and the audio format are fixed by the first media")
    func fixedByMedia() {
        var machine = running(.v2, model: .inter2Audio)
        let format = machine.receive(
            SessionConfiguration(audioFormat: RawAudioFormat(sampleRate: 16_000)), at: start)
        #expect(format.errors.isEmpty)
        _ = machine.receiveMedia(byteCount: 100, beginsContainer: false, at: start)
        let other = machine.receive(SessionConfiguration(audioFormat: RawAudioFormat(sampleRate: 24_000)), at: start)
        #expect(other.errors == [.badConfiguration])
        let model = machine.receive(SessionConfiguration(model: .inter2), at: start)
        #expect(model.errors == [.badConfiguration])
        let same = machine.receive(
            SessionConfiguration(model: .inter2Audio, audioFormat: RawAudioFormat(sampleRate: 16_000)), at: start)
        #expect(same.errors.isEmpty)
    }

    @Test("Leaving the model for sound alone leaves raw samples too")
    func modelWithoutRawAudio() {
        var machine = running(.v2, model: .inter2Audio)
        _ = machine.receive(SessionConfiguration(audioFormat: RawAudioFormat(sampleRate: 16_000)), at: start)
        let actions = machine.receive(SessionConfiguration(model: .inter2), at: start)
        #expect(actions.errors.isEmpty)
        #expect(machine.configuration.audioFormat == nil)
        #expect(actions.first == .configure(machine.configuration))
        // What is not a container's header is no media now.
        _ = machine.receiveMedia(byteCount: 10, beginsContainer: true, at: start)
        _ = machine.mediaFailed(.malformedSegment, message: "No media.", container: 0, at: start)
        let media = machine.receiveMedia(byteCount: 10, beginsContainer: false, at: start)
        #expect(media.errors == [.malformedSegment])
    }

    @Test("Limits beyond all time are no deadlines")
    func endlessLimits() {
        var machine = machine(
            limits: ServiceLimits(
                idleTimeout: .seconds(10_000_000_000), maximumDuration: .seconds(10_000_000_000),
                maximumDrain: .seconds(10_000_000_000), closeTimeout: .seconds(10_000_000_000)))
        #expect(machine.open(at: start).count == 1)
        _ = machine.deadline
        let closing = machine.receiveCloseRequest(at: start)
        #expect(closing.contains(.finishMedia))
        _ = machine.timePassed(to: after(1))
    }

    // MARK: Media

    @Test("Media are numbered; media before the configuration are taken and noted, once")
    func mediaFirst() {
        var machine = machine()
        _ = machine.open(at: start)
        let first = machine.receiveMedia(byteCount: 5, beginsContainer: true, at: start)
        #expect(first == [.note(.mediaBeforeConfiguration), .decode(segment: 0)])
        let second = machine.receiveMedia(byteCount: 5, beginsContainer: false, at: start)
        #expect(second == [.decode(segment: 1)])
    }

    @Test("Sizes: the limit itself is taken, one byte more is ih6002 and 1009, nothing at all is ih5004")
    func sizes() {
        let limits = ServiceLimits(maximumMessageSize: 1000)
        var machine = running(limits: limits)
        let largest = machine.receiveMedia(byteCount: 1000, beginsContainer: true, at: start)
        #expect(largest == [.decode(segment: 0)])
        let empty = machine.receiveMedia(byteCount: 0, beginsContainer: false, at: start)
        #expect(empty.errors == [.malformedSegment])
        #expect(!machine.isClosed)
        let tooLarge = machine.receiveMedia(byteCount: 1001, beginsContainer: false, at: start)
        #expect(tooLarge.errors == [.messageTooLarge])
        #expect(tooLarge.closeCodes == [1009])
        #expect(tooLarge.contains(.abandonMedia))
        #expect(machine.isClosed)
    }

    @Test("After unreadable media every message gets ih5004 until a container begins anew")
    func brokenMedia() {
        var machine = running()
        _ = machine.receiveMedia(byteCount: 10, beginsContainer: false, at: start)
        let failed = machine.mediaFailed(.malformedSegment, message: "No media.", container: 0, at: start)
        #expect(failed.errors == [.malformedSegment])
        #expect(failed.segments == [0])
        let again = machine.mediaFailed(.malformedSegment, message: "No media.", container: 0, at: start)
        #expect(again.isEmpty, "one report a segment")
        let middle = machine.receiveMedia(byteCount: 10, beginsContainer: false, at: start)
        #expect(middle.errors == [.malformedSegment])
        #expect(middle.segments == [1])
        let fresh = machine.receiveMedia(byteCount: 10, beginsContainer: true, at: start)
        #expect(fresh == [.decode(segment: 2)])
        #expect(!machine.isClosed)
    }

    @Test("A container that fails breaks none that came after it")
    func brokenBeforeFresh() {
        var machine = running()
        _ = machine.receiveMedia(byteCount: 10, beginsContainer: true, at: start)
        _ = machine.receiveMedia(byteCount: 10, beginsContainer: false, at: start)
        #expect(machine.containerStart == 0)
        _ = machine.receiveMedia(byteCount: 10, beginsContainer: true, at: start)
        #expect(machine.containerStart == 2)
        let failed = machine.mediaFailed(.malformedSegment, message: "No media.", container: 0, at: start)
        #expect(failed.segments == [1], "the last message of the container that failed")
        let next = machine.receiveMedia(byteCount: 10, beginsContainer: false, at: start)
        #expect(next == [.decode(segment: 3)])
        let failedToo = machine.mediaFailed(.unreadableSegment, message: "Too large.", container: 2, at: start)
        #expect(failedToo.errors == [.unreadableSegment])
        #expect(failedToo.segments == [3])
        let rejected = machine.receiveMedia(byteCount: 10, beginsContainer: false, at: start)
        #expect(rejected.errors == [.malformedSegment])
    }

    @Test("Unreadable media end the session where the limits say so")
    func brokenMediaEnds() {
        var machine = running(limits: ServiceLimits(unreadableMediaEndsSession: true))
        _ = machine.receiveMedia(byteCount: 10, beginsContainer: false, at: start)
        let failed = machine.mediaFailed(.malformedSegment, message: "No media.", container: 0, at: start)
        #expect(failed.errors == [.malformedSegment])
        #expect(failed.closeCodes == [1008])
    }

    @Test("A missing track is reported once, and not where the model needs none")
    func missingTracks() {
        var machine = running()
        let both = machine.streamStarted(hasVideo: true, hasAudio: true)
        #expect(both.isEmpty)
        let silent = machine.streamStarted(hasVideo: true, hasAudio: false)
        #expect(silent.errors == [.noAudioTrack])
        #expect(silent.contains(.note(.containerRestarted)))
        let again = machine.streamStarted(hasVideo: true, hasAudio: false)
        #expect(again.errors.isEmpty)
        let blind = machine.streamStarted(hasVideo: false, hasAudio: true)
        #expect(blind.errors == [.noUsableVideo])
        #expect(!machine.isClosed)
        var audio = running(.v2, model: .inter2Audio)
        let sound = audio.streamStarted(hasVideo: false, hasAudio: true)
        #expect(sound.isEmpty)
    }

    @Test("Findings are sent in order")
    func findings() {
        let machine = running()
        let findings: [ServerMessage.Body] = [
            .engagementUpdated(EngagementUpdate(state: .engaged, start: 0)),
            .signalEnded(SignalEnd(type: .interest, end: 3)),
        ]
        #expect(machine.found(findings).sent == findings)
    }

    // MARK: Ends

    @Test("session.close drains: closing, the last findings, ended, 1000")
    func drain() {
        var machine = running()
        let closing = machine.receiveCloseRequest(at: after(5))
        #expect(
            closing == [
                .send(.sessionClosing(SessionClosing(maxDrainSeconds: 30))), .wake(at: after(35)), .finishMedia,
            ])
        #expect(machine.deadline == nil)
        let late = machine.receiveMedia(byteCount: 10, beginsContainer: true, at: after(6))
        #expect(late == [.note(.messageAfterClose)])
        let lateConfiguration = machine.receive(SessionConfiguration(), at: after(6))
        #expect(lateConfiguration == [.note(.messageAfterClose)])
        let lateText = machine.receiveUnreadableText(complaint: "x", at: after(6))
        #expect(lateText == [.note(.messageAfterClose)])
        let again = machine.receiveCloseRequest(at: after(6))
        #expect(again == [.note(.messageAfterClose)])
        let trailing = machine.found([.signalEnded(SignalEnd(type: .interest, end: 3))])
        #expect(trailing.count == 1)
        let ended = machine.mediaFinished([.signalEnded(SignalEnd(type: .stress, end: 9))], at: after(7))
        #expect(
            ended == [
                .send(.signalEnded(SignalEnd(type: .stress, end: 9))),
                .send(.sessionEnded(SessionEnded(reason: "client_shutdown"))), .wake(at: after(12)),
                .close(code: 1000, reason: "client_shutdown"),
            ])
        #expect(machine.isClosed)
        let twice = machine.mediaFinished([], at: after(7))
        #expect(twice.isEmpty)
    }

    @Test("A drain that takes too long is cut short, and a client that never closes is cut off")
    func drainDeadline() {
        var machine = running(limits: ServiceLimits(maximumDrain: .seconds(10)))
        _ = machine.receiveCloseRequest(at: start)
        let early = machine.timePassed(to: after(9.9))
        #expect(early.isEmpty)
        let due = machine.timePassed(to: after(10))
        #expect(due.prefix(2) == [.note(.drainCutShort), .abandonMedia])
        #expect(due.sent == [.sessionEnded(SessionEnded(reason: "client_shutdown"))])
        #expect(due.closeCodes == [1000])
        let waiting = machine.timePassed(to: after(14.9))
        #expect(waiting.isEmpty)
        let cut = machine.timePassed(to: after(15))
        #expect(cut == [.abort])
    }

    @Test("A silent client gets ih6003 after the idle timeout; any message puts it off")
    func idle() {
        var machine = running(limits: ServiceLimits(idleTimeout: .seconds(20)))
        #expect(machine.deadline == after(20))
        _ = machine.receiveMedia(byteCount: 10, beginsContainer: true, at: after(15))
        #expect(machine.deadline == after(35))
        let early = machine.timePassed(to: after(34.9))
        #expect(early.isEmpty)
        let due = machine.timePassed(to: after(35))
        #expect(due.errors == [.idleTimeout])
        #expect(due.contains(.finishMedia))
        let ended = machine.mediaFinished([], at: after(36))
        #expect(ended.sent == [.sessionEnded(SessionEnded(reason: "idle_timeout"))])
        #expect(ended.closeCodes == [1000])
    }

    @Test("The longest session ends with ih6004, however busy it is")
    func maximumDuration() {
        var machine = running(limits: ServiceLimits(maximumDuration: .seconds(60)))
        _ = machine.receiveMedia(byteCount: 10, beginsContainer: true, at: after(59))
        #expect(machine.deadline == after(60))
        let due = machine.timePassed(to: after(60))
        #expect(due.errors == [.maximumDuration])
        let ended = machine.mediaFinished([], at: after(61))
        #expect(ended.sent == [.sessionEnded(SessionEnded(reason: "max_duration"))])
    }

    @Test("When the connection is gone nothing more is done", arguments: [false, true])
    func connectionLost(isDraining: Bool) {
        var machine = running()
        if isDraining { _ = machine.receiveCloseRequest(at: start) }
        let gone = machine.connectionEnded(at: after(1))
        #expect(gone == [.abandonMedia])
        let rest = [
            machine.open(at: start), machine.receive(SessionConfiguration(), at: start),
            machine.receiveMedia(byteCount: 10, beginsContainer: true, at: start),
            machine.receiveCloseRequest(at: start), machine.streamStarted(hasVideo: false, hasAudio: false),
            machine.found([.signalEnded(SignalEnd(type: .stress, end: 1))]), machine.mediaFinished([], at: start),
            machine.mediaFailed(.malformedSegment, message: "", container: 0, at: start),
            machine.connectionEnded(at: start),
        ]
        #expect(rest.allSatisfy { $0.isEmpty })
    }
}

extension [SessionAction] {
    /// The messages sent.
    var sent: [ServerMessage.Body] {
        compactMap { if case .send(let body) = $0 { body } else { nil } }
    }

    private var serviceErrors: [ServiceError] {
        sent.compactMap { if case .error(let error) = $0 { error } else { nil } }
    }

    /// The codes of the errors sent.
    var errors: [ServiceErrorCode] { serviceErrors.map(\.code) }

    /// The words of the errors sent.
    var messages: [String] { serviceErrors.map(\.message) }

    /// The segments that the errors name.
    var segments: [Int] { serviceErrors.compactMap(\.segment) }

    /// The codes that the connection is closed with.
    var closeCodes: [UInt16] {
        compactMap { if case .close(let code, _) = $0 { code } else { nil } }
    }
}

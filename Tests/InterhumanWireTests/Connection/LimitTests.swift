import InterhumanWire
import Testing

@Suite struct LimitTests {
    private func limits(_ change: (inout WebSocketLimits) -> Void) -> WebSocketLimits {
        var limits = WebSocketLimits()
        change(&limits)
        return limits
    }

    @Test func theDefaultsTakeWhatTheServiceAndAutobahnSend() {
        let limits = WebSocketLimits()
        #expect(limits.message == 33_554_432)
        #expect(limits.framePayload >= 33_554_432)
        #expect(limits.fragments >= 65_536)
    }

    @Test func framesAreLimitedByTheirHeader() {
        var client = WebSocketMachine.client(limits: limits { $0.framePayload = 200 })
        #expect(client.receive(RawFrame.binary([UInt8](repeating: 0, count: 200)).bytes).count == 1)
        let tooLong = RawFrame(opcode: 2, announcedLength: 201).bytes
        #expect(client.receive(tooLong).first?.violation == .frameTooLarge)
    }

    @Test func messagesAreLimitedOverAllTheirFrames() {
        var client = WebSocketMachine.client(limits: limits { $0.message = 10 })
        let six = [UInt8](repeating: 1, count: 6)
        #expect(
            client.receive(RawFrame.binary(six, isFinal: false).bytes + RawFrame.continuation([1, 2, 3, 4]).bytes)
                == [.binary(six + [1, 2, 3, 4])])
        #expect(client.receive(RawFrame.binary(six, isFinal: false).bytes).isEmpty)
        let more = RawFrame(opcode: 0, announcedLength: 5).bytes
        #expect(client.receive(more).first?.violation == .messageTooLarge)
    }

    /// 2^63 - 1 is the largest length that a header can announce: no sum with it may overflow.
    @Test func theLargestLengthIsRefusedAndDoesNotOverflow() {
        var client = WebSocketMachine.client(limits: limits { $0.framePayload = .max })
        _ = client.receive(RawFrame.binary([1], isFinal: false).bytes)
        let huge = RawFrame(opcode: 0, announcedLength: UInt64(Int64.max)).bytes
        #expect(client.receive(huge).first?.violation == .messageTooLarge)
    }

    @Test func fragmentsAreCounted() {
        var client = WebSocketMachine.client(limits: limits { $0.fragments = 3 })
        let begin = RawFrame.binary([], isFinal: false).bytes
        let middle = RawFrame.continuation([], isFinal: false).bytes
        #expect(client.receive(begin + middle + RawFrame.continuation([]).bytes) == [.binary([])])
        let actions = client.receive(begin + middle + middle + middle)
        #expect(actions.first?.violation == .tooManyFragments)
    }

    @Test func aFloodOfPingsIsAnsweredForTheLatest() throws {
        var client = WebSocketMachine.client(limits: limits { $0.queuedControlFrames = 4 })
        try client.send(text: "before")
        for number in 0..<100 { _ = client.receive(RawFrame.ping("\(number)").bytes) }
        let frames = client.takeFrames()
        #expect(frames.map(\.opcode) == [1, 10, 10, 10, 10])
        #expect(frames.last?.payload == Array("99".utf8))
        // The count begins anew with an empty queue.
        _ = client.receive(RawFrame.ping("x").bytes)
        _ = client.receive(RawFrame.ping("y").bytes)
        #expect(client.takeFrames().count == 2)
    }

    /// Reassembly must stay linear: copying what is there already for each of these would move 16 TiB.
    @Test(.timeLimit(.minutes(5))) func aMillionFragmentsStayLinear() {
        var client = WebSocketMachine.client(limits: limits { $0.fragments = 1_048_577 })
        let chunk = RawFrame.continuation([UInt8](repeating: 5, count: 32), isFinal: false).bytes
        let many = [[UInt8]](repeating: chunk, count: 4096).flatMap(\.self)
        #expect(client.receive(RawFrame.binary([], isFinal: false).bytes).isEmpty)
        for _ in 0..<255 { #expect(client.receive(many).isEmpty) }
        #expect(client.receive([[UInt8]](repeating: chunk, count: 4095).flatMap(\.self)).isEmpty)
        let last = RawFrame.continuation([UInt8](repeating: 5, count: 32)).bytes
        #expect(client.receive(last) == [.binary([UInt8](repeating: 5, count: 33_554_432))])
    }
}

import InterhumanDeflate
import InterhumanWire
import Testing

@Suite struct CompressionTests {
    /// A client and a server that agreed.
    private func pair(
        _ settings: PerMessageDeflate = PerMessageDeflate(), limits: WebSocketLimits = WebSocketLimits()
    ) throws -> (client: WebSocketMachine, server: WebSocketMachine) {
        let (response, server) = try #require(settings.choose(from: settings.offers))
        let client = try settings.activate(response: response)
        return (
            WebSocketMachine(role: .client(maskKeys: { MaskKey(1, 2, 3, 4) }), limits: limits, compression: client),
            WebSocketMachine(role: .server, limits: limits, compression: server)
        )
    }

    /// RFC 7692 section 7.2.3: its examples, as a client would get them.
    @Test(
        arguments: [
            [[0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]],
            [[0x41, 0x03, 0xF2, 0x48, 0xCD], [0x80, 0x04, 0xC9, 0xC9, 0x07, 0x00]],
            // The window of the first message serves the second.
            [
                [0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], [0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00],
            ],
            // A block that is not compressed, one with BFINAL, two blocks.
            [[0xC1, 0x0B, 0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]],
            [[0xC1, 0x08, 0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]],
            [[0xC1, 0x0D, 0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00]],
            // BFINAL, then a message that refers to the first one's window.
            [
                [0xC1, 0x08, 0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
                [0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00],
            ],
        ] as [[[UInt8]]])
    func examplesOfTheRFC(frames: [[UInt8]]) throws {
        var (client, _) = try pair()
        let actions = client.receive(frames.flatMap { $0 })
        #expect(!actions.isEmpty)
        #expect(actions.allSatisfy { $0 == .text("Hello") })
    }

    @Test func theFirstHelloIsTheRFCsOwn() throws {
        var (_, server) = try pair()
        try server.send(text: "Hello")
        #expect(server.takeOutput() == [0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
    }

    @Test(arguments: 8...15) func conversationsComeThroughWithEveryWindow(bits: Int) throws {
        for keeps in [true, false] {
            var settings = PerMessageDeflate()
            (settings.clientMaxWindowBits, settings.serverMaxWindowBits) = (bits, bits)
            (settings.clientContextTakeover, settings.serverContextTakeover) = (keeps, keeps)
            var (client, server) = try pair(settings)
            let words = "the quick brown fox jumps over the lazy dog ".utf8
            for count in [0, 1, 100, 255, 256, 257, 1000, 5000, 40_000, 200_000, 3] {
                let bytes = (0..<count).map { index in Array(words)[(index &* index / 7) % words.count] }
                try client.send(binary: bytes, compressed: true)
                #expect(server.receive(client.takeOutput()) == [.binary(bytes)])
                let text = String(decoding: bytes, as: UTF8.self)
                try server.send(text: text)
                #expect(client.receive(server.takeOutput()) == [.text(text)])
            }
        }
    }

    @Test func contextTakeoverMakesRepeatsSmaller() throws {
        func sizes(_ settings: PerMessageDeflate) throws -> [Int] {
            var (client, _) = try pair(settings)
            return try (0..<2).map { _ in
                try client.send(text: "a sentence that comes twice, word for word")
                return client.takeOutput().count
            }
        }
        let kept = try sizes(PerMessageDeflate())
        #expect(kept[1] < kept[0] / 2)
        var forgetful = PerMessageDeflate()
        forgetful.clientContextTakeover = false
        let forgotten = try sizes(forgetful)
        #expect(forgotten[1] == forgotten[0])
    }

    @Test func mediaAndSmallMessagesGoUncompressed() throws {
        var settings = PerMessageDeflate()
        settings.minimumSize = 10
        var (client, server) = try pair(settings)
        try client.send(binary: [UInt8](repeating: 0, count: 1000))
        #expect(client.withOutput { $0.count } > 1000)
        try client.send(text: "short")
        #expect(client.withOutput { $0[0] } == 0x81)
        try client.send(text: "long enough")
        let compressed = client.takeOutput()
        #expect(compressed[0] == 0xC1)
        #expect(server.receive(compressed) == [.text("long enough")])
    }

    @Test func everySplitGivesTheSame() throws {
        var (client, _) = try pair()
        try client.send(text: "Hällo Hällo 😀 Hällo")
        let bytes = client.takeOutput()
        for split in 0...bytes.count {
            var (_, server) = try pair()
            let actions = server.receive(bytes[..<split]) + server.receive(bytes[split...])
            #expect(actions == [.text("Hällo Hällo 😀 Hällo")])
        }
    }

    /// 32 MiB of zeros in 32 KiB: an error, not memory.
    @Test func aBombIsAnError() throws {
        var limits = WebSocketLimits()
        limits.message = 1_000_000
        var (client, _) = try pair()
        try client.send(binary: [UInt8](repeating: 0, count: 30_000_000), compressed: true)
        var (_, server) = try pair(limits: limits)
        let bomb = client.takeOutput()
        #expect(bomb.count < 40_000)
        #expect(server.receive(bomb).first?.failure == .inflatedTooLarge)
        #expect(server.ending?.closeCode == .messageTooBig)
    }

    @Test func exactlyTheLimitIsTaken() throws {
        var limits = WebSocketLimits()
        limits.message = 50_000
        for (count, isTaken) in [(50_000, true), (50_001, false)] {
            var (client, server) = try pair(limits: limits)
            try client.send(binary: [UInt8](repeating: 7, count: count), compressed: true)
            #expect((server.receive(client.takeOutput()).first?.failure == nil) == isTaken)
        }
    }

    @Test(
        arguments: [
            [0xC1, 0x01, 0x07], [0xC1, 0x03, 0xFF, 0xFF, 0xFF],
            // A distance that reaches before the first byte.
            [0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00],
        ] as [[UInt8]])
    func malformedDataFails(frame: [UInt8]) throws {
        var (client, _) = try pair()
        #expect(client.receive(frame).first?.failure == .compressedDataMalformed)
        #expect(client.ending?.closeCode == .invalidPayload)
    }

    @Test func textIsCheckedAfterInflating() throws {
        var (client, server) = try pair()
        try client.send(binary: [0x41, 0xFF], compressed: true)
        var bytes = client.takeOutput()
        bytes[0] = 0xC1
        #expect(server.receive(bytes).first?.failure == .textNotUTF8)
    }

    /// Found by the fuzzers: which fault came first depended on how the frame was cut.
    @Test func theFirstFaultCountsHoweverTheFrameIsCut() throws {
        let frame: [UInt8] = [0xC1, 0x0B, 0xF2, 0x48, 0xCD, 0xC9, 0xFE, 0x3F, 0x34, 0x57, 0xF0, 0x40, 0x90]
        var (whole, _) = try pair()
        var (cut, _) = try pair()
        let expected = whole.receive(frame)
        #expect(expected.first?.failure == .textNotUTF8)
        #expect(frame.flatMap { cut.receive([$0]) } == expected)
    }

    @Test(
        arguments: [
            (0xC9, ProtocolViolation.compressedControlFrame), (0xC0, .compressedContinuation), (0xA1, .reservedBitSet),
        ] as [(UInt8, ProtocolViolation)])
    func markedFramesThatMustNotBe(first: UInt8, violation: ProtocolViolation) throws {
        var (client, _) = try pair()
        #expect(client.receive([first]).first?.failure == violation)
    }

    @Test func uncompressedMessagesComeBetween() throws {
        var (client, _) = try pair()
        #expect(
            client.receive([0x81, 1, 0x41, 0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x82, 0])
                == [.text("A"), .text("Hello"), .binary([])])
    }
}

extension WebSocketAction {
    fileprivate var failure: ProtocolViolation? {
        if case .failed(let error) = self { error.violation } else { nil }
    }
}

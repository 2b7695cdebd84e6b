import InterhumanCore
import InterhumanLocalService
import Testing

@Suite("Faults as text")
struct ServiceFaultTests {
    @Test(
        "A fault is read as it is written",
        arguments: [
            ("refuse=ih3003", "handshake: refuse=ih3003"),
            ("2x handshake: status=503", "2x handshake: status=503"),
            ("message=3: close=1011", "message=3: close=1011"),
            ("byte=100000: kill", "byte=100000: kill"),
            ("kill", "open: kill"),
            ("1x delay=0.5", "1x handshake: delay=0.5"),
            ("open:delay=2", "open: delay=2.0"),
            ("finish: silence", "finish: silence"),
            ("stop-reading", "open: stop-reading"),
            ("drop", "open: drop"),
            ("throttle=50000", "open: throttle=50000"),
            ("error=ih1001", "open: error=ih1001"),
            (#"message=1: send={"type":"a: b=c"}"#, #"message=1: send={"type":"a: b=c"}"#),
            ("send=", "open: send="),
            ("send-binary=3", "open: send-binary=3"),
            ("shed=3-9", "open: shed=3.0-9.0"),
        ])
    func text(given: String, written: String) throws {
        let fault = try #require(ServiceFault(given))
        #expect(fault.description == written)
        #expect(ServiceFault(written) == fault)
    }

    @Test(
        "What is none is refused",
        arguments: [
            "", "nonsense", "close", "close=99999", "close=1005", "close=1006", "open: refuse=ih3003",
            "message=1: status=503", "status=99", "byte=10: close=1011", "byte=0: kill", "message=0: kill",
            "message=-1: kill", "message=x: kill", "0x kill", "throttle=0", "delay=0", "delay=-1", "delay=inf",
            "delay=nan", "handshake: kill", "shed=9-3", "shed=3", "kill=now", "send-binary=-1", "refuse=",
        ])
    func nonsense(text: String) {
        #expect(ServiceFault(text) == nil)
    }

    @Test("A count is used up session by session; what has none stays")
    func plan() throws {
        let plan = FaultPlan(["2x kill", "drop"].compactMap { ServiceFault($0) })
        #expect(plan.current.map(\.description) == ["2x open: kill", "open: drop"])
        plan.replace(by: [])
        plan.add([try #require(ServiceFault("silence"))])
        #expect(plan.current.count == 1)
    }
}

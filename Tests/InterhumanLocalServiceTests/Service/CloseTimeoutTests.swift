import Glibc
import InterhumanCore
import InterhumanLocalService
import InterhumanTesting
import Testing

@Suite("A client that does not answer the closing handshake", .timeLimit(.minutes(2)))
struct CloseTimeoutTests {
    /// A client that sends what it has to say in one go and never reads.
    private final class DeafClient {
        private let descriptor: Int32

        init(port: Int, _ bytes: [UInt8]) throws {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(status == 0)
            try #require(send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
        }

        deinit {
            close(descriptor)
        }
    }

    @Test("is cut off when its time is up, though the drain could have lasted longer")
    func unanswered() async throws {
        let clock = ManualClock()
        let start = clock.now
        let log = EventLog()
        let limits = ServiceLimits(maximumDrain: .seconds(30), closeTimeout: .seconds(5))
        let service = try await LocalService.start(
            LocalServiceConfiguration(limits: limits, observer: log.observer), clock: clock)
        let handshake =
            "GET /v1/stream/analyze HTTP/1.1\r\nHost: 127.0.0.1:\(service.port)\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "Authorization: Bearer test-key\r\n\r\n"
        let text = Array(#"{"type":"session.close"}"#.utf8)
        // A masked text frame; a mask of zeros leaves the text as it is.
        let frame = [0x81, 0x80 | UInt8(text.count), 0, 0, 0, 0] + text
        let client = try DeafClient(port: service.port, Array(handshake.utf8) + frame)
        await clock.waitForSleeper(until: start + .seconds(5))
        clock.advance(by: .seconds(5))
        #expect(await log.sessionEnded() != nil)
        withExtendedLifetime(client) {}
        await service.shutdown()
    }
}

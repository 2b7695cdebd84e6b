import Glibc
import InterhumanCore

/// An echo client or server for the Autobahn suite, on Wire and blocking sockets and nothing else.
///
///     AutobahnPeer client ws://HOST:PORT AGENT     runs every case of a fuzzing server, then asks for its reports
///     AutobahnPeer server PORT                     echoes on 127.0.0.1:PORT (0: any) until it is killed
@main
struct AutobahnPeer {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            switch (arguments.first, arguments.count) {
            case ("client", 3):
                try EchoClient(url: arguments[2], agent: arguments[3]).run()
            case ("server", 2):
                guard let port = UInt16(arguments[2]) else { fail("\(arguments[2]) is no port", status: 2) }
                try EchoServer(port: port).run()
            default:
                fail("usage: AutobahnPeer client ws://HOST:PORT AGENT | AutobahnPeer server PORT", status: 2)
            }
        } catch {
            fail("\(error)", status: 1)
        }
    }

    private static func fail(_ message: String, status: Int32) -> Never {
        report("AutobahnPeer: \(message)")
        exit(status)
    }
}

/// Writes a line to the standard error stream, at once.
func report(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

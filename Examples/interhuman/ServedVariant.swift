public import ArgumentParser
public import InterhumanLocalService
import InterhumanTransport
import InterhumanWire

extension ServiceFault: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// How the local service departs from what it does by default: which generation it speaks, and what goes wrong.
struct ServedVariant: ParsableArguments {
    @Option(help: ArgumentHelp("Generation of the messages: a, b or c (today's).", valueName: "letter"))
    var dialect = "c"

    @Option(
        help: ArgumentHelp(
            "What goes wrong, as [COUNTx ][TRIGGER: ]ACTION; may be given several times.",
            discussion: """
                TRIGGER: handshake, open, message=NUMBER, byte=NUMBER (for kill), finish.
                ACTION: refuse=CODE, status=NUMBER, delay=SECONDS, error=CODE, close=NUMBER, kill, stop-reading, drop, \
                throttle=NUMBER (bytes a second), silence, send=TEXT, send-binary=NUMBER, shed=FROM-TO (seconds).
                Examples: --fault 'refuse=ih3003' --fault '1x message=3: close=1011'
                """, valueName: "fault"))
    var fault: [ServiceFault] = []

    @Flag(help: "Let programs on this machine change faults and read reports under /_control/.")
    var control = false

    @Flag(help: "Agree to permessage-deflate, for text only.")
    var deflate = false

    @Option(help: ArgumentHelp("Most connections at a time.", valueName: "count"))
    var maximumConnections = 64

    @Option(help: ArgumentHelp("Largest message in bytes.", valueName: "bytes"))
    var maximumMessageSize = 33_554_432

    @Option(
        help: ArgumentHelp(
            "What all connections may hold together of what clients sent, beyond 2 MiB for each.", valueName: "bytes"))
    var receiveBudget = ReceiveBudget().common

    func validate() throws {
        guard EnvelopeDialect(generation: dialect) != nil else { throw ValidationError("A dialect is a, b or c.") }
        guard maximumConnections > 0, maximumMessageSize > 0, receiveBudget > 0 else {
            throw ValidationError(
                "--maximum-connections, --maximum-message-size and --receive-budget are positive numbers.")
        }
    }
}

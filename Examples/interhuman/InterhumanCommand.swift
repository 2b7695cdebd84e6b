import ArgumentParser
import InterhumanSession

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `interhuman`: stream a conversation to Interhuman, or serve a stand-in for it on this machine.
@main
struct InterhumanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interhuman",
        abstract: "Streams a conversation to Interhuman and prints what comes back.",
        discussion: """
            The API key comes from the environment variable INTERHUMAN_API_KEY, never from an argument.

            Exit status: 0 clean end, 64 wrong usage, 66 capture (file, device or recording), 69 connection, 70 encoding, \
            73 recording, 77 credential, 130 cancelled.
            """,
        version: StreamSession.sdkVersion,
        subcommands: [
            StreamCommand.self, RecordCommand.self, ReplayCommand.self, ServeCommand.self, DevicesCommand.self,
            DoctorCommand.self,
        ])

    static func main() async {
        // SVT-AV1 has no other switch for what it writes to standard error. Before there is a second thread.
        setenv("SVT_LOG", "1", 0)
        await main(nil)
    }
}

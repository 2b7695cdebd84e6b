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
            These environment variables stand in for options, which win:

            INTERHUMAN_API_KEY      The API key; it is never an argument.
            INTERHUMAN_URL          Base URL of the service (--url).
            INTERHUMAN_CA           A PEM file with an authority to trust (--ca).
            INTERHUMAN_API_VERSION  v1 or v2 (--api-version).
            INTERHUMAN_MODEL        The model, on v2 (--model).
            INTERHUMAN_CAMERA       The camera's id, path or name (--camera).
            INTERHUMAN_MICROPHONE   The microphone's id or name (--microphone).
            INTERHUMAN_CONTAINER    webm, fmp4, mp4 or mpegts (--container).

            Completions for bash, zsh or fish: interhuman --generate-completion-script SHELL.

            Exit status: 0 clean end, 1 the doctor found a problem, 64 wrong usage, 66 capture (file, device \
            or recording), 69 connection, 70 encoding, 73 recording, 74 nobody reads the output, 77 credential, 130 cancelled.
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

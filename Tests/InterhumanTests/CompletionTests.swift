import Foundation
import TestPrograms
import Testing

/// The scripts that shells load to complete `interhuman`.
@Suite(.timeLimit(.minutes(2))) struct CompletionTests {
    /// Where the shells are that this machine has.
    private static func path(of shell: String) -> String? {
        ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + shell }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// A directory with the script, `interhuman` itself, and a file to complete.
    private func prepare(_ shell: String) async throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let program = try BuiltExecutable.path(of: "interhuman")
        let script = try await FinishedProgram.run(program, ["--generate-completion-script", shell])
        #expect(script.status == 0)
        try Data(script.output.utf8).write(to: URL(filePath: directory.path + "/script"))
        try Data(script.output.utf8).write(to: URL(filePath: directory.path + "/_interhuman"))
        try Data().write(to: URL(filePath: directory.path + "/talk one.mp4"))
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/interhuman", withDestinationPath: program)
        return directory
    }

    /// Runs lines in a shell that reads no start-up files.
    private func run(_ shell: String, _ options: [String], _ lines: String) async throws -> FinishedProgram? {
        guard let path = Self.path(of: shell) else { return nil }
        let directory = try await prepare(shell)
        let result = try await FinishedProgram.run(
            path, options + ["-c", "cd '\(directory.path)'\n" + lines],
            environment: ["PULSE_SERVER": "unix:/nonexistent/native", "HOME": directory.path])
        withExtendedLifetime(directory) {}
        return result
    }

    @Test func bashCompletesCommandsValuesAndFiles() async throws {
        let lines = """
            PATH=$PWD:$PATH
            source ./script
            complete_line() {
                COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE="${COMP_WORDS[*]}"
                COMP_POINT=${#COMP_LINE}; COMPREPLY=()
                _interhuman interhuman "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
                (IFS='|'; printf '%s\\n' "${COMPREPLY[*]}")
            }
            complete_line interhuman st
            complete_line interhuman stream --view ''
            complete_line interhuman stream --input t
            complete_line interhuman stream --cont
            """
        let result = try #require(try await run("bash", ["--norc"], lines))
        #expect(result.errors.isEmpty)
        #expect(result.output == "stream\nauto|on|off\ntalk one.mp4\n--container\n")
    }

    @Test(.enabled(if: path(of: "zsh") != nil, "zsh is not installed")) func zshLoadsTheScript() async throws {
        let lines = """
            fpath=($PWD $fpath)
            autoload -Uz compinit
            compinit -u -d ./dump
            print -r -- $_comps[interhuman]
            autoload +X _interhuman && whence -w _interhuman
            zsh -n ./script && print sound
            """
        let result = try #require(try await run("zsh", ["-f"], lines))
        #expect(result.output == "_interhuman\n_interhuman: function\nsound\n")
        #expect(result.errors.isEmpty)
    }

    @Test(.enabled(if: path(of: "fish") != nil, "fish is not installed"))
    func fishCompletesCommandsValuesAndFiles() async throws {
        let lines = """
            set PATH $PWD $PATH
            source ./script
            complete -C 'interhuman st'
            complete -C 'interhuman stream --view '
            complete -C 'interhuman stream --input t'
            """
        let result = try #require(try await run("fish", ["--no-config"], lines))
        let words = result.output.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
        #expect(words == ["stream", "auto", "on", "off", "talk one.mp4"])
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func camerasAreThoseOfThisMachine(shell: String) async throws {
        let program = try BuiltExecutable.path(of: "interhuman")
        let environment = ["PULSE_SERVER": "unix:/nonexistent/native", "SAP_SHELL": shell, "SAP_SHELL_VERSION": "5"]
        let offered = try await FinishedProgram.run(
            program, ["---completion", "stream", "--", "--camera", "3", "0", "interhuman", "stream", "--camera", ""],
            environment: environment)
        let listed = try await FinishedProgram.run(program, ["devices", "--json"], environment: environment)
        let listing = try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any]
        let cameras = (listing?["cameras"] as? [[String: Any]] ?? []).filter {
            $0["problem"] == nil || $0["problem"] is NSNull
        }
        #expect(offered.status == 0)
        for case let id as String in cameras.map({ $0["id"] ?? "" }) {
            let word = shell == "zsh" ? id.replacing(":", with: "\\:") : id
            #expect(offered.output.contains(word))
        }
        #expect(!cameras.isEmpty || offered.output.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty)
    }
}

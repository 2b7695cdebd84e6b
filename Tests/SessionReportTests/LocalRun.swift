import Foundation
import TestPrograms
import Testing

/// `interhuman serve` and `interhuman stream` against it.
struct LocalRun {
    static let key = "sekret-0123456789"

    let url: String
    private let program: RunningProgram

    init(_ arguments: [String] = []) async throws {
        program = try RunningProgram(
            try BuiltExecutable.path(of: "interhuman"), ["serve", "--port", "0", "--plain"] + arguments)
        let line = try #require(await program.output.firstLine { _ in true })
        let ready = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        url = try #require(ready["url"] as? String)
    }

    func stream(_ arguments: [String]) async throws -> FinishedProgram {
        try await FinishedProgram.run(
            try BuiltExecutable.path(of: "interhuman"), ["stream", "--url", url] + arguments,
            environment: ["INTERHUMAN_API_KEY": Self.key])
    }

    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> RunningProgram {
        try RunningProgram(
            try BuiltExecutable.path(of: "interhuman"), ["stream", "--url", url] + arguments,
            environment: ["INTERHUMAN_API_KEY": Self.key].merging(environment) { _, new in new })
    }

    static func replay(_ arguments: [String]) async throws -> FinishedProgram {
        try await FinishedProgram.run(try BuiltExecutable.path(of: "interhuman"), ["replay"] + arguments)
    }
}

/// A file's text.
func contents(_ path: String) throws -> String {
    try String(contentsOf: URL(filePath: path), encoding: .utf8)
}

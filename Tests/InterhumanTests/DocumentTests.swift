import Foundation
import TestPrograms
import Testing

/// What README, Documentation and the DocC catalogs say is so: Scripts/check_documents.py.
@Suite(.timeLimit(.minutes(10))) struct DocumentTests {
    @Test(arguments: ["links", "names", "codes", "snippets", "commands", "run"])
    func documentsAreTrue(check: String) async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let script = root.appending(path: "Scripts/check_documents.py").path
        let program = ["commands", "run"].contains(check) ? [try BuiltExecutable.path(of: "interhuman")] : []
        let result = try await FinishedProgram.run("/usr/bin/env", ["python3", script, check] + program)
        #expect(result.status == 0, "\(result.errors)")
    }
}

public import InterhumanCore
import Synchronization

/// Gives prepared credentials, one a call, and records what it was asked for.
public final class RecordingCredentialProvider: CredentialProvider {
    private struct State {
        var answers: [Result<Credential, CredentialError>]
        var repeated: Credential?
        var refreshing: [Bool] = []
    }

    private let state: Mutex<State>

    /// Takes the answers; when they are used up, it throws `CredentialError.Code.missing`.
    public init(_ answers: Result<Credential, CredentialError>...) {
        state = Mutex(State(answers: answers))
    }

    /// Gives the same credential as often as it is asked.
    public init(repeating credential: Credential) {
        state = Mutex(State(answers: [], repeated: credential))
    }

    /// Whether each call so far asked for a fresh credential.
    public var calls: [Bool] { state.withLock { $0.refreshing } }

    public func credential(refreshing: Bool) async throws(CredentialError) -> Credential {
        let answer = state.withLock { state in
            state.refreshing.append(refreshing)
            return state.answers.isEmpty ? state.repeated.map { .success($0) } : state.answers.removeFirst()
        }
        guard let answer else {
            throw CredentialError(
                .missing, operation: "give a credential",
                message: "The prepared credentials are used up. Give the provider one for each call.")
        }
        return try answer.get()
    }
}

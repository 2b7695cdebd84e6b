import InterhumanCore
import Logging

extension StreamSession {
    func obtainCredential(refreshing: Bool) async {
        do throws(CredentialError) {
            apply(.credential(try await configuration.credentials.credential(refreshing: refreshing)))
        } catch {
            apply(.credentialFailed(error))
        }
    }

    func connect(with credential: Credential) async {
        do throws(ConnectionError) {
            let opened = try await connector.connect(configuration.request(with: credential))
            connection = opened
            guard !Task.isCancelled else { return }
            summary.correlationID = opened.correlationID
            logger[metadataKey: "correlation-id"] = opened.correlationID.map { "\($0)" }
            emit(.connected(correlationID: opened.correlationID))
            apply(.connected(correlationID: opened.correlationID))
            run(.receive) { await $0.receive(from: opened) }
        } catch {
            apply(.connectFailed(error))
        }
    }

    func receive(from connection: any AnalysisConnection) async {
        for await event in connection.events {
            switch event {
            case .message(let message): take(message)
            case .ended(let ending):
                apply(.connectionEnded(ending))
                return
            }
        }
    }

    /// Passes a message on, then lets it have its effect.
    private func take(_ message: ServerMessage) {
        summary.messagesReceived += 1
        emit(timeline.kind(of: message.body), message: message)
        if case .sessionReady(let ready) = message.body {
            serviceLimits = ready
            checkOptions(ready.supportedOptions)
        }
        apply(SessionInput(message.body))
    }

    func sendConfiguration() async {
        guard let connection else { return }
        do throws(ConnectionError) {
            try await connection.send(configuration.session)
            apply(.configurationSent)
        } catch {
            apply(.sendFailed(error))
        }
    }

    func requestClose() async {
        guard let connection else { return }
        do throws(ConnectionError) {
            try await connection.requestClose()
        } catch {
            apply(.sendFailed(error))
        }
    }

    /// Warns of what the configuration asks for and the service doesn't offer. A list that it doesn't give is not
    /// checked.
    private func checkOptions(_ options: SupportedSessionOptions?) {
        let wanted = configuration.session
        check("include", wanted.include, in: options?.include)
        check("goal_dimensions", wanted.goalDimensions ?? [], in: options?.goalDimensions)
        check("model", wanted.model.map { [$0] } ?? [], in: options?.model)
    }

    private func check<Option: OpenEnumeration>(_ field: String, _ wanted: [Option], in offered: [Option]?) {
        guard let offered else { return }
        for option in wanted where !offered.contains(option) {
            warn(
                .unsupportedOption(
                    field: field, value: option.rawValue, supported: offered.map(\.rawValue)))
        }
    }
}

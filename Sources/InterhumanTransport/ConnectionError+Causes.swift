import InterhumanCore
import InterhumanWire
import NIOCore

extension ConnectionError {
    /// What a channel reported: already one of ours, an errno, or something else of SwiftNIO's.
    init(channel error: any Error, operation: String, peer: String) {
        if let error = error as? ConnectionError {
            self = error
        } else if let error = error as? IOError {
            self.init(
                .connectionLost, operation: operation,
                message: "The connection to \(peer) broke. Connect again.", underlying: error.description)
        } else {
            self.init(
                .connectionLost, operation: operation,
                message: "The connection to \(peer) ended. Connect again.", underlying: String(describing: error))
        }
    }

    /// What Wire's machine found.
    init(wire error: WireError, peer: String) {
        let code: Code =
            switch error.code {
            case .limitExceeded: .limitExceeded
            case .unexpectedEndOfStream: .connectionLost
            case .closed: .closed
            case .notHTTP, .badHandshake: .notWebSocket
            default: .protocolViolation
            }
        self.init(
            code, operation: "\(error.operation) from \(peer)", message: error.message, underlying: error.underlying,
            closeCode: error.closeCode?.rawValue)
    }
}

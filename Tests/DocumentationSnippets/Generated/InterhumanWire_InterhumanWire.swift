// Made of Sources/InterhumanWire/InterhumanWire.docc/InterhumanWire.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanWire

private func block1() async throws {
    /// Echoes what a client says: the bytes come from anywhere, and go anywhere.
    func echo(
        _ received: [UInt8], with machine: inout WebSocketMachine
    ) throws(WireError) -> (output: [UInt8], isOver: Bool) {
        var isOver = false
        for action in machine.receive(received) {
            switch action {
            case .text(let text): try machine.send(text: text)
            case .binary(let bytes): try machine.send(binary: bytes)
            case .endTransport: isOver = true
            default: break
            }
        }
        return (machine.takeOutput(), isOver)
    }
}

import InterhumanDeflate
import InterhumanWire
import Testing

/// One way to compress, as both sides are told.
enum DeflateVariant: String, CaseIterable, Sendable {
    /// Neither side compresses.
    case off
    /// The largest windows, kept from message to message.
    case contextTakeover
    /// Every message for itself, on both sides.
    case noContextTakeover
    /// The server's window has 512 bytes, the client's 4 KiB.
    case smallWindows

    /// Parameters of `websockets`' factories; those that are nil are left to it.
    struct Parameters: Encodable {
        var serverNoContextTakeover: Bool?
        var clientNoContextTakeover: Bool?
        var serverMaxWindowBits: Int?
        var clientMaxWindowBits: Int?

        enum CodingKeys: String, CodingKey {
            case serverNoContextTakeover = "server_no_context_takeover"
            case clientNoContextTakeover = "client_no_context_takeover"
            case serverMaxWindowBits = "server_max_window_bits"
            case clientMaxWindowBits = "client_max_window_bits"
        }
    }

    /// What our side is configured with.
    var ours: PerMessageDeflate? {
        guard self != .off else { return nil }
        var deflate = PerMessageDeflate()
        if self == .noContextTakeover {
            deflate.serverContextTakeover = false
            deflate.clientContextTakeover = false
        }
        if self == .smallWindows {
            deflate.serverMaxWindowBits = 9
            deflate.clientMaxWindowBits = 12
        }
        return deflate
    }

    /// What Python's side is configured with.
    var theirs: Parameters? {
        switch self {
        case .off: nil
        case .contextTakeover: Parameters()
        case .noContextTakeover: Parameters(serverNoContextTakeover: true, clientNoContextTakeover: true)
        case .smallWindows: Parameters(serverMaxWindowBits: 9, clientMaxWindowBits: 12)
        }
    }

    /// Parameters that the server's answer holds, in alphabetical order.
    var agreed: [String] {
        switch self {
        case .off: []
        case .contextTakeover: ["permessage-deflate"]
        case .noContextTakeover: ["client_no_context_takeover", "permessage-deflate", "server_no_context_takeover"]
        case .smallWindows: ["client_max_window_bits=12", "permessage-deflate", "server_max_window_bits=9"]
        }
    }

    /// Checks what was negotiated and that text was compressed if so, media never.
    func check(
        _ report: PythonPeer.Report, texts: Int, binaries: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let extensions = report.extensions?.split(separator: ";").map { String($0.trimming(" ")) } ?? []
        #expect(extensions.sorted() == agreed, sourceLocation: sourceLocation)
        #expect(report.compressedTexts == (self == .off ? 0 : texts), sourceLocation: sourceLocation)
        #expect(report.plainTexts == (self == .off ? texts : 0), sourceLocation: sourceLocation)
        #expect(report.compressedBinaries == 0, sourceLocation: sourceLocation)
        #expect(report.plainBinaries == binaries, sourceLocation: sourceLocation)
    }
}

extension Substring {
    /// Without a character at its beginning.
    fileprivate func trimming(_ character: Character) -> Substring { drop { $0 == character } }
}

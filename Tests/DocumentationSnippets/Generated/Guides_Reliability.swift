// Made of Documentation/Guides/Reliability.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman

private func block1() async throws {
    configuration.reconnect.outageBudget = nil        // never give up (default: 10 min without a connection)
    configuration.reconnect.appliesToStart = true     // start() tries again as well (default: it throws the first failure)
    configuration.reconnect.recoveries[.noUsableVideo] = .stop
}

private func block2() async throws {
    configuration.spool = DiskSpool(directory: "/var/lib/my-program/spool")
    configuration.outbox.maximumAge = nil
}

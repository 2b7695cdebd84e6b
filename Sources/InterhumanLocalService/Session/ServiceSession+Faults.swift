import InterhumanCore
import InterhumanTransport

extension ServiceSession {
    /// Commits the faults that are due now.
    func commit(_ trigger: ServiceFault.Trigger) async {
        for action in faults.due(trigger) {
            report(.fault("\(trigger): \(action)"))
            await commit(action)
        }
    }

    private func commit(_ action: ServiceFault.Action) async {
        switch action {
        case .refuse, .status: break
        case .delay(let duration): faults.sendDelay = duration
        case .error(let code): await perform([.send(.error(.requested(code)))])
        case .close(let code): await perform(machine.cut(closeCode: code, at: now))
        case .kill: await perform([.abandonMedia, .abort])
        case .stopReading: faults.isDeaf = true
        case .drop: faults.dropsMedia = true
        case .throttle(let rate): receiveRate?.bytesPerSecond = rate
        case .silence: faults.isSilent = true
        case .send(let text): outbox.append(.text(text))
        case .sendBinary(let count): outbox.append(.binary([UInt8](repeating: 0, count: count)))
        case .shed(let range): analyzer.shedRanges.append(range)
        }
    }
}

import InterhumanCore
import InterhumanEncode

/// Decoding and analysis.
extension ServiceSession {
    /// Seconds of media from one report of what was decoded to the next.
    private static let reportInterval = 3.0

    func decode(_ bytes: [UInt8], segment: Int) async {
        do throws(EncodeError) {
            try await decoder.append(bytes)
        } catch {
            guard error.code != .cancelled else { return }
            // The decoder had failed before it got these bytes; its own report may name an earlier segment.
            await perform(
                machine.mediaFailed(.malformedSegment, message: error.message, segment: segment, at: now))
        }
    }

    func analyse(rawSamples bytes: [UInt8]) async {
        for chunk in rawAudio?.read(bytes) ?? [] { await take(.audio(chunk)) }
    }

    /// Takes what decoders give until no more media come. One that fails is replaced: the client may begin anew.
    func analyseMedia() async {
        while true {
            do throws(EncodeError) {
                for try await media in decoder.output { await take(media) }
                await perform(machine.mediaFinished(finishAnalysis(), at: now))
                return
            } catch {
                guard error.code != .cancelled else { return }
                await replaceDecoder(after: error)
            }
        }
    }

    private func finishAnalysis() -> [ServerMessage.Body] {
        let findings = analyzer.finish()
        reportDecoded()
        return findings
    }

    private func replaceDecoder(after error: EncodeError) async {
        decoder = MediaStreamDecoder(limits: environment.decoderLimits)
        if isFinishing { await decoder.finish() }
        let code: ServiceErrorCode = error.code == .malformedMedia ? .malformedSegment : .unreadableSegment
        await perform(machine.mediaFailed(code, message: error.message, at: now))
    }

    private func take(_ media: DecodedMedia) async {
        var actions: [SessionAction] = []
        switch media {
        case .streamStarted(let information):
            lint.streamStarted(information)
            analyzer.beginStream(hasVideo: information.video != nil, hasAudio: information.audio != nil)
            report(.streamStarted(information.summary))
            actions = machine.streamStarted(
                hasVideo: information.video != nil, hasAudio: information.audio != nil)
        case .video(let frame, _):
            lint.video(at: frame.captureTime.seconds)
            statistics.videoFrameCount += 1
            actions = machine.found(analyzer.add(frame))
        case .audio(let chunk):
            if rawAudio == nil { lint.audio(at: chunk.captureTime.seconds) }
            statistics.audioSampleCount += chunk.frameCount
            actions = machine.found(analyzer.add(chunk))
        case .streamEnded: break
        }
        lint.reached(mediaSeconds: analyzer.mediaEnd, at: now)
        if let error = spend() { actions += machine.refuse(error, closeCode: 4029, at: now) }
        if analyzer.mediaEnd - reportedSeconds >= Self.reportInterval { reportDecoded() }
        guard !actions.isEmpty else { return }
        await perform(actions)
        await outbox.waitForRoom()
    }

    /// Counts the media that were analysed since the last time.
    private func spend() -> ServiceError? {
        let seconds = analyzer.mediaEnd - spentSeconds
        spentSeconds = analyzer.mediaEnd
        return account.spend(videoSeconds: seconds)
    }

    private func reportDecoded() {
        reportedSeconds = analyzer.mediaEnd
        statistics.mediaSeconds = analyzer.mediaEnd
        report(.decoded(statistics))
    }
}

extension StreamInformation {
    /// The stream in a few words, for a log.
    fileprivate var summary: String {
        let video = video.map { ", \($0.codec) \($0.width)x\($0.height)" } ?? ", no video"
        let audio = audio.map { ", \($0.codec) \($0.sampleRate) Hz, channels: \($0.channelCount)" } ?? ", no audio"
        return container + video + audio
    }
}

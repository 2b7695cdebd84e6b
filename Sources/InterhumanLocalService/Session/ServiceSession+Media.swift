import InterhumanCore
import InterhumanEncode

/// Decoding and analysis.
extension ServiceSession {
    /// Seconds of media from one report of what was decoded to the next.
    private static let reportInterval = 3.0

    /// Media are raw samples of this rate (Hz) from now on, or containers where there is none. Changes before the
    /// first media only: the machine sees to that.
    func readSamples(at sampleRate: Int?) {
        guard sampleRate != rawAudio?.sampleRate else { return }
        rawAudio = sampleRate.map { RawAudioReader(sampleRate: $0) }
        if rawAudio != nil { analyzer.beginStream(hasVideo: false, hasAudio: true) }
    }

    /// Analyses a media message that was accepted.
    func analyse(_ bytes: [UInt8], segment: Int, container: Int) async {
        statistics.segmentCount += 1
        statistics.byteCount += bytes.count
        report(.segmentAccepted(index: segment, byteCount: bytes.count))
        if rawAudio != nil {
            lint.samples(index: segment, at: now)
            await analyse(rawSamples: bytes)
        } else {
            lint.container(bytes, index: segment, at: now)
            await decode(bytes, container: container)
        }
    }

    /// Decodes a message of the container that began with message `number`; waits while the decoder is behind.
    private func decode(_ bytes: [UInt8], container number: Int) async {
        guard let container = await container(number) else { return }
        do throws(EncodeError) {
            try await container.decoder.append(bytes)
        } catch {
            // The analysis meets the same error behind what was decoded before it, and tells. The next message is
            // judged by that.
            await container.waitUntilAnalysed()
        }
    }

    /// The container that began with message `number`; nil when no more are wanted.
    ///
    /// One that is new waits until all of the one before was looked at: a client has one decoder at a time.
    private func container(_ number: Int) async -> MediaContainer? {
        if let container {
            guard number != container.number else { return container }
            await container.decoder.finish()
            await container.waitUntilAnalysed()
        }
        guard !isAbandoned, !Task.isCancelled else { return nil }
        let made = MediaContainer(
            number: number, decoder: MediaStreamDecoder(limits: environment.decoderLimits))
        container = made
        nextContainer.yield(made)
        return made
    }

    /// No more media come: what is there is still decoded.
    func finishMedia() async {
        isFinishing = true
        // The message at hand was accepted: it comes first, and then here again.
        guard !isTakingMedia else { return }
        nextContainer.finish()
        await container?.decoder.finish()
    }

    /// Drops what was not analysed yet.
    func abandonMedia() async {
        isAbandoned = true
        nextContainer.finish()
        await container?.decoder.cancel()
    }

    private func analyse(rawSamples bytes: [UInt8]) async {
        for chunk in rawAudio?.read(bytes) ?? [] { await take(.audio(chunk)) }
    }

    /// Takes what decoders give until no more media come. When one fails, the client may begin a fresh container.
    func analyseMedia() async {
        for await container in containers {
            defer { container.endAnalysis() }
            do throws(EncodeError) {
                for try await media in container.decoder.output { await take(media) }
            } catch {
                guard error.code != .cancelled else { return }
                await perform(
                    machine.mediaFailed(
                        Self.code(for: error), message: error.message, container: container.number, at: now))
            }
        }
        guard !isAbandoned, !Task.isCancelled else { return }
        await perform(machine.mediaFinished(finishAnalysis(), at: now))
    }

    /// What a decoder's failure is to the client.
    private static func code(for error: EncodeError) -> ServiceErrorCode {
        error.code == .malformedMedia ? .malformedSegment : .unreadableSegment
    }

    private func finishAnalysis() -> [ServerMessage.Body] {
        let findings = analyzer.finish()
        reportDecoded()
        return findings
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

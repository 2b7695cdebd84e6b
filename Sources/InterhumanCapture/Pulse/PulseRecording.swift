import CInterhumanPulse
import InterhumanCore
import Synchronization

/// A record stream. Its callbacks run on libpulse's thread with the main loop's lock held.
///
/// Sendable although it holds a C pointer: the stream is used only under the main loop's lock (see ``PulseContext``),
/// and what callbacks change is in a mutex.
final class PulseRecording: Recording, @unchecked Sendable {
    private let context: PulseContext
    private let stream: OpaquePointer
    private let handler: @Sendable (borrowing RecordingNotice) -> Void
    private let format: AudioFormat
    private let state: Mutex<State>

    /// The time of one byte of the stream, and when that was learnt.
    private struct Measurement {
        var at: MediaTime
        var index: Int64
        var time: MediaTime
    }

    private static let measureInterval: Duration = .milliseconds(200)

    private struct State {
        var measured: Measurement?
        var isClosed = false
        var source: String
        var defaultSource: String?
        var isMuted = false
        var fragment: Duration
    }

    var source: String { state.withLock { $0.source } }
    var fragment: Duration { state.withLock { $0.fragment } }

    /// Begins to record and waits until the server has granted it. Blocks.
    init(
        _ request: RecordRequest, context: PulseContext,
        handler: @escaping @Sendable (borrowing RecordingNotice) -> Void
    ) throws(CaptureError) {
        self.context = context
        self.handler = handler
        format = request.format
        state = Mutex(
            State(source: request.source, defaultSource: request.knownDefault, fragment: request.fragment))
        stream = try context.locked { () throws(CaptureError) in try Self.makeStream(request, context) }
        do throws(CaptureError) {
            try context.locked { () throws(CaptureError) in try connect(request) }
        } catch {
            close()
            throw error
        }
    }

    deinit {
        close()
        // After close no callback follows; the pointer has no other user left.
        pa_threaded_mainloop_lock(context.loop)
        pa_stream_unref(stream)
        pa_threaded_mainloop_unlock(context.loop)
    }

    func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        pa_threaded_mainloop_lock(context.loop)
        pa_context_set_subscribe_callback(context.context, nil, nil)
        pa_stream_set_state_callback(stream, nil, nil)
        pa_stream_set_read_callback(stream, nil, nil)
        pa_stream_set_overflow_callback(stream, nil, nil)
        pa_stream_set_moved_callback(stream, nil, nil)
        pa_stream_set_suspended_callback(stream, nil, nil)
        pa_stream_set_latency_update_callback(stream, nil, nil)
        pa_stream_disconnect(stream)
        // The context is this recording's own. Its end cancels questions whose answers would come to self.
        pa_context_disconnect(context.context)
        pa_threaded_mainloop_unlock(context.loop)
    }

    private static func makeStream(
        _ request: RecordRequest, _ context: PulseContext
    ) throws(CaptureError) -> OpaquePointer {
        var sample = pa_sample_spec(
            format: interhuman_PA_SAMPLE_S16NE, rate: UInt32(clamping: request.format.sampleRate),
            channels: UInt8(clamping: request.format.channelCount))
        var map = pa_channel_map()
        guard pa_sample_spec_valid(&sample) != 0,
            pa_channel_map_init_extend(&map, UInt32(sample.channels), PA_CHANNEL_MAP_WAVEEX) != nil,
            let stream = pa_stream_new(context.context, "Interhuman microphone", &sample, &map)
        else { throw PulseFault.error(Int32(PA_ERR_INVALID.rawValue), operation: "record from \(request.source)") }
        return stream
    }

    private var frameSize: Int { 2 * max(1, format.channelCount) }

    // MARK: Connecting. With the lock held.

    private func connect(_ request: RecordRequest) throws(CaptureError) {
        let operation = "record from \(request.source)"
        setCallbacks()
        let bytes = Int(request.fragment.inSeconds * Double(format.sampleRate)) * frameSize
        var attributes = pa_buffer_attr()
        attributes.maxlength = .max
        attributes.fragsize = UInt32(clamping: max(frameSize, bytes))
        var flags: UInt32 =
            PA_STREAM_ADJUST_LATENCY.rawValue | PA_STREAM_AUTO_TIMING_UPDATE.rawValue
        if !request.mayMove { flags |= PA_STREAM_DONT_MOVE.rawValue }
        guard pa_stream_connect_record(stream, request.source, &attributes, pa_stream_flags_t(flags)) >= 0 else {
            throw context.fault(operation)
        }
        wait: while true {
            switch pa_stream_get_state(stream) {
            case PA_STREAM_READY: break wait
            case PA_STREAM_FAILED, PA_STREAM_TERMINATED: throw context.fault(operation)
            default: try context.wait(operation)
            }
        }
        readGranted()
        if pa_stream_is_suspended(stream) == 1 { tell(.suspended(true)) }
        pa_context_set_subscribe_callback(context.context, Self.subscription, unmanaged)
        let mask = PA_SUBSCRIPTION_MASK_SOURCE.rawValue | PA_SUBSCRIPTION_MASK_SERVER.rawValue
        release(pa_context_subscribe(context.context, pa_subscription_mask_t(mask), nil, nil))
        askSource()
        askServer()
    }

    /// Callbacks get an unretained self: `close` takes them away under the lock before self can go.
    private var unmanaged: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> PulseRecording? {
        pointer.map { Unmanaged<PulseRecording>.fromOpaque($0).takeUnretainedValue() }
    }

    private func setCallbacks() {
        pa_stream_set_state_callback(stream, { _, pointer in PulseRecording.from(pointer)?.stateChanged() }, unmanaged)
        pa_stream_set_read_callback(stream, { _, _, pointer in PulseRecording.from(pointer)?.read() }, unmanaged)
        pa_stream_set_overflow_callback(
            stream, { _, pointer in PulseRecording.from(pointer)?.tell(.overflowed) }, unmanaged)
        pa_stream_set_moved_callback(stream, { _, pointer in PulseRecording.from(pointer)?.moved() }, unmanaged)
        pa_stream_set_latency_update_callback(
            stream, { _, pointer in PulseRecording.from(pointer)?.measured() }, unmanaged)
        pa_stream_set_suspended_callback(stream, { _, pointer in PulseRecording.from(pointer)?.suspended() }, unmanaged)
    }

    private func readGranted() {
        state.withLock { $0.measured = nil }
        let name = pa_stream_get_device_name(stream).map { String(cString: $0) }
        let bytes = pa_stream_get_buffer_attr(stream).map { Int($0.pointee.fragsize) }
        state.withLock { state in
            if let name { state.source = name }
            if let bytes { state.fragment = .seconds(Double(bytes / frameSize) / Double(max(1, format.sampleRate))) }
        }
    }

    private func release(_ operation: OpaquePointer?) {
        if let operation { pa_operation_unref(operation) }
    }

    // MARK: Callbacks

    private func tell(_ content: RecordingNotice.Content) {
        handler(RecordingNotice(content))
    }

    private func stateChanged() {
        switch pa_stream_get_state(stream) {
        case PA_STREAM_FAILED:
            tell(.failed(context.fault("record from \(source)")))
        case PA_STREAM_TERMINATED:
            tell(.failed(PulseFault.error(Int32(PA_ERR_KILLED.rawValue), operation: "record from \(source)")))
        default: break
        }
        pa_threaded_mainloop_signal(context.loop, 0)
    }

    /// Takes all that is there. No data and no bytes is nothing; no data but bytes is a hole, which also is dropped.
    private func read() {
        while true {
            let available = pa_stream_readable_size(stream)
            guard available > 0, available != .max else { return }
            let captured = captureTime()
            var data: UnsafeRawPointer?
            var count = 0
            if captured == nil { release(pa_stream_update_timing_info(stream, nil, nil)) }
            guard pa_stream_peek(stream, &data, &count) >= 0, count > 0 else { return }
            if let data {
                let samples = UnsafeRawBufferPointer(start: data, count: count).bindMemory(to: Int16.self)
                tell(.samples(samples, captured: captured))
            } else {
                tell(.hole(sampleCount: count / 2, captured: captured))
            }
            pa_stream_drop(stream)
        }
    }

    /// When the next unread sample was taken: the last measured one's time and the count of samples from there.
    ///
    /// libpulse's own interpolation (`pa_stream_get_latency`) takes seconds to forget a wrong first value, and drifts
    /// on sources without a clock (measured: 700 ms off for half a second, 20 ms after three); the count doesn't.
    private func captureTime() -> MediaTime? {
        guard let info = pa_stream_get_timing_info(stream)?.pointee, info.read_index_corrupt == 0,
            let measured = state.withLock({ $0.measured })
        else { return nil }
        if SystemClock().now - measured.at > Self.measureInterval {
            release(pa_stream_update_timing_info(stream, nil, nil))
        }
        let frames = (Int64(info.read_index) - measured.index) / Int64(frameSize)
        return measured.time + .nanoseconds(frames * 1_000_000_000 / Int64(max(1, format.sampleRate)))
    }

    /// New timing: the last byte that the server had written came from the source so long before.
    private func measured() {
        // Before the first byte there is nothing to be timed; some sinks then render seconds late.
        guard let info = pa_stream_get_timing_info(stream), info.pointee.write_index_corrupt == 0,
            info.pointee.write_index > 0
        else { return }
        let now = SystemClock().now
        let latency = Int64(clamping: info.pointee.source_usec) - Int64(clamping: info.pointee.sink_usec)
        let measured = Measurement(
            at: now, index: info.pointee.write_index,
            time: now - .microseconds(interhuman_pulse_age(info) &+ latency))
        state.withLock { $0.measured = measured }
    }

    private func moved() {
        readGranted()
        tell(.moved(to: source, isSuspended: pa_stream_is_suspended(stream) == 1))
        askSource()
    }

    private func suspended() {
        tell(.suspended(pa_stream_is_suspended(stream) == 1))
    }

    private static let subscription: pa_context_subscribe_cb_t = { _, event, _, pointer in
        guard let recording = PulseRecording.from(pointer) else { return }
        switch event.rawValue & PA_SUBSCRIPTION_EVENT_FACILITY_MASK.rawValue {
        case PA_SUBSCRIPTION_EVENT_SOURCE.rawValue: recording.askSource()
        case PA_SUBSCRIPTION_EVENT_SERVER.rawValue: recording.askServer()
        default: break
        }
    }

    /// Asks whether the source is muted. The answer comes by callback, or never: `close` cancels the question.
    private func askSource() {
        release(
            pa_context_get_source_info_by_name(
                context.context, source,
                { _, info, end, pointer in
                    guard end == 0, let info, let recording = PulseRecording.from(pointer) else { return }
                    recording.heard(isMuted: info.pointee.mute != 0)
                }, unmanaged))
    }

    private func askServer() {
        release(
            pa_context_get_server_info(
                context.context,
                { _, info, pointer in
                    guard let name = info?.pointee.default_source_name else { return }
                    PulseRecording.from(pointer)?.heard(defaultSource: String(cString: name))
                }, unmanaged))
    }

    private func heard(isMuted: Bool) {
        let changed = state.withLock { state in
            defer { state.isMuted = isMuted }
            return !state.isClosed && state.isMuted != isMuted
        }
        if changed { tell(.muted(isMuted)) }
    }

    /// The first answer is a change only against the default that was known when the source was chosen.
    private func heard(defaultSource: String) {
        let changed = state.withLock { state in
            defer { state.defaultSource = defaultSource }
            guard !state.isClosed, let known = state.defaultSource else { return false }
            return known != defaultSource
        }
        if changed { askWhetherMonitor(defaultSource) }
    }

    /// Asks what the new default is. One that is gone again by then isn't told: the server tells the next one.
    private func askWhetherMonitor(_ defaultSource: String) {
        release(
            pa_context_get_source_info_by_name(
                context.context, defaultSource,
                { _, info, end, pointer in
                    guard end == 0, let info = info?.pointee, let name = info.name else { return }
                    PulseRecording.from(pointer)?.tell(
                        .defaultChanged(to: String(cString: name), isMonitor: info.monitor_of_sink != .max))
                }, unmanaged))
    }
}

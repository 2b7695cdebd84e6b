import CInterhumanPulse
import InterhumanCore

@testable import InterhumanCapture

/// Plays a tone burst to a sink and knows when it was heard.
///
/// Sendable: the stream is used under the main loop's lock only.
final class PulsePlayer: @unchecked Sendable {
    private let context: PulseContext
    private let stream: OpaquePointer

    init(address: String, sink: String) throws(CaptureError) {
        context = try PulseContext(address: address)
        let context = context
        stream = try context.locked { () throws(CaptureError) in
            var sample = pa_sample_spec(format: interhuman_PA_SAMPLE_S16NE, rate: 48_000, channels: 1)
            guard let stream = pa_stream_new(context.context, "test", &sample, nil) else { throw context.fault("play") }
            var attributes = pa_buffer_attr()
            attributes.maxlength = 48_000 * 2 * 10
            attributes.tlength = 48_000 / 10 * 2
            attributes.prebuf = 0
            attributes.minreq = .max
            pa_stream_set_state_callback(
                stream, { _, loop in pa_threaded_mainloop_signal(OpaquePointer(loop), 0) },
                UnsafeMutableRawPointer(context.loop))
            pa_stream_connect_playback(stream, sink, &attributes, PA_STREAM_ADJUST_LATENCY, nil, nil)
            while pa_stream_get_state(stream) != PA_STREAM_READY {
                guard pa_stream_get_state(stream) != PA_STREAM_FAILED else { throw context.fault("play") }
                pa_threaded_mainloop_wait(context.loop)
            }
            return stream
        }
    }

    deinit {
        pa_threaded_mainloop_lock(context.loop)
        pa_stream_set_state_callback(stream, nil, nil)
        pa_stream_disconnect(stream)
        pa_stream_unref(stream)
        pa_threaded_mainloop_unlock(context.loop)
    }

    /// Writes samples, all at once.
    func play(_ samples: [Int16]) throws(CaptureError) {
        try context.locked { () throws(CaptureError) in
            guard pa_stream_write(stream, samples, samples.count * 2, nil, 0, PA_SEEK_RELATIVE) >= 0 else {
                throw context.fault("play")
            }
        }
    }

    /// When a sample that is still to come will be heard, from raw timing as in PulseRecording.
    func time(of sample: Int) throws(CaptureError) -> MediaTime {
        try context.locked { () throws(CaptureError) in
            try context.finish(
                pa_stream_update_timing_info(
                    stream, { _, _, loop in pa_threaded_mainloop_signal(OpaquePointer(loop), 0) },
                    UnsafeMutableRawPointer(context.loop)), "play")
            guard let info = pa_stream_get_timing_info(stream) else { throw context.fault("play") }
            let measured = SystemClock().now - .microseconds(interhuman_pulse_age(info))
            let ahead = (Int64(sample) * 2 - info.pointee.read_index) * 1_000_000 / 96_000
            return measured + .microseconds(Int64(info.pointee.sink_usec) + ahead)
        }
    }
}

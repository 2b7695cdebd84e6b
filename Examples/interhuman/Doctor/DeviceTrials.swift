import Interhuman

/// Opens the camera and the microphone for a moment: only that shows whether somebody else holds them, and whether they
/// give anything. What they give is measured and let go.
enum DeviceTrials {
    static func camera() async -> Finding {
        var configuration = CameraConfiguration()
        (configuration.width, configuration.height) = (640, 360)
        let source = CameraSource(nil, configuration: configuration)
        do throws(CaptureError) {
            let stream = try await source.start()
            let pictures = try await take(5, of: stream.frames, within: .seconds(5)) { Brightness.of($0) }
            await source.stop()
            return picture(pictures, from: stream.description)
        } catch {
            await source.stop()
            return .problem("picture", "\(error.operation) failed.", error.message)
        }
    }

    static func microphone() async -> Finding {
        let source = MicrophoneSource()
        do throws(CaptureError) {
            let stream = try await source.start()
            let peaks = try await take(50, of: stream.chunks, within: .seconds(5)) { peak(of: $0.samples) }
            await source.stop()
            return sound(peak: peaks.max())
        } catch {
            await source.stop()
            return .problem("sound", "\(error.operation) failed.", error.message)
        }
    }

    /// - Parameter pictures: The brightness of each picture that came, nil where it can't be read.
    static func picture(_ pictures: [Double?], from description: String) -> Finding {
        guard let last = pictures.last else {
            return .problem(
                "picture", "The camera opened (\(description)), but gave no picture in 5 s.",
                "Plug it into another port, directly and not by a hub, or ask for less: --size 640x360 --fps 15.")
        }
        guard let brightness = last else { return .ok("picture", description) }
        guard brightness >= 20 else {
            return .warning(
                "picture", "It is black (brightness \(Int(brightness)) of 255).",
                "Open the camera's cover or privacy switch, or turn on the light; some keyboards have a key for it.")
        }
        return .ok("picture", "\(description); brightness \(Int(brightness)) of 255")
    }

    /// - Parameter peak: The largest sample, full scale 1; nil when none came.
    static func sound(peak: Double?) -> Finding {
        guard let peak else {
            return .problem(
                "sound", "The microphone opened, but gave nothing in 5 s.",
                "Look at it in the sound settings (pavucontrol), or restart the sound server.")
        }
        guard peak > 0 else {
            return .warning(
                "sound", "It is nothing but zeros.",
                "Look for a switch or a mute key at the microphone, and for this program in the sound settings.")
        }
        return .ok("sound", "largest sample \(Int((peak * 100).rounded(.up))) % of full scale in one second")
    }

    private static func peak(of samples: AudioSamples) -> Double {
        switch samples {
        case .int16(let values): Double(values.map(\.magnitude).max() ?? 0) / 32_768
        case .float32(let values): Double(values.map(\.magnitude).max() ?? 0)
        }
    }

    /// Measures up to `count` elements, as many as come in time.
    private static func take<Element: Sendable, Value: Sendable>(
        _ count: Int, of sequence: MediaSequence<Element, CaptureError>, within limit: Duration,
        measure: @escaping @Sendable (Element) -> Value
    ) async throws(CaptureError) -> [Value] {
        let reading = Task { () -> Result<[Value], CaptureError> in
            var values: [Value] = []
            var iterator = sequence.makeAsyncIterator()
            do throws(CaptureError) {
                while values.count < count, let element = try await iterator.next() { values.append(measure(element)) }
            } catch {
                // The deadline passed.
                return error.code == .cancelled ? .success(values) : .failure(error)
            }
            return .success(values)
        }
        let deadline = Task {
            try await Task.sleep(for: limit)
            reading.cancel()
        }
        defer { deadline.cancel() }
        return try await reading.value.get()
    }
}

/// How bright a picture is.
enum Brightness {
    /// The mean luminance, 0 to 255; nil for compressed pictures and formats without a plane that says so.
    static func of(_ frame: VideoFrame) -> Double? {
        let (offset, step): (Int, Int)
        switch frame.format.pixelFormat {
        case .i420, .nv12, .nv21, .gray8: (offset, step) = (0, 1)
        case .yuyv: (offset, step) = (0, 2)
        case .uyvy: (offset, step) = (1, 2)
        default: return nil
        }
        return frame.storage.withPlanes { planes in
            guard let plane = planes.first else { return nil }
            // A prime distance, so that no column of the picture is taken for all.
            let places = stride(from: offset, to: plane.bytes.count, by: step * 997)
            let sum = places.reduce(into: (total: 0, count: 0)) { sum, place in
                sum = (sum.total + Int(plane.bytes[place]), sum.count + 1)
            }
            return sum.count == 0 ? nil : Double(sum.total) / Double(sum.count)
        }
    }
}

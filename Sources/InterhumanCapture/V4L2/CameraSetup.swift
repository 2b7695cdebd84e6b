import CInterhumanV4L2
import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Opens a camera and agrees on a stream, in the order that drivers need: S_FMT, S_PARM, REQBUFS, mmap, QBUF, STREAMON.
struct CameraSetup {
    let system: any CameraSystem
    let camera: Camera
    let configuration: CameraConfiguration

    /// More tries than this mean that the driver refuses everything.
    private static let mostTries = 16

    /// Opens the camera and starts it.
    func start() throws(CaptureError) -> CameraStream {
        let native = camera.formats.filter { !$0.isEmulated }
        if !choices(native).isEmpty { return try start(native, convert: false) }
        // Last resort: formats that FFmpeg doesn't know are libv4l's to convert.
        let converted = try convertedFormats()
        guard !choices(converted).isEmpty else { throw nothingFits() }
        return try start(converted, convert: true)
    }

    private func choices(_ formats: [CameraFormat]) -> [FormatChoice] {
        FormatNegotiation(configuration: configuration, isUSB: camera.bus.hasPrefix("usb")).choices(among: formats)
    }

    private func convertedFormats() throws(CaptureError) -> [CameraFormat] {
        do throws(SystemFailure) {
            let device = try system.open(camera.path, convert: true)
            defer { device.close() }
            return CameraQuery(device: device).formats()
        } catch {
            throw CameraFault.error(error, path: camera.path)
        }
    }

    private func nothingFits() -> CaptureError {
        let offered = camera.formats.map { "\($0.fourCC)" }.joined(separator: ", ")
        let wanted =
            configuration.pixelFormat.map { "The camera doesn't give \($0)" } ?? "No format of it is known here"
        return CaptureError(
            .unsupported, operation: "agree on a format with \(camera.name)",
            message:
                "\(wanted). It offers: \(offered.isEmpty ? "nothing" : offered). Choose one of these or another camera."
        )
    }

    /// Tries the choices in their order. Lack of USB bandwidth leaves those that need less.
    private func start(_ formats: [CameraFormat], convert: Bool) throws(CaptureError) -> CameraStream {
        var choices = choices(formats)
        var refusals: [String] = []
        var lastFailure: SystemFailure?
        var tries = 0
        while let choice = choices.first, tries < Self.mostTries {
            choices.removeFirst()
            tries += 1
            do throws(SystemFailure) {
                return try start(choice, convert: convert, refusals: refusals)
            } catch {
                lastFailure = error
                refusals.append("\(choice.fourCC) \(choice.width)x\(choice.height): \(error.description)")
                guard Self.mayTryAnother(error) else { throw fault(error) }
                if error.code == ENOSPC { choices = Self.lighter(than: choice, among: choices) }
            }
        }
        throw lastFailure.map(fault) ?? nothingFits()
    }

    private func fault(_ failure: SystemFailure) -> CaptureError {
        CameraFault.error(failure, path: camera.path, operation: "start \(camera.name) (\(camera.path))")
    }

    /// Whether another format may succeed where this one failed.
    private static func mayTryAnother(_ failure: SystemFailure) -> Bool {
        failure.code == EINVAL || failure.code == ENOSPC || failure.code == ENOMEM
    }

    /// Compressed choices, and raw ones with fewer bytes a second: the compressed ones first, which keep the size.
    private static func lighter(than choice: FormatChoice, among choices: [FormatChoice]) -> [FormatChoice] {
        let compressed = choices.filter { $0.bytesPerSecond == nil }
        let raw = choices.filter { other in
            guard let bytes = other.bytesPerSecond, let present = choice.bytesPerSecond else { return false }
            return bytes < present
        }
        return compressed + raw
    }

    private func start(
        _ choice: FormatChoice, convert: Bool, refusals: [String]
    ) throws(SystemFailure) -> CameraStream {
        let device = try system.open(camera.path, convert: convert)
        let agreement: Agreement
        let buffers: CameraBuffers
        do throws(SystemFailure) {
            agreement = try agree(on: choice, with: device)
            buffers = try CameraBuffers(device: device, count: configuration.bufferCount)
        } catch {
            device.close()
            throw error
        }
        do throws(SystemFailure) {
            try buffers.start()
        } catch {
            buffers.close()
            throw error
        }
        return CameraStream(
            camera: camera, buffers: buffers, format: agreement.format, layout: agreement.layout,
            interval: agreement.interval,
            description: describe(choice, agreement, bufferCount: buffers.count, refusals: refusals),
            warnings: agreement.warnings)
    }

    /// What S_FMT and S_PARM granted.
    private struct Agreement {
        var format: VideoFormat
        var layout: FrameLayout
        var interval: FrameInterval?
        var warnings: [String]
    }

    private func agree(on choice: FormatChoice, with device: any CameraDevice) throws(SystemFailure) -> Agreement {
        followInput(device)
        let picture = try setFormat(choice, device)
        let format = VideoFormat(
            width: Int(picture.width), height: Int(picture.height), pixelFormat: choice.pixelFormat,
            range: PictureColor.range(of: picture, choice.pixelFormat), matrix: PictureColor.matrix(of: picture))
        guard let layout = FrameLayout(format: format, bytesPerLine: Int(picture.bytesperline)) else {
            throw SystemFailure(call: "VIDIOC_S_FMT", code: EINVAL)
        }
        var warnings: [String] = []
        let interval = setInterval(choice.interval, device, &warnings)
        if configuration.keepsFrameRate { keepFrameRate(device, &warnings) }
        subscribe(device)
        return Agreement(format: format, layout: layout, interval: interval, warnings: warnings)
    }

    /// The driver may change everything but must not change the pixel format silently on us.
    private func setFormat(
        _ choice: FormatChoice, _ device: any CameraDevice
    ) throws(SystemFailure) -> v4l2_pix_format {
        var format = v4l2_format()
        format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        format.fmt.pix.width = UInt32(choice.width)
        format.fmt.pix.height = UInt32(choice.height)
        format.fmt.pix.pixelformat = choice.fourCC.rawValue
        format.fmt.pix.field = V4L2_FIELD_ANY.rawValue
        try device.perform(.setFormat, &format)
        guard format.fmt.pix.pixelformat == choice.fourCC.rawValue else {
            throw SystemFailure(call: "VIDIOC_S_FMT", code: EINVAL)
        }
        return format.fmt.pix
    }

    /// Sets the interval where the driver lets itself be told, and reads back what it is.
    private func setInterval(
        _ wanted: FrameInterval?, _ device: any CameraDevice, _ warnings: inout [String]
    ) -> FrameInterval? {
        var parameters = v4l2_streamparm()
        parameters.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        guard (try? device.perform(.getParameters, &parameters)) != nil else { return nil }
        if let wanted, parameters.parm.capture.capability & UInt32(V4L2_CAP_TIMEPERFRAME) != 0 {
            parameters.parm.capture.timeperframe = v4l2_fract(
                numerator: wanted.numerator, denominator: wanted.denominator)
            do throws(SystemFailure) {
                try device.perform(.setParameters, &parameters)
            } catch {
                warnings.append("The camera keeps its own frame rate (\(error.description)).")
            }
        }
        let granted = FrameInterval(parameters.parm.capture.timeperframe)
        return granted.duration == nil ? nil : granted
    }

    private func keepFrameRate(_ device: any CameraDevice, _ warnings: inout [String]) {
        do throws(SystemFailure) {
            try CameraControls(device: device).set(CameraControls.dynamicFrameRate, to: 0)
        } catch {
            warnings.append("The camera can't be told to keep its frame rate in dim light (\(error.description)).")
        }
    }

    /// HDMI grabbers: takes over the timings of the signal that is plugged in. Cameras have none.
    private func followInput(_ device: any CameraDevice) {
        var number: Int32 = 0
        guard (try? device.perform(.getInput, &number)) != nil else { return }
        var input = v4l2_input()
        input.index = UInt32(clamping: number)
        guard (try? device.perform(.enumerateInputs, &input)) != nil,
            input.capabilities & UInt32(V4L2_IN_CAP_DV_TIMINGS) != 0
        else { return }
        var timings = interhuman_dv_timings()
        guard (try? device.perform(.queryTimings, &timings)) != nil else { return }
        try? device.perform(.setTimings, &timings)
    }

    /// Asks for the event that the source's format changed. Webcams have none; that is no harm.
    private func subscribe(_ device: any CameraDevice) {
        var subscription = v4l2_event_subscription()
        subscription.type = UInt32(V4L2_EVENT_SOURCE_CHANGE)
        try? device.perform(.subscribeEvent, &subscription)
    }

    private func describe(
        _ choice: FormatChoice, _ agreement: Agreement, bufferCount: Int, refusals: [String]
    ) -> String {
        let wanted = configuration
        let rate = agreement.interval.map { Self.text($0.framesPerSecond) } ?? "an unknown number of"
        let size = "\(agreement.format.width)x\(agreement.format.height)"
        let wantedFormat = wanted.pixelFormat.map { " in \($0)" } ?? ""
        var text = """
            \(camera.name) (\(camera.path)): asked for \(wanted.width)x\(wanted.height) at \
            \(Self.text(wanted.frameRate)) frames/s\(wantedFormat), got \(size) at \(rate) frames/s in \
            \(choice.fourCC), \(bufferCount) buffers: \(choice.reason)
            """
        if !refusals.isEmpty { text += ". Refused before: " + refusals.joined(separator: "; ") }
        return text
    }

    private static func text(_ rate: Double) -> String {
        let hundredths = Int((min(max(rate, 0), 1e6) * 100).rounded())
        let (whole, rest) = (hundredths / 100, hundredths % 100)
        return rest == 0 ? "\(whole)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}

import CInterhumanV4L2

@testable import InterhumanCapture

/// How a well-behaved driver answers the capture layer's ioctls.
enum ScriptedAnswers {
    static func answer(
        _ request: CameraRequest, _ argument: UnsafeMutableRawPointer, _ state: inout ScriptedCamera.State
    ) -> Int32 {
        func value<Value>(_ type: Value.Type) -> UnsafeMutablePointer<Value> {
            argument.assumingMemoryBound(to: type)
        }
        switch request {
        case .queryCapabilities: return capabilities(value(v4l2_capability.self), state)
        case .enumerateFormats: return format(value(v4l2_fmtdesc.self), state)
        case .enumerateFrameSizes: return size(value(v4l2_frmsizeenum.self), state)
        case .enumerateFrameIntervals: return interval(value(v4l2_frmivalenum.self), state)
        case .setFormat: return setFormat(value(v4l2_format.self), &state)
        case .getParameters:
            let parameters = value(v4l2_streamparm.self)
            parameters.pointee.parm.capture.capability = UInt32(V4L2_CAP_TIMEPERFRAME)
            parameters.pointee.parm.capture.timeperframe = state.interval
            return 0
        case .setParameters:
            state.interval = value(v4l2_streamparm.self).pointee.parm.capture.timeperframe
            return 0
        case .requestBuffers: return requestBuffers(value(v4l2_requestbuffers.self), &state)
        case .queryBuffer:
            let buffer = value(v4l2_buffer.self)
            guard Int(buffer.pointee.index) < state.memory.count else { return EINVAL }
            buffer.pointee.length = UInt32(state.memory[Int(buffer.pointee.index)].count)
            buffer.pointee.m.offset = buffer.pointee.index
            return 0
        case .queueBuffer:
            state.queued.append(Int(value(v4l2_buffer.self).pointee.index))
            return 0
        case .dequeueBuffer:
            guard !state.filled.isEmpty else { return EAGAIN }
            value(v4l2_buffer.self).pointee = state.filled.removeFirst()
            return 0
        case .streamOn:
            state.isStreaming = true
            return 0
        case .streamOff:
            state.isStreaming = false
            state.queued = []
            state.filled = []
            return 0
        case .dequeueEvent:
            guard !state.pendingEvents.isEmpty else { return ENOENT }
            value(v4l2_event.self).pointee.type = state.pendingEvents.removeFirst()
            value(v4l2_event.self).pointee.pending = UInt32(state.pendingEvents.count)
            return 0
        case .queryControl: return control(value(v4l2_query_ext_ctrl.self), state)
        case .queryMenu:
            let item = value(interhuman_querymenu.self)
            guard item.pointee.index != 1 else { return EINVAL }
            fill(&item.pointee.name, "item \(item.pointee.index)")
            return 0
        case .getControl:
            guard let present = state.values[value(v4l2_control.self).pointee.id] else { return EINVAL }
            value(v4l2_control.self).pointee.value = present
            return 0
        case .setControl:
            let control = value(v4l2_control.self).pointee
            guard state.values[control.id] != nil else { return EINVAL }
            state.values[control.id] = control.value
            return 0
        case .subscribeEvent: return 0
        case .getFormat, .enumerateInputs, .getInput, .queryTimings, .setTimings: return ENOTTY
        }
    }

    /// Writes a text into one of V4L2's fixed arrays.
    static func fill<Bytes>(_ bytes: inout Bytes, _ text: String) {
        withUnsafeMutableBytes(of: &bytes) { $0.copyBytes(from: text.utf8.prefix($0.count - 1)) }
    }

    private static func capabilities(
        _ answer: UnsafeMutablePointer<v4l2_capability>, _ state: ScriptedCamera.State
    ) -> Int32 {
        fill(&answer.pointee.driver, "scripted")
        fill(&answer.pointee.card, state.name)
        fill(&answer.pointee.bus_info, state.bus)
        // As with UVC, the whole device also has a metadata node; the node's own flags say what this one is.
        answer.pointee.capabilities =
            interhuman_V4L2_CAP_DEVICE_CAPS
            | UInt32(V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING)
        answer.pointee.device_caps = state.capabilities
        return 0
    }

    private static func format(_ entry: UnsafeMutablePointer<v4l2_fmtdesc>, _ state: ScriptedCamera.State) -> Int32 {
        let index = Int(entry.pointee.index)
        guard index < state.formats.count else { return EINVAL }
        entry.pointee.pixelformat = state.formats[index].fourCC.rawValue
        entry.pointee.flags = state.formats[index].isEmulated ? UInt32(V4L2_FMT_FLAG_EMULATED) : 0
        fill(&entry.pointee.description, state.formats[index].name)
        return 0
    }

    private static func size(
        _ entry: UnsafeMutablePointer<v4l2_frmsizeenum>, _ state: ScriptedCamera.State
    ) -> Int32 {
        guard let format = state.formats.first(where: { $0.fourCC.rawValue == entry.pointee.pixel_format }),
            Int(entry.pointee.index) < format.sizes.count
        else { return EINVAL }
        let size = format.sizes[Int(entry.pointee.index)]
        if size.widths.count == 1 {
            entry.pointee.type = V4L2_FRMSIZE_TYPE_DISCRETE.rawValue
            entry.pointee.discrete.width = UInt32(size.widths.lowerBound)
            entry.pointee.discrete.height = UInt32(size.heights.lowerBound)
        } else {
            entry.pointee.type = V4L2_FRMSIZE_TYPE_STEPWISE.rawValue
            entry.pointee.stepwise = v4l2_frmsize_stepwise(
                min_width: UInt32(size.widths.lowerBound), max_width: UInt32(size.widths.upperBound),
                step_width: UInt32(size.widthStep), min_height: UInt32(size.heights.lowerBound),
                max_height: UInt32(size.heights.upperBound), step_height: UInt32(size.heightStep))
        }
        return 0
    }

    private static func interval(
        _ entry: UnsafeMutablePointer<v4l2_frmivalenum>, _ state: ScriptedCamera.State
    ) -> Int32 {
        func fraction(_ interval: FrameInterval) -> v4l2_fract {
            v4l2_fract(numerator: interval.numerator, denominator: interval.denominator)
        }
        guard let format = state.formats.first(where: { $0.fourCC.rawValue == entry.pointee.pixel_format }),
            let size = format.sizes.first(where: {
                $0.widths.contains(Int(entry.pointee.width)) && $0.heights.contains(Int(entry.pointee.height))
            }), Int(entry.pointee.index) < size.intervals.count
        else { return EINVAL }
        switch size.intervals[Int(entry.pointee.index)] {
        case .discrete(let interval):
            entry.pointee.type = V4L2_FRMIVAL_TYPE_DISCRETE.rawValue
            entry.pointee.discrete = fraction(interval)
        case .stepwise(let shortest, let longest, let step):
            entry.pointee.type = V4L2_FRMIVAL_TYPE_CONTINUOUS.rawValue
            entry.pointee.stepwise.min = fraction(shortest)
            entry.pointee.stepwise.max = fraction(longest)
            entry.pointee.stepwise.step = fraction(step)
        }
        return 0
    }

    private static func setFormat(
        _ format: UnsafeMutablePointer<v4l2_format>, _ state: inout ScriptedCamera.State
    ) -> Int32 {
        let pixels = format.pointee.fmt.pix
        let isCompressed = pixels.pixelformat == FourCC("MJPG").rawValue
        format.pointee.fmt.pix.bytesperline = isCompressed ? 0 : pixels.width * 2
        format.pointee.fmt.pix.sizeimage = pixels.width * pixels.height * 2
        state.pixels = format.pointee.fmt.pix
        return 0
    }

    private static func requestBuffers(
        _ request: UnsafeMutablePointer<v4l2_requestbuffers>, _ state: inout ScriptedCamera.State
    ) -> Int32 {
        guard request.pointee.count > 0 else { return 0 }
        let count = state.grantedBuffers ?? request.pointee.count
        request.pointee.count = count
        // Older memory stays: frames of an earlier stream may still show it.
        let size = Int(state.pixels.sizeimage)
        if state.memory.count < Int(count) || (state.memory.first?.count ?? 0) != size {
            state.earlierMemory += state.memory
            state.memory = (0..<Int(count)).map { _ in .allocate(byteCount: size, alignment: 16) }
        }
        return 0
    }

    private static func control(
        _ entry: UnsafeMutablePointer<v4l2_query_ext_ctrl>, _ state: ScriptedCamera.State
    ) -> Int32 {
        let after = entry.pointee.id & ~interhuman_V4L2_CTRL_NEXT
        guard let next = state.controls.filter({ $0.id > after }).min(by: { $0.id < $1.id }) else { return EINVAL }
        entry.pointee = next
        return 0
    }
}

import CInterhumanV4L2

/// The ioctls that the capture layer makes of a camera, named as in linux/videodev2.h.
enum CameraRequest: String, CaseIterable, Sendable {
    case queryCapabilities = "VIDIOC_QUERYCAP"
    case enumerateFormats = "VIDIOC_ENUM_FMT"
    case enumerateFrameSizes = "VIDIOC_ENUM_FRAMESIZES"
    case enumerateFrameIntervals = "VIDIOC_ENUM_FRAMEINTERVALS"
    case enumerateInputs = "VIDIOC_ENUMINPUT"
    case getInput = "VIDIOC_G_INPUT"
    case getFormat = "VIDIOC_G_FMT"
    case setFormat = "VIDIOC_S_FMT"
    case getParameters = "VIDIOC_G_PARM"
    case setParameters = "VIDIOC_S_PARM"
    case requestBuffers = "VIDIOC_REQBUFS"
    case queryBuffer = "VIDIOC_QUERYBUF"
    case queueBuffer = "VIDIOC_QBUF"
    case dequeueBuffer = "VIDIOC_DQBUF"
    case streamOn = "VIDIOC_STREAMON"
    case streamOff = "VIDIOC_STREAMOFF"
    case subscribeEvent = "VIDIOC_SUBSCRIBE_EVENT"
    case dequeueEvent = "VIDIOC_DQEVENT"
    case queryTimings = "VIDIOC_QUERY_DV_TIMINGS"
    case setTimings = "VIDIOC_S_DV_TIMINGS"
    case queryControl = "VIDIOC_QUERY_EXT_CTRL"
    case queryMenu = "VIDIOC_QUERYMENU"
    case getControl = "VIDIOC_G_CTRL"
    case setControl = "VIDIOC_S_CTRL"

    /// The request's number.
    var number: UInt {
        switch self {
        case .queryCapabilities: interhuman_VIDIOC_QUERYCAP
        case .enumerateFormats: interhuman_VIDIOC_ENUM_FMT
        case .enumerateFrameSizes: interhuman_VIDIOC_ENUM_FRAMESIZES
        case .enumerateFrameIntervals: interhuman_VIDIOC_ENUM_FRAMEINTERVALS
        case .enumerateInputs: interhuman_VIDIOC_ENUMINPUT
        case .getInput: interhuman_VIDIOC_G_INPUT
        case .getFormat: interhuman_VIDIOC_G_FMT
        case .setFormat: interhuman_VIDIOC_S_FMT
        case .getParameters: interhuman_VIDIOC_G_PARM
        case .setParameters: interhuman_VIDIOC_S_PARM
        case .requestBuffers: interhuman_VIDIOC_REQBUFS
        case .queryBuffer: interhuman_VIDIOC_QUERYBUF
        case .queueBuffer: interhuman_VIDIOC_QBUF
        case .dequeueBuffer: interhuman_VIDIOC_DQBUF
        case .streamOn: interhuman_VIDIOC_STREAMON
        case .streamOff: interhuman_VIDIOC_STREAMOFF
        case .subscribeEvent: interhuman_VIDIOC_SUBSCRIBE_EVENT
        case .dequeueEvent: interhuman_VIDIOC_DQEVENT
        case .queryTimings: interhuman_VIDIOC_QUERY_DV_TIMINGS
        case .setTimings: interhuman_VIDIOC_S_DV_TIMINGS
        case .queryControl: interhuman_VIDIOC_QUERY_EXT_CTRL
        case .queryMenu: interhuman_VIDIOC_QUERYMENU
        case .getControl: interhuman_VIDIOC_G_CTRL
        case .setControl: interhuman_VIDIOC_S_CTRL
        }
    }
}

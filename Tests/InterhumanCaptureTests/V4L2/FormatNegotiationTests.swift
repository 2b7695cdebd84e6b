import InterhumanCore
import Testing

@testable import InterhumanCapture

/// The stated policy: rate, then size, then cost.
@Suite struct FormatNegotiationTests {
    static func format(_ code: String, _ sizes: [(Int, Int, [Double])], isEmulated: Bool = false) -> CameraFormat {
        CameraFormat(
            fourCC: FourCC(code),
            sizes: sizes.map { width, height, rates in
                CameraSize(
                    width: width, height: height, intervals: rates.map { .discrete(FrameInterval(rate: $0)) })
            }, isEmulated: isEmulated)
    }

    /// A usual webcam: raw pixels are slow above VGA.
    static let webcam = [
        format("YUYV", [(640, 480, [30]), (1280, 720, [10]), (1920, 1080, [5])]),
        format("MJPG", [(640, 480, [30, 60]), (1280, 720, [30]), (1920, 1080, [30])]),
    ]

    private func best(
        _ formats: [CameraFormat], _ width: Int, _ height: Int, _ rate: Double, isUSB: Bool = true,
        _ configure: (inout CameraConfiguration) -> Void = { _ in }
    ) -> String? {
        var configuration = CameraConfiguration()
        (configuration.width, configuration.height, configuration.frameRate) = (width, height, rate)
        configure(&configuration)
        let choice = FormatNegotiation(configuration: configuration, isUSB: isUSB).choices(among: formats).first
        return choice.map { "\($0.fourCC) \($0.width)x\($0.height)@\($0.interval?.framesPerSecond ?? 0)" }
    }

    @Test func rateComesBeforeSizeAndSizeBeforeCost() {
        #expect(best(Self.webcam, 640, 480, 30) == "YUYV 640x480@30.0")
        #expect(best(Self.webcam, 1280, 720, 30) == "MJPG 1280x720@30.0")
        #expect(best(Self.webcam, 1920, 1080, 30) == "MJPG 1920x1080@30.0")
        #expect(best(Self.webcam, 1280, 720, 5) == "YUYV 1280x720@10.0")
        #expect(best(Self.webcam, 1280, 720, 60) == "MJPG 640x480@60.0")
        #expect(best(Self.webcam, 800, 600, 30) == "YUYV 640x480@30.0")
    }

    @Test func whatIsAskedForWins() {
        #expect(best(Self.webcam, 1280, 720, 30) { $0.pixelFormat = .yuyv } == "YUYV 640x480@30.0")
        #expect(best(Self.webcam, 640, 480, 30) { $0.pixelFormat = .mjpeg } == "MJPG 640x480@30.0")
        #expect(best(Self.webcam, 640, 480, 30) { $0.pixelFormat = .nv12 } == nil)
    }

    @Test func rawPixelsBeyondTheBusYieldToMJPEG() {
        let fast = [Self.format("YUYV", [(1280, 720, [30])]), Self.format("MJPG", [(1280, 720, [30])])]
        #expect(best(fast, 1280, 720, 30) == "MJPG 1280x720@30.0")
        #expect(best(fast, 1280, 720, 30, isUSB: false) == "YUYV 1280x720@30.0")
        #expect(best(fast, 1280, 720, 30) { $0.rawBandwidthLimit = 100e6 } == "YUYV 1280x720@30.0")
        // Two cameras share a bus: half of it each.
        #expect(best(Self.webcam, 640, 480, 30) { $0.rawBandwidthLimit = 12e6 } == "MJPG 640x480@30.0")
    }

    @Test func theCheapestFormatOfARateAndSize() {
        let all = ["GREY", "MJPG", "RGB3", "YUYV", "NV12", "H264"].map { Self.format($0, [(320, 240, [30])]) }
        #expect(best(all, 320, 240, 30) == "NV12 320x240@30.0")
        #expect(best(all.filter { $0.fourCC != FourCC("NV12") }, 320, 240, 30) == "YUYV 320x240@30.0")
        #expect(best([Self.format("H264", [(320, 240, [30])])], 320, 240, 30) == nil)
        #expect(best([Self.format("H264", [(320, 240, [30])])], 320, 240, 30) { $0.pixelFormat = .h264 } != nil)
        let emulated = [Self.format("YU12", [(320, 240, [30])], isEmulated: true), all[1]]
        #expect(best(emulated, 320, 240, 30) == "MJPG 320x240@30.0")
    }

    @Test func rangesGiveTheNearestThatTheyAllow() {
        let range = CameraFormat(
            fourCC: FourCC("NV12"),
            sizes: [
                CameraSize(
                    widths: 64...1920, heights: 48...1080, widthStep: 16, heightStep: 8,
                    intervals: [
                        .stepwise(
                            shortest: FrameInterval(rate: 60), longest: FrameInterval(rate: 1),
                            step: FrameInterval(numerator: 0, denominator: 1))
                    ])
            ])
        #expect(best([range], 1280, 720, 30) == "NV12 1280x720@30.0")
        #expect(best([range], 1001, 561, 12.5) == "NV12 1008x560@12.5")
        #expect(best([range], 4000, 4000, 120) == "NV12 1920x1080@60.0")
    }

    @Test func intervalsAreExact() {
        #expect(FrameInterval(rate: 30) == FrameInterval(numerator: 1, denominator: 30))
        #expect(FrameInterval(rate: 29.97) == FrameInterval(numerator: 1001, denominator: 30_000))
        #expect(FrameInterval(rate: 12.5) == FrameInterval(numerator: 1000, denominator: 12_500))
        for odd in [0, -1, .nan, .infinity, 1e30] { #expect(FrameInterval(rate: odd).duration != nil) }
        #expect(FrameInterval(numerator: 0, denominator: 0).duration == nil)
    }

    @Test func codesAreTheirLetters() {
        #expect(FourCC("YUYV").rawValue == 0x5659_5559 && FourCC("YUYV").description == "YUYV")
        #expect(FourCC("Y8").description == "Y8  " && FourCC(rawValue: 0).description == "????")
        #expect(FourCC(PixelFormat.i420) == FourCC("YU12") && FourCC("ZZZZ").pixelFormat == nil)
    }
}

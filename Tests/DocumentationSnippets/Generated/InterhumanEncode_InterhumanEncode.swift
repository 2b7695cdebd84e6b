// Made of Sources/InterhumanEncode/InterhumanEncode.docc/InterhumanEncode.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanCore
import InterhumanEncode

private func block1() async throws {
    var settings = SegmentSettings(maximumWidth: 1_280, maximumHeight: 720, videoBitRate: 2_000_000)
    settings.container = .fragmentedMP4  // H.264: half the processor time of VP9
    let encoders = FFmpegSegmentEncoderFactory(settings: settings)

    let file = try await MediaFile.open(path: "conversation.mp4")
    print(file.description)
    _ = settings
    _ = encoders
    _ = file
}

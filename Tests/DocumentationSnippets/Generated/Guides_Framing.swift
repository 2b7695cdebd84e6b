// Made of Documentation/Guides/Framing.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman

private func block1() async throws {
    let session = StreamSession.live(
        configuration: configuration, video: CameraSource(), audio: MicrophoneSource(),
        media: SegmentSettings(framing: .prefixed))
    _ = session
}

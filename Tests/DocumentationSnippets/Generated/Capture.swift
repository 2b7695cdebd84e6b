// Made of Documentation/Capture.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman

private func block1() async throws {
    var configuration = CameraConfiguration()
    configuration.whenLost = .wait(atMost: .seconds(60))
    let camera = FilledVideoSource(CameraSource(configuration: configuration))
    _ = configuration
    _ = camera
}

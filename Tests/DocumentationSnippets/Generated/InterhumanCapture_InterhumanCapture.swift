// Made of Sources/InterhumanCapture/InterhumanCapture.docc/InterhumanCapture.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanCapture
import InterhumanCore

private func block1() async throws {
    for camera in try await Camera.list() where camera.problem == nil {
        print(camera.id, camera.name)
    }

    var configuration = CameraConfiguration()
    configuration.whenLost = .wait(atMost: .seconds(60))  // unplugged: wait for the same camera
    let camera = FilledVideoSource(CameraSource(configuration: configuration))
    let microphone = FilledAudioSource(MicrophoneSource())
    _ = configuration
    _ = camera
    _ = microphone
}

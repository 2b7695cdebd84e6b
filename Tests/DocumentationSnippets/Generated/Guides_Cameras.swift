// Made of Documentation/Guides/Cameras.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman

private func block1() async throws {
    let camera = CameraSource("usb-046d_HD_Pro_Webcam_C920_1A2B3C4D-video-index0")
    _ = camera
}

private func block2() async throws {
    var settings = CameraConfiguration()
    (settings.width, settings.height) = (1280, 720)
    settings.pixelFormat = .yuyv
    settings.keepsFrameRate = true  // in dim light: a darker picture rather than fewer
    let chosen = CameraSource(nil, configuration: settings)
    _ = settings
    _ = chosen
}

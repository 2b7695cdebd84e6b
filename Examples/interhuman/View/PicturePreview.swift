import Interhuman

/// Gives the view small pictures of what is streamed. Scaling takes time, so it has a queue of its own.
actor PicturePreview {
    private let queue = BlockingQueue(label: "interhuman.preview")
    private let view: LiveView
    private let orientation: PictureOrientation
    private let scaler = PictureScaler()

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    init(view: LiveView, orientation: PictureOrientation) {
        self.view = view
        self.orientation = orientation
    }

    /// Shows the tap's pictures until they end.
    func follow(_ tap: VideoTap) async {
        for await frame in tap.preview {
            do throws(EncodeError) {
                try view.show(frame, by: scaler, orientation)
            } catch {
                // The session goes on without the preview.
                return view.tell("The picture can't be shown: \(error.message)")
            }
        }
    }
}

import InterhumanCore

/// Memory that its owner has little of. Whoever only wants to keep a frame for longer asks first.
protocol ScarceStorage: VideoFrameStorage {
    /// Whether the owner would miss the memory by the next frame.
    var isScarce: Bool { get }
}

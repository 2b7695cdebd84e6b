/// What a container's header says about the stream.
public struct StreamInformation: Sendable, Hashable {
    /// The container, "webm" or "mp4".
    public var container: String
    /// The video track; nil when there is none.
    public var video: Video?
    /// The audio track; nil when there is none.
    public var audio: Audio?

    /// Creates a description.
    public init(container: String, video: Video?, audio: Audio?) {
        self.container = container
        self.video = video
        self.audio = audio
    }

    /// A video track.
    public struct Video: Sendable, Hashable {
        /// FFmpeg's name of the codec, such as "vp9".
        public var codec: String
        /// Width in pixels.
        public var width: Int
        /// Height in pixels.
        public var height: Int

        /// Creates a description; sizes are in pixels.
        public init(codec: String, width: Int, height: Int) {
            self.codec = codec
            self.width = width
            self.height = height
        }
    }

    /// An audio track.
    public struct Audio: Sendable, Hashable {
        /// FFmpeg's name of the codec, such as "opus".
        public var codec: String
        /// Sample frames a second, in Hz.
        public var sampleRate: Int
        /// Number of channels.
        public var channelCount: Int

        /// Creates a description; `sampleRate` is in Hz.
        public init(codec: String, sampleRate: Int, channelCount: Int) {
            self.codec = codec
            self.sampleRate = sampleRate
            self.channelCount = channelCount
        }
    }
}

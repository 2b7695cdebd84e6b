/// What was measured over one window. Everything later is derived from these figures alone.
struct WindowFeatures: Equatable {
    /// Session time of the beginning, in seconds.
    var start: Double
    /// Session time of the end, in seconds.
    var end: Double
    /// Nil when the window has no picture that could be measured.
    var video: Video?
    /// Nil when the window has no sound.
    var audio: Audio?

    /// Length in seconds.
    var duration: Double { end - start }

    /// Measures of the picture.
    struct Video: Equatable {
        /// Mean absolute luminance difference between looks 0.1 s apart, in levels of 255.
        var motion: Double
        /// Mean luminance, 0 to 255.
        var brightness: Double
    }

    /// Measures of the sound.
    struct Audio: Equatable {
        /// RMS level in dBFS.
        var loudness: Double
        /// Share of the time that voice was active, 0 to 1.
        var voiceActivity: Double
        /// Number of pauses: at least ``FeatureHistory/shortestPause`` without voice, after voice.
        var pauseCount: Int
        /// Longest stretch without voice, in seconds.
        var longestPause: Double
        /// Median pitch of the voice in Hz; nil where too little was found.
        var pitch: Double?
        /// Standard deviation of the pitch, in semitones; nil where too little was found.
        var pitchVariation: Double?
    }
}

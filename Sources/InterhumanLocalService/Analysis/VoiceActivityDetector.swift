/// Says for each 20 ms of sound whether it stands out from the background: energy above an adaptive floor.
///
/// It can't tell a voice from music or a door; it measures energy, and everything derived from it is called "voice"
/// in that sense only.
struct VoiceActivityDetector {
    /// Sound below this level is never voice, in dBFS.
    static let quietest = -45.0
    /// How far above the floor voice stands, in dB.
    static let margin = 9.0
    /// The floor never rises above this, so that continuous speech does not become its own background, in dBFS.
    static let highestFloor = -40.0
    /// How fast the floor rises towards a louder background, in dB for each 20 ms (1.5 dB a second).
    static let rise = 0.03
    /// How many steps voice is taken to last after the last loud one: gaps between syllables are no pauses.
    static let hangover = 5

    private var floor = -60.0
    private var stepsSinceVoice = Int.max

    /// Takes the level of the next step, in dBFS.
    mutating func isVoice(level: Double) -> Bool {
        let isLoud = level > max(floor + Self.margin, Self.quietest)
        if level < floor {
            floor += (level - floor) * 0.3
        } else {
            floor = min(min(floor + Self.rise, level), Self.highestFloor)
        }
        if isLoud {
            stepsSinceVoice = 0
        } else if stepsSinceVoice < Int.max {
            stepsSinceVoice += 1
        }
        return stepsSinceVoice <= Self.hangover
    }
}

import InterhumanCore

extension JSONWriter {
    /// Writes a member that is a string; nothing for nil.
    mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    /// Writes a member that is a time or a score; nothing for nil.
    mutating func member(_ name: String, _ value: Double?) {
        guard let value else { return }
        key(name)
        double(value)
    }

    /// Writes a member that is a list of names, or null.
    fileprivate mutating func member(_ name: String, orNull names: [some OpenEnumeration]?) {
        key(name)
        guard let names else { return null() }
        array(names) { $0.string($1.rawValue) }
    }

    /// Writes a member that counts seconds or bytes; nothing for nil.
    fileprivate mutating func member(_ name: String, count: Double?) {
        guard let count else { return }
        key(name)
        number(count)
    }
}

extension SignalEnd {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("end", end)
            writer.member("signal_type", type.rawValue)
        }
    }
}

extension EngagementUpdate {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("end", end)
            writer.member("start", start)
            writer.member("state", state.rawValue)
        }
    }
}

extension ConversationQualityUpdate {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let overall {
                writer.key("overall")
                overall.write(to: &writer)
            }
            if let timeline {
                writer.key("timeline")
                writer.array(timeline) { writer, interval in
                    writer.object { writer in
                        writer.member("end", interval.end)
                        writer.member("start", interval.start)
                        writer.key("values")
                        interval.values.write(to: &writer)
                    }
                }
            }
        }
    }
}

extension ConversationQuality {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("authority", authority)
            writer.member("clarity", clarity)
            writer.member("energy", energy)
            writer.member("learning", learning)
            writer.member("quality_index", qualityIndex)
            writer.member("rapport", rapport)
        }
    }
}

extension Feedback {
    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("feedback", text) }
    }
}

extension Coverage {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("ranges")
            writer.array(ranges) { writer, range in
                writer.object { writer in
                    writer.member("end", range.end)
                    writer.member("start", range.start)
                }
            }
            writer.member("reason", reason)
        }
    }
}

extension SessionReady {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let maxSegmentDurationSeconds {
                writer.member("max_segment_duration_seconds", count: maxSegmentDurationSeconds)
            } else {
                writer.key("max_segment_duration_seconds")
                writer.null()
            }
            writer.member("max_segment_size_bytes", count: maxSegmentSizeBytes.map(Double.init))
            writer.member("min_segment_duration_seconds", count: minSegmentDurationSeconds)
            writer.member("min_segment_size_bytes", count: minSegmentSizeBytes.map(Double.init))
            writer.member("session_idle_timeout_seconds", count: sessionIdleTimeoutSeconds)
            writer.member("session_max_duration_seconds", count: sessionMaxDurationSeconds)
            guard let options = supportedOptions else { return }
            writer.key("supported_session_config_options")
            writer.object { writer in
                writer.member("goal_dimensions", orNull: options.goalDimensions)
                writer.member("include", orNull: options.include)
                writer.member("model", orNull: options.model)
            }
        }
    }
}

extension SessionUpdated {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if goalDimensions != nil { writer.member("goal_dimensions", orNull: goalDimensions) }
            writer.member("include", orNull: include)
            writer.member("model", model?.rawValue)
        }
    }
}

extension SessionClosing {
    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("max_drain_seconds", count: maxDrainSeconds) }
    }
}

extension SessionEnded {
    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("reason", reason) }
    }
}

extension ServiceError {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("code", code.rawValue)
            writer.member("link", link)
            writer.member("message", message)
            writer.member("segment", count: segment.map(Double.init))
        }
    }
}

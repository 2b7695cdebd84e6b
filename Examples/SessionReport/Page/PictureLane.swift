import FoundationEssentials

/// What was seen, as a strip of film.
struct PictureLane {
    private let timeline: Timeline
    private let scale: Scale

    init(_ timeline: Timeline, _ scale: Scale) {
        self.timeline = timeline
        self.scale = scale
    }

    func write(to page: inout HTML) {
        let pictures = timeline.pictures
        guard !pictures.isEmpty else { return }
        Lane.write(to: &page, "Pictures", "film") { page in
            for (index, picture) in pictures.enumerated() { write(picture, index, of: pictures, &page) }
        }
    }

    /// A picture takes the room of those after it that the width of the screen has no room for.
    private func write(
        _ picture: Timeline.Picture, _ index: Int, of pictures: [Timeline.Picture], _ page: inout HTML
    ) {
        var style = scale.style(at: picture.time)
        var classes = "shot" + (scale.isLate(picture.time) ? " late" : "")
        for (name, room) in [("p", 7), ("d", 16), ("w", 34)] {
            let step = max(1, (pictures.count + room - 1) / room)
            guard index.isMultiple(of: step) else { continue }
            classes += " \(name)"
            let end = index + step < pictures.count ? pictures[index + step].time : pictures[pictures.count - 1].end
            let last = pictures[min(index + step, pictures.count) - 1].end
            style +=
                ";--\(name):\(Decimal.text(scale.percent(min(end, last)) - scale.percent(picture.time), places: 3))%"
        }
        let time = Clock.text(picture.time, in: timeline.duration)
        page.element(
            "a", [("class", classes), ("href", "#p\(index)"), ("style", style), ("aria-label", "Picture at \(time)")]
        ) { page in
            page.open(
                "img", [("alt", ""), ("src", "data:image/jpeg;base64," + Data(picture.jpeg).base64EncodedString())])
            page.element("span", [("class", "tip")]) { page in page.element("b", text: time) }
        }
    }
}

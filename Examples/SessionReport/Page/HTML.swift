/// HTML under construction. Text and attributes are escaped on their way in; markup is only what this module writes.
struct HTML: Sendable {
    private(set) var text = ""

    /// Adds markup as it is: literals of this module, never somebody else's text.
    mutating func raw(_ markup: StaticString) {
        text += markup.description
    }

    /// Adds other HTML.
    mutating func append(_ html: HTML) {
        text += html.text
    }

    /// Adds text.
    mutating func escaped(_ content: String) {
        text += HTML.escape(content)
    }

    /// Adds an element with its content.
    mutating func element(
        _ name: StaticString, _ attributes: [(StaticString, String)] = [], _ content: (inout HTML) -> Void
    ) {
        open(name, attributes)
        content(&self)
        text += "</\(name)>"
    }

    /// Adds an element with text in it.
    mutating func element(_ name: StaticString, _ attributes: [(StaticString, String)] = [], text: String) {
        element(name, attributes) { $0.escaped(text) }
    }

    /// Adds the opening tag of an element, or an element that has no content.
    mutating func open(_ name: StaticString, _ attributes: [(StaticString, String)] = []) {
        text += "<\(name)"
        for (key, value) in attributes { text += " \(key)=\"\(HTML.escape(value))\"" }
        text += ">"
    }

    /// The text with what means something in HTML, in elements and quoted attributes, written as references.
    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

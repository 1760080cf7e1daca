/// Writes the elements of an SVG picture. Coordinates are whole pixels; every text is escaped.
struct SVGPage {
    private(set) var elements: [String] = []

    enum Anchor: String {
        case start, middle, end
    }

    mutating func line(_ from: (x: Int, y: Int), _ to: (x: Int, y: Int), _ style: String, title: String = "") {
        let shape = "<line class=\"\(style)\" x1=\"\(from.x)\" y1=\"\(from.y)\" x2=\"\(to.x)\" y2=\"\(to.y)\""
        put(shape, "line", title)
    }

    mutating func box(
        _ corner: (x: Int, y: Int), width: Int, height: Int, radius: Int = 0, _ style: String, title: String = ""
    ) {
        let place = "x=\"\(corner.x)\" y=\"\(corner.y)\" width=\"\(width)\" height=\"\(height)\" rx=\"\(radius)\""
        put("<rect class=\"\(style)\" \(place)", "rect", title)
    }

    mutating func path(_ steps: String, _ style: String) {
        elements.append("<path class=\"\(style)\" d=\"\(steps)\"/>")
    }

    /// What these corners enclose.
    mutating func area(_ corners: [(x: Int, y: Int)], _ style: String) {
        path("M" + corners.map { "\($0.x) \($0.y)" }.joined(separator: "L") + "Z", style)
    }

    mutating func circle(_ centre: (x: Int, y: Int), radius: Int, _ style: String) {
        elements.append("<circle class=\"\(style)\" cx=\"\(centre.x)\" cy=\"\(centre.y)\" r=\"\(radius)\"/>")
    }

    mutating func text(_ text: String, at place: (x: Int, y: Int), _ style: String, _ anchor: Anchor = .start) {
        let where_ = "x=\"\(place.x)\" y=\"\(place.y)\""
        elements.append(
            "<text class=\"\(style)\" \(where_) text-anchor=\"\(anchor.rawValue)\">\(Self.escaped(text))</text>")
    }

    /// The whole file.
    func file(width: Int, height: Int, title: String, style: String) -> String {
        let size = "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""
        let head = """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) role="img">
            <title>\(Self.escaped(title))</title>
            <style>
            \(style)
            </style>
            """
        return ([head] + elements + ["</svg>"]).map { $0 + "\n" }.joined()
    }

    private mutating func put(_ shape: String, _ element: String, _ title: String) {
        elements.append(
            title.isEmpty ? shape + "/>" : "\(shape)><title>\(Self.escaped(title))</title></\(element)>")
    }

    /// Text without what XML would take for its own, and without what it does not allow.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Text that fits into so many pixels.
    static func fitting(_ text: String, _ width: Int) -> String {
        let count = max(1, width / letterWidth)
        return text.count > count ? text.prefix(count - 1) + "…" : text
    }

    /// What a letter takes in the pictures' fonts, most of the time; and what a text does.
    static let letterWidth = 7
    static func width(of text: String) -> Int { text.count * letterWidth }
}

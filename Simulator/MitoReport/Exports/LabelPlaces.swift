/// Finds room for the words of a picture: none lies on the head of an arrow or on other words, as long as there is
/// another place for it.
struct LabelPlaces {
    private(set) var labels: [Label] = []
    private var heads: [Box] = []

    struct Label {
        var text: String
        var style: String
        var anchor: SVGPage.Anchor
        /// Where the first letter begins, or with `end` the last one ends, on the line that the letters stand on.
        /// The first place that is free is taken, and the first one when none is.
        var places: [(x: Int, y: Int)]
    }

    /// Words to be placed once all heads are known.
    mutating func add(_ label: Label) { labels.append(label) }

    /// The point of an arrow is within these corners.
    mutating func addHead(_ corners: [(x: Int, y: Int)]) {
        guard let first = corners.first else { return }
        var box = Box(left: first.x, top: first.y, right: first.x, bottom: first.y)
        for (x, y) in corners {
            box = Box(
                left: min(box.left, x), top: min(box.top, y), right: max(box.right, x), bottom: max(box.bottom, y))
        }
        heads.append(box.grown(by: Self.margin))
    }

    /// Each text with its place.
    func placed() -> [(label: Label, x: Int, y: Int)] {
        var taken = heads
        return labels.compactMap { label in
            let free = label.places.first { place in
                let box = Box(of: label, at: place)
                return !taken.contains { $0.touches(box) }
            }
            guard let place = free ?? label.places.first else { return nil }
            taken.append(Box(of: label, at: place))
            return (label, place.x, place.y)
        }
    }

    /// Around the head of an arrow.
    private static let margin = 2

    private struct Box {
        var left, top, right, bottom: Int

        init(left: Int, top: Int, right: Int, bottom: Int) {
            (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
        }

        init(of label: Label, at place: (x: Int, y: Int)) {
            let width = SVGPage.width(of: label.text)
            left = label.anchor == .end ? place.x - width : place.x
            right = left + width
            (top, bottom) = (place.y - 9, place.y + 2)
        }

        func grown(by pixels: Int) -> Box {
            Box(left: left - pixels, top: top - pixels, right: right + pixels, bottom: bottom + pixels)
        }

        func touches(_ other: Box) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }
    }
}

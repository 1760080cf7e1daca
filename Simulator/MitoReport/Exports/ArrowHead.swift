/// The point of an arrow, turned as its line is.
struct ArrowHead {
    /// The tip, and the two corners behind it.
    let corners: [(x: Int, y: Int)]

    /// At the end of a line; nil for a line without length.
    init?(at tip: (x: Int, y: Int), from start: (x: Int, y: Int)) {
        let (dx, dy) = (tip.x - start.x, tip.y - start.y)
        let length = Self.root(dx * dx + dy * dy)
        guard length > 0 else { return nil }
        let back = (x: tip.x - 9 * dx / length, y: tip.y - 9 * dy / length)
        let side = (x: 4 * dy / length, y: 4 * dx / length)
        corners = [tip, (back.x + side.x, back.y - side.y), (back.x - side.x, back.y + side.y)]
    }

    /// The whole part of the square root.
    private static func root(_ number: Int) -> Int {
        guard number > 1 else { return number }
        var guess = number
        var next = (guess + 1) / 2
        while next < guess { (guess, next) = (next, (next + number / next) / 2) }
        return guess
    }
}

/// So many users or groups of a namespace, and who they are outside.
struct IDMap: Equatable {
    var inside: UInt32
    var outside: UInt32
    var count: UInt32

    init(inside: UInt32, outside: UInt32, count: UInt32) {
        self.inside = inside
        self.outside = outside
        self.count = count
    }

    /// `IN:OUT:COUNT`; nil when it is something else, or reaches beyond the last number.
    init?(_ text: String) {
        let numbers = text.split(separator: ":", omittingEmptySubsequences: false).compactMap { UInt32($0) }
        guard numbers.count == 3, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }), numbers[2] > 0,
            numbers[0] <= .max - numbers[2], numbers[1] <= .max - numbers[2]
        else { return nil }
        self.init(inside: numbers[0], outside: numbers[1], count: numbers[2])
    }

    /// As the kernel takes it, and newuidmap.
    var words: [String] { ["\(inside)", "\(outside)", "\(count)"] }
}

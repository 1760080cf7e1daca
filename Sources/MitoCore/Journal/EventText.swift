extension Event {
    /// How much of a peer's words an event repeats, in Unicode scalars.
    static let textScalarsMax = 200
}

extension StringProtocol {
    /// The beginning, `scalars` Unicode scalars long. A `Character` has no greatest length: counting those would bound
    /// nothing.
    func cut(to scalars: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(scalars)))
    }
}

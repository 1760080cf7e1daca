// A program that has a length of time from elsewhere has the standard library's: each can be made of the other.

extension Duration {
    /// The standard library's length of time in whole nanoseconds; what does not fit is the longest that there is.
    ///
    /// ```swift
    /// let patience: Swift.Duration = .seconds(5)
    /// try await web.call(report, timeout: .init(patience))
    /// ```
    public init(_ duration: Swift.Duration) {
        let (seconds, attoseconds) = duration.components
        self = .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }
}

extension Swift.Duration {
    /// The same length of time for the standard library.
    ///
    /// ```swift
    /// try await Task.sleep(for: .init(pause))
    /// ```
    public init(_ duration: MitoCore.Duration) { self = .nanoseconds(duration.nanoseconds) }
}

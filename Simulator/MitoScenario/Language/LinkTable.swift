public import MitoLinks

/// What every link is like: the file's own default, and what single links say otherwise.
public struct LinkTable: Hashable, Sendable {
    public var standard: LinkModel
    /// By the name of the link's lower end.
    public var exceptions: [String: LinkModel] = [:]

    /// The link whose lower end is `context`.
    public subscript(_ context: String) -> LinkModel { exceptions[context] ?? standard }
}

/// A lab: hosts in network namespaces of their own, joined by links in user space.
public enum Lab {
    /// Where every host listens for those who start programs on it.
    public static let port: UInt16 = 1077
}

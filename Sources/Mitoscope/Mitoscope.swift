/// The library as a whole: what a program that uses it begins with.
///
/// ```swift
/// Mitoscope.main(functions: [hostname]) { router in
///     print(try await router.local(name: "web").call(hostname))
/// }
/// ```
public enum Mitoscope {
    /// The version of this library, and of every program that it is part of.
    public static let version = "0.1.0"
}

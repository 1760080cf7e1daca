/// Names one participating context for the whole tree. The root is 0; ids are never used twice.
public struct ContextID: RawRepresentable, Hashable, Comparable, Sendable {
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    public static let master = ContextID(0)

    public static func < (a: ContextID, b: ContextID) -> Bool { a.rawValue < b.rawValue }
}

extension ContextID: CustomStringConvertible {
    public var description: String { "\(rawValue)" }
}

/// A port number inside one context. Numbers below 1000 have a fixed meaning; the rest are handed out once each.
public struct Handle: RawRepresentable, Hashable, Comparable, Sendable {
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    public static func < (a: Handle, b: Handle) -> Bool { a.rawValue < b.rawValue }

    /// In `replyTo`: nobody waits for an answer.
    public static let none = Handle(0)
    public static let getModule = Handle(100)
    public static let callFunction = Handle(101)
    public static let forwardLog = Handle(102)
    public static let addRoute = Handle(103)
    public static let delRoute = Handle(104)
    public static let allocateID = Handle(105)
    public static let shutdown = Handle(106)
    public static let loadModule = Handle(107)
    public static let forwardModule = Handle(108)
    public static let detaching = Handle(109)
    public static let callService = Handle(110)
    public static let getResource = Handle(112)
    public static let loadResource = Handle(113)
    /// Ours alone, below the dynamic range: a supervisor asks a context to start a call or to tell how it is.
    /// A Python context answers `invalid handle`.
    public static let diagnostic = Handle(900)
    /// Ours alone, from hop to hop: why the context that the next DEL_ROUTE names was lost, as `id:reason`.
    public static let lossReason = Handle(901)
    /// In `replyTo`: this message is dead, its payload is the reason.
    public static let dead = Handle(999)
    /// The first number that a context hands out by itself.
    public static let firstDynamic = Handle(1000)
}

extension Handle: CustomStringConvertible {
    public var description: String { "\(rawValue)" }
}

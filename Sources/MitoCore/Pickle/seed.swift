public struct PickleError: Error {}
public struct PreambleError: Error {}
extension Value {
    public func pickled() -> [UInt8] { [] }
    public init(pickled: [UInt8]) throws(PickleError) { throw PickleError() }
    public func description(limit: Int) -> String { "" }
    public var description: String { "" }
}
public struct Preamble {
    public var contextID: ContextID
    public var parentIDs: [ContextID]
    public var name: String
    public var maxMessageSize = 0
    public var isUnidirectional = false
    public var logLevels: [Int] = []
    public var extras: [Value.Pair] = []
    public init(contextID: ContextID, parentIDs: [ContextID], name: String) { self.contextID = contextID; self.parentIDs = parentIDs; self.name = name }
    public init(_ text: [UInt8]) throws(PreambleError) { throw PreambleError() }
    public func text() -> [UInt8] { [] }
}

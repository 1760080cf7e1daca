/// What stands in the way of a lab, in a sentence for people.
public struct LabFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
    /// Does the machine lack something, so that no lab can be had on it?
    public var isOfMachine: Bool

    public init(_ description: String, isOfMachine: Bool = false) {
        (self.description, self.isOfMachine) = (description, isOfMachine)
    }
}

import MitoCore

// Contexts and senders travel as themselves, and belong to the router that they come in by. Those of another tree are
// refused: their numbers mean somebody else here.

extension Context: DirectType {
    func value(at place: CodingPlace) throws -> Value {
        guard place.router == nil || place.router == router else { throw place.foreign(self, id) }
        return value
    }

    init(_ value: Value, at place: CodingPlace) throws {
        guard let router = place.router else { throw place.homeless(Self.self) }
        guard let context = Context(value, router: router) else { throw place.mismatch(Self.self, value) }
        self = context
    }
}

extension Sender: DirectType {
    func value(at place: CodingPlace) throws -> Value {
        guard place.router == nil || place.router == context.router else { throw place.foreign(self, context.id) }
        return value
    }

    init(_ value: Value, at place: CodingPlace) throws {
        guard let router = place.router else { throw place.homeless(Self.self) }
        guard let sender = Sender(value, router: router) else { throw place.mismatch(Self.self, value) }
        self = sender
    }
}

extension Channel.Invitation: DirectType {
    func value(at place: CodingPlace) throws -> Value {
        guard place.router == nil || place.router == router else { throw place.foreign(self, router.contextID) }
        return value
    }

    init(_ value: Value, at place: CodingPlace) throws {
        guard let router = place.router else { throw place.homeless(Self.self) }
        guard let invitation = Channel.Invitation(value, router: router) else {
            throw place.mismatch(Self.self, value)
        }
        self = invitation
    }
}

extension CodingPlace {
    fileprivate func foreign(_ value: Any, _ context: ContextID) -> EncodingError {
        .invalidValue(
            value, .init(codingPath: codingPath, debugDescription: "context \(context) belongs to another router"))
    }

    fileprivate func homeless(_ type: Any.Type) -> DecodingError {
        corrupted("a \(type) belongs to a router, and there is none here")
    }
}

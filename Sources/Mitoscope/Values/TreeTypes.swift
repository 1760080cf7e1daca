import MitoCore

// What means something only in a tree: it travels as numbers, and belongs to a router again where it arrives.

extension Context: DirectType {
    func value(at place: CodingPlace) throws -> Value {
        try place.checkHome(self, router)
        // The oldest readers refuse longer names, and a name is only for people.
        return .context(id, name: name.flatMap { $0.unicodeScalars.count < 100 ? Text($0) : nil })
    }

    init(_ value: Value, at place: CodingPlace) throws {
        guard let id = ContextID(value) else { throw place.mismatch(Self.self, value) }
        let router = try place.home(of: Self.self)
        guard case .context(_, let name?) = value else {
            self = router.contextByID(id)
            return
        }
        self = router.contextByID(id, name: name.string)
    }
}

extension Sender: DirectType {
    func value(at place: CodingPlace) throws -> Value {
        try place.checkHome(self, context.router)
        return value
    }

    init(_ value: Value, at place: CodingPlace) throws {
        guard let sender = Sender(value, router: try place.home(of: Self.self)) else {
            throw place.mismatch(Self.self, value)
        }
        self = sender
    }
}

extension Channel.Invitation: DirectType {
    func value(at place: CodingPlace) throws -> Value {
        try place.checkHome(self, router)
        return value
    }

    init(_ value: Value, at place: CodingPlace) throws {
        guard let invitation = Channel.Invitation(value, router: try place.home(of: Self.self)) else {
            throw place.mismatch(Self.self, value)
        }
        self = invitation
    }
}

extension CodingPlace {
    /// The same number in another tree is somebody else.
    fileprivate func checkHome(_ value: Any, _ home: Router) throws {
        guard let router, router != home else { return }
        throw EncodingError.invalidValue(
            value, .init(codingPath: codingPath, debugDescription: "it belongs to another router"))
    }

    fileprivate func home(of type: Any.Type) throws -> Router {
        guard let router else { throw corrupted("a \(type) is read in calls and messages only") }
        return router
    }
}

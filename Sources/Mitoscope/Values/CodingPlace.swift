/// One place in a value that is being encoded or decoded.
///
/// Places cost nothing until one of them holds others; the path is put together when somebody asks, which is mostly
/// when something is wrong.
struct CodingPlace {
    /// What holds it; nil for the whole.
    let holder: CodingHolder?
    /// Which part of its holder it is; nil when it is all that its holder has.
    let key: (any CodingKey)?
    /// Whose contexts and senders these are; nil = nobody's, and there can be none.
    let router: Router?

    static func whole(router: Router?) -> CodingPlace { CodingPlace(holder: nil, key: nil, router: router) }

    /// How many values hold this one.
    var depth: Int { holder?.depth ?? 0 }

    var codingPath: [any CodingKey] {
        var path: [any CodingKey] = []
        var place = self
        while true {
            if let key = place.key { path.append(key) }
            guard let holder = place.holder else { return path.reversed() }
            place = holder.place
        }
    }
}

/// A value that holds others.
final class CodingHolder: Sendable {
    let place: CodingPlace
    /// How deep its parts are.
    let depth: Int

    init(_ place: CodingPlace) {
        self.place = place
        depth = place.depth + 1
    }

    /// The place of one part.
    subscript(key: any CodingKey) -> CodingPlace { CodingPlace(holder: self, key: key, router: place.router) }

    /// The place of its only part, which is no part by itself.
    var only: CodingPlace { CodingPlace(holder: self, key: nil, router: place.router) }
}

/// The place of an item in a list.
struct ItemKey: CodingKey {
    let index: Int

    init(_ index: Int) { self.index = index }
    init?(intValue: Int) { self.init(intValue) }
    init?(stringValue: String) { nil }

    var intValue: Int? { index }
    var stringValue: String { "[\(index)]" }
}

/// The name of a part that has no key type of its own.
struct NameKey: CodingKey {
    let stringValue: String

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }

    var intValue: Int? { nil }

    /// Where a class puts what its superclass has.
    static let superclass = NameKey("super")
}

/// What is wrong, for people: the place in a value first, where one is known.
func reason(_ error: any Error) -> String {
    let context: (path: [any CodingKey], text: String)
    switch error {
    case EncodingError.invalidValue(_, let found): context = (found.codingPath, found.debugDescription)
    case DecodingError.typeMismatch(_, let found), DecodingError.valueNotFound(_, let found),
        DecodingError.keyNotFound(_, let found), DecodingError.dataCorrupted(let found):
        context = (found.codingPath, found.debugDescription)
    default: return "\(error)"
    }
    return context.path.isEmpty ? context.text : "\(context.path.text): \(context.text)"
}

extension [any CodingKey] {
    /// The path for people: `hosts[2].name`.
    var text: String {
        reduce(into: "") { text, key in
            if !text.isEmpty, !(key is ItemKey) { text += "." }
            text += key.stringValue
        }
    }
}

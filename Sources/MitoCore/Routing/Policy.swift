/// Who may send to a handle. What a policy refuses is answered `refused by policy`, and the handle stays open.
///
/// ```swift
/// var opening = HandleOpening()
/// opening.policy = .parentAuthority
/// opening.policy = .custom { source, authority in source == web && authority == .master }
/// ```
public enum Policy: Sendable {
    /// Whoever can route to it.
    case anyone
    /// Whoever speaks with this context's own authority or that of one of its ancestors.
    case parentAuthority
    /// A direct neighbour: an immediate child and, as in the original, the immediate parent.
    case immediateChild
    /// As the function says, from nothing but who sent the message and on whose authority. It runs on the broker's
    /// loop, must not wait, and gives the same answer to the same question.
    case custom(@Sendable (_ source: ContextID, _ authority: ContextID) -> Bool)
}

extension Node {
    /// May this message reach a handle with that policy? `arrival` is nil for the node's own messages.
    func allows(_ policy: Policy, _ header: FrameHeader, from arrival: LinkID?) -> Bool {
        switch policy {
        case .anyone: true
        case .parentAuthority: routes.hasParentAuthority(header.authority)
        case .immediateChild: arrival.map { links[$0].remote == header.source } ?? false
        case .custom(let isAllowed): isAllowed(header.source, header.authority)
        }
    }
}

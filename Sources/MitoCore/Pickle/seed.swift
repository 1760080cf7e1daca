// Provisional: replaced by the complete codec.
public struct PickleError: Error, CustomStringConvertible { public var description = "bad pickle" }
public struct PreambleError: Error, CustomStringConvertible { public var description = "bad preamble" }
extension Value: CustomStringConvertible {
    public var description: String { description(limit: 10_000) }
    public func description(limit: Int) -> String {
        switch self {
        case .none: "None"
        case .bool(let b): b ? "True" : "False"
        case .int(let i): "\(i)"
        case .text(let t): "'\(t.string)'"
        case .float(let d): "\(d)"
        case .list(let l): "[" + l.map(\.description).joined(separator: ", ") + "]"
        case .tuple(let l): l.count == 1 ? "(\(l[0]),)" : "(" + l.map(\.description).joined(separator: ", ") + ")"
        case .dict(let d): "{" + d.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        case .sender(let c, let h): "Sender(\(c), \(h))"
        default: "?"
        }
    }
    public func pickled() -> [UInt8] { [0x80, 2] + body() + [0x2E] }
    private func le32(_ n: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: n >> ($0 * 8)) } }
    private func global(_ m: String, _ n: String, _ args: [Value]) -> [UInt8] {
        Array("c\(m)\n\(n)\n".utf8) + Value.tuple(args).body() + Array("R".utf8)
    }
    private func body() -> [UInt8] {
        switch self {
        case .none: [0x4E]
        case .bool(let b): [b ? 0x88 : 0x89]
        case .int(let i):
            if let n = Int32(exactly: i) { [0x4A] + le32(Int(n)) }
            else { [0x8A, 8] + (0..<8).map { UInt8(truncatingIfNeeded: i >> ($0 * 8)) } }
        case .bigInt(let b): [0x8A, UInt8(b.count)] + b
        case .float(let d): [0x47] + (0..<8).map { UInt8(truncatingIfNeeded: d.bitPattern >> (56 - $0 * 8)) }
        case .bytes(let b): [0x54] + le32(b.count) + b
        case .text(let t): [0x58] + le32(t.utf8.count) + t.utf8
        case .list(let l): [0x5D, 0x28] + l.flatMap { $0.body() } + [0x65]
        case .tuple(let l): [0x28] + l.flatMap { $0.body() } + [0x74]
        case .dict(let d): [0x7D, 0x28] + d.flatMap { $0.key.body() + $0.value.body() } + [0x75]
        case .keywords(let d): global("mitogen.core", "Kwargs", [.dict(d)])
        case .blob(let b): global("mitogen.core", "Blob", [.bytes(b)])
        case .secret(let t): global("mitogen.core", "Secret", [.text(t)])
        case .callError(let s): global("mitogen.core", "_unpickle_call_error", [.text(s)])
        case .context(let c, let n): global("mitogen.core", "_unpickle_context", [.int(Int64(c.rawValue)), n.map { .text($0) } ?? .none])
        case .sender(let c, let h): global("mitogen.core", "_unpickle_sender", [.int(Int64(c.rawValue)), .int(Int64(h.rawValue))])
        }
    }
    public init(pickled p: [UInt8]) throws(PickleError) {
        enum Slot { case mark, global(String), value(Value) }
        var stack: [Slot] = []; var i = 2
        func need(_ n: Int) throws(PickleError) { if i + n > p.count { throw PickleError() } }
        func pop() throws(PickleError) -> Value { guard case .value(let v)? = stack.popLast() else { throw PickleError() }; return v }
        func toMark() throws(PickleError) -> [Value] {
            var out: [Value] = []
            while let s = stack.popLast() { switch s { case .mark: return out.reversed(); case .value(let v): out.append(v); case .global: throw PickleError() } }
            throw PickleError()
        }
        func le(_ n: Int) throws(PickleError) -> Int { try need(n); var v = 0; for k in 0..<n { v |= Int(p[i + k]) << (8 * k) }; i += n; return v }
        func line() throws(PickleError) -> String { guard let e = p[i...].firstIndex(of: 10) else { throw PickleError() }; let s = String(decoding: p[i..<e], as: UTF8.self); i = e + 1; return s }
        if p.count < 3 || p[0] != 0x80 { throw PickleError() }
        while i < p.count {
            let op = p[i]; i += 1
            switch op {
            case 0x2E: self = try pop(); return
            case 0x4E: stack.append(.value(.none))
            case 0x88: stack.append(.value(.bool(true)))
            case 0x89: stack.append(.value(.bool(false)))
            case 0x4B: stack.append(.value(.int(Int64(try le(1)))))
            case 0x4D: stack.append(.value(.int(Int64(try le(2)))))
            case 0x4A: stack.append(.value(.int(Int64(Int32(truncatingIfNeeded: try le(4))))))
            case 0x8A: let n = try le(1); guard n == 8 else { throw PickleError() }; var v: Int64 = 0; for k in 0..<8 { v |= Int64(p[i + k]) << (8 * k) }; i += 8; stack.append(.value(.int(v)))
            case 0x47: try need(8); var v: UInt64 = 0; for k in 0..<8 { v = v << 8 | UInt64(p[i + k]) }; i += 8; stack.append(.value(.float(Double(bitPattern: v))))
            case 0x54: let n = try le(4); try need(n); stack.append(.value(.bytes(Array(p[i..<i + n])))); i += n
            case 0x58: let n = try le(4); try need(n); stack.append(.value(.text(Text(utf8: Array(p[i..<i + n]))))); i += n
            case 0x5D: stack.append(.value(.list([])))
            case 0x7D: stack.append(.value(.dict([])))
            case 0x28: stack.append(.mark)
            case 0x65: let l = try toMark(); _ = try pop(); stack.append(.value(.list(l)))
            case 0x74: stack.append(.value(.tuple(try toMark())))
            case 0x75: let l = try toMark(); _ = try pop(); stack.append(.value(.dict(stride(from: 0, to: l.count - 1, by: 2).map { Pair(l[$0], l[$0 + 1]) })))
            case 0x63: _ = try line(); stack.append(.global(try line()))
            case 0x52:
                guard case .tuple(let a) = try pop(), case .global(let g)? = stack.popLast() else { throw PickleError() }
                switch (g, a.first) {
                case ("Kwargs", .dict(let d)?): stack.append(.value(.keywords(d)))
                case ("_unpickle_call_error", .text(let t)?): stack.append(.value(.callError(t.string)))
                case ("_unpickle_sender", .int(let c)?): if case .int(let h) = a[1] { stack.append(.value(.sender(ContextID(UInt32(c)), Handle(UInt32(h))))) }
                default: throw PickleError()
                }
            default: throw PickleError()
            }
        }
        throw PickleError()
    }
}
public struct Preamble {
    public var contextID: ContextID
    public var parentIDs: [ContextID]
    public var name: String
    public var maxMessageSize = 128 << 20
    public var isUnidirectional = false
    public var logLevels: [Int] = []
    public var callers = Node.Callers.parents
    public var extras: [Value.Pair] = []
    public init(contextID: ContextID, parentIDs: [ContextID], name: String) { self.contextID = contextID; self.parentIDs = parentIDs; self.name = name }
    public init(_ text: [UInt8]) throws(PreambleError) {
        guard let v = try? Value(pickled: text), case .tuple(let p) = v, case .int(let id) = p[0], case .list(let ids) = p[1], case .int(let m) = p[3], case .dict(let e) = p[6] else { throw PreambleError() }
        self.init(contextID: ContextID(UInt32(id)), parentIDs: ids.map { if case .int(let i) = $0 { ContextID(UInt32(i)) } else { ContextID(0) } }, name: p[2].string ?? "")
        maxMessageSize = Int(m); isUnidirectional = p[4] == .bool(true); callers = p[5] == "anyone" ? .anyone : .parents; extras = e
    }
    public func text() -> [UInt8] {
        Value.tuple([.int(Int64(contextID.rawValue)), .list(parentIDs.map { .int(Int64($0.rawValue)) }), .text(name), .int(Int64(maxMessageSize)), .bool(isUnidirectional), .text(callers.rawValue), .dict(extras)]).pickled()
    }
}

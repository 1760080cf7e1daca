/// What a pickle has built so far: the machine's stack and marks, its memo, and the lists and dicts still being filled.
///
/// A list is an object with an identity until it is *used*: put into another value, or returned. From then on it is a
/// plain value that many places may share and none may change. Every writer fills a list before it uses it, except
/// where a list holds itself; so a change after use is refused, and with it every cycle.
///
/// All memory and work is charged, in bytes, against one limit for the whole payload.
struct PickleHeap: Sendable {
    enum ContainerKind: Sendable {
        case list, dict
    }

    private enum Item: Sendable {
        case value(Value, Measure)
        /// A list or dict, by its place in `containers`.
        case container(Int)
        case global(PickleGlobal)
    }

    private struct Container: Sendable {
        let kind: ContainerKind
        /// The items of a list; key, value, key, value of a dict.
        var contents: [Value] = []
        var measure = Measure(weight: Measure.valueWeight, depth: 1, isHashable: false)
        var used: Value?
    }

    private let limits: PickleReader.Limits
    private var stack: [Item] = []
    private var marks: [Int] = []
    private var memo: [Item?] = []
    private var containers: [Container] = []
    private var spent = 0

    init(limits: PickleReader.Limits) {
        self.limits = limits
        stack.reserveCapacity(Self.usualDepth)
    }

    /// Forgets the stack; the memo stays, as one payload has one memo.
    mutating func beginPickle() {
        stack.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
    }

    // MARK: Stack

    /// Pushes a value that holds no other and was made just now.
    mutating func push(_ value: Value) throws(PickleError.Reason) {
        let measure = Measure(leaf: value)
        try charge(measure.weight)
        stack.append(.value(value, measure))
    }

    mutating func push(_ global: PickleGlobal) throws(PickleError.Reason) {
        try charge(Measure.valueWeight)
        stack.append(.global(global))
    }

    mutating func pushMark() throws(PickleError.Reason) {
        try charge(Measure.valueWeight)
        marks.append(stack.count)
    }

    /// Takes the topmost value. Values below a mark are out of reach.
    mutating func popValue() throws(PickleError.Reason) -> Value { try use(try popItem()).0 }

    mutating func pop() throws(PickleError.Reason) {
        if let mark = marks.last, mark == stack.count {
            marks.removeLast()
        } else {
            _ = try popItem()
        }
    }

    mutating func popMark() throws(PickleError.Reason) {
        guard let mark = marks.popLast() else { throw .missingMark }
        drop(downTo: mark)
    }

    // MARK: Lists and dicts

    mutating func pushContainer(_ kind: ContainerKind) throws(PickleError.Reason) {
        try charge(Measure.valueWeight)
        stack.append(.container(containers.count))
        containers.append(Container(kind: kind))
    }

    mutating func append(fromMark: Bool) throws(PickleError.Reason) {
        try fill(.list, from: fromMark ? popMarkPlace() : stack.count - 1)
    }

    mutating func setItems(fromMark: Bool) throws(PickleError.Reason) {
        try fill(.dict, from: fromMark ? popMarkPlace() : stack.count - 2)
    }

    /// Moves what stands above `start` into the container just below it.
    private mutating func fill(_ kind: ContainerKind, from start: Int) throws(PickleError.Reason) {
        guard start > (marks.last ?? 0) else { throw .missingValue }
        guard case .container(let place) = stack[start - 1], containers[place].kind == kind else {
            throw .expected(kind == .list ? "a list" : "a dict")
        }
        guard kind == .list || (stack.count - start).isMultiple(of: 2) else { throw .missingValue }
        guard containers[place].used == nil else { throw .changedAfterUse }
        for index in start..<stack.count {
            if case .container(place) = stack[index] { throw .changedAfterUse }
            let (value, measure) = try use(index)
            if kind == .dict, containers[place].contents.count.isMultiple(of: 2) {
                guard measure.isHashable else { throw .unhashableKey }
                try charge(measure.weight)
            }
            try containers[place].measure.add(measure, limits)
            containers[place].contents.append(value)
        }
        drop(downTo: start)
    }

    // MARK: Tuples

    mutating func pushTuple(count: Int) throws(PickleError.Reason) {
        guard stack.count - count >= (marks.last ?? 0) else { throw .missingValue }
        try pushTuple(from: stack.count - count)
    }

    mutating func pushTupleFromMark() throws(PickleError.Reason) { try pushTuple(from: popMarkPlace()) }

    private mutating func pushTuple(from start: Int) throws(PickleError.Reason) {
        try charge(Measure.valueWeight)
        var items: [Value] = []
        items.reserveCapacity(stack.count - start)
        var whole = Measure(weight: Measure.valueWeight, depth: 1, isHashable: true)
        for index in start..<stack.count {
            let (value, measure) = try use(index)
            try whole.add(measure, limits)
            whole.isHashable = whole.isHashable && measure.isHashable
            items.append(value)
        }
        drop(downTo: start)
        stack.append(.value(.tuple(items), whole))
    }

    // MARK: Memo

    /// Memoises the topmost value. Numbers may be skipped, but no writer numbers faster than it writes bytes.
    mutating func put(_ number: UInt32, bytesRead: Int) throws(PickleError.Reason) {
        guard stack.count > (marks.last ?? 0), let top = stack.last else { throw .missingValue }
        guard number <= bytesRead else { throw .memo(number) }
        let place = Int(number)
        if place >= memo.count {
            try charge((place + 1 - memo.count) * Measure.valueWeight)
            memo.append(contentsOf: repeatElement(nil, count: place + 1 - memo.count))
        }
        memo[place] = top
    }

    mutating func get(_ number: UInt32) throws(PickleError.Reason) {
        guard number < memo.count, let item = memo[Int(number)] else { throw .memo(number) }
        try charge(Measure.valueWeight)
        stack.append(item)
    }

    // MARK: Globals

    /// Calls the global under the topmost tuple with that tuple.
    mutating func reduce() throws(PickleError.Reason) {
        guard case .value(.tuple(let arguments), let measure) = try popItem() else { throw .expected("a tuple") }
        guard case .global(let global) = try popItem() else { throw .expected("a name from the list") }
        // What is built may be as large as its arguments, and takes as long.
        try charge(measure.weight)
        let value = try global.build(arguments)
        if case .keywords = value {
            stack.append(.value(value, Measure(weight: measure.weight, depth: measure.depth - 1, isHashable: false)))
        } else {
            stack.append(.value(value, Measure(leaf: value)))
        }
    }

    // MARK: Parts

    /// Room for what a call's stack usually holds.
    private static let usualDepth = 8

    private mutating func popMarkPlace() throws(PickleError.Reason) -> Int {
        guard let mark = marks.popLast() else { throw .missingMark }
        return mark
    }

    private mutating func popItem() throws(PickleError.Reason) -> Item {
        guard stack.count > (marks.last ?? 0), let item = stack.popLast() else { throw .missingValue }
        return item
    }

    private mutating func drop(downTo count: Int) {
        while stack.count > count { stack.removeLast() }
    }

    /// The plain value of an item of the stack, which is left there.
    private mutating func use(_ index: Int) throws(PickleError.Reason) -> (Value, Measure) {
        if case .value(let value, let measure) = stack[index] { return (value, measure) }
        return try use(stack[index])
    }

    /// The plain value of an item; a list or dict is finished by it.
    private mutating func use(_ item: Item) throws(PickleError.Reason) -> (Value, Measure) {
        switch item {
        case .value(let value, let measure): return (value, measure)
        case .global: throw .expected("a value, not a name")
        case .container(let place):
            if let value = containers[place].used { return (value, containers[place].measure) }
            var contents: [Value] = []
            swap(&contents, &containers[place].contents)
            let value: Value
            switch containers[place].kind {
            case .list: value = .list(contents)
            case .dict:
                let pairs = stride(from: 0, to: contents.count, by: 2).map {
                    Value.Pair(contents[$0], contents[$0 + 1])
                }
                value = .dict(pairs.keepingLastOfEachKey())
            }
            containers[place].used = value
            return (value, containers[place].measure)
        }
    }

    private mutating func charge(_ weight: Int) throws(PickleError.Reason) {
        spent += weight
        guard spent <= limits.weightMax else { throw .tooLarge(max: limits.weightMax) }
    }
}

/// How large a value is, as if it shared nothing.
struct Measure: Sendable {
    /// What one value counts for, beside its text or bytes.
    static let valueWeight = 32

    var weight: Int
    /// Lists, tuples and dicts within one another; 0 for a value that holds no other.
    var depth: Int
    var isHashable: Bool

    init(weight: Int, depth: Int, isHashable: Bool) {
        self.weight = weight
        self.depth = depth
        self.isHashable = isHashable
    }

    /// Of a value that holds no other.
    init(leaf value: Value) {
        let bytes =
            switch value {
            case .bytes(let bytes), .blob(let bytes), .bigInt(let bytes): bytes.count
            case .text(let text), .secret(let text): text.utf8.count
            case .callError(let text): text.utf8.count
            case .context(_, let name): name?.utf8.count ?? 0
            default: 0
            }
        self.init(weight: Self.valueWeight + bytes, depth: 0, isHashable: true)
    }

    /// Takes a part in.
    mutating func add(_ part: Measure, _ limits: PickleReader.Limits) throws(PickleError.Reason) {
        weight += part.weight
        depth = max(depth, part.depth + 1)
        guard depth <= limits.depthMax else { throw .tooDeep(max: limits.depthMax) }
        guard weight <= limits.weightMax else { throw .tooLarge(max: limits.weightMax) }
    }
}

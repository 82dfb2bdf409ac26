/// Follows a pickle without executing anything: it only puts values together.
///
/// Instructions and global names come from two allow-lists. A container is closed once it is placed in another, so that
/// values form a tree of bounded depth whatever the order of instructions; nothing here recurses.
///
/// - Source: the opcodes of Python's `pickletools`, protocols 2 to 5.
struct PickleReader {
    let bytes: [UInt8]
    /// What error messages call the file.
    let file: String
    let limits: TensorFileLimits
    /// The next byte to read.
    var position = 0
    /// Whether the bytes ended within a pickle.
    var ranOut = false
    /// What `BINPERSID` named, in order of appearance.
    var storages: [PickleStorage] = []
    var tensors: [TensorLayout] = []

    var storagePlaces: [String: Int] = [:]
    var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var made = 0
    /// Where the current instruction starts.
    private var start = 0

    init(_ bytes: [UInt8], file: String, limits: TensorFileLimits) {
        self.bytes = bytes
        self.file = file
        self.limits = limits
    }

    /// Reads the next pickle.
    mutating func load() throws(TensorFileError) -> PickleValue {
        (stack, marks, memo) = ([], [], [:])
        while true {
            start = position
            let byte = try self.byte()
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw refused(PickleOpcode.refusedName(byte))
            }
            if opcode == .stop { break }
            try follow(opcode)
        }
        guard marks.isEmpty, stack.count == 1, let value = stack.popLast() else {
            throw damaged("\(stack.count) values at the end of the pickle", "one")
        }
        return value
    }

    private mutating func follow(_ opcode: PickleOpcode) throws(TensorFileError) {
        switch opcode {
        case .stop: break
        case .protocolVersion:
            let version = try byte()
            guard (2...5).contains(version) else {
                throw damaged("pickle protocol \(version)", "2 to 5")
            }
        case .frame: _ = try number(8)
        case .mark:
            try count()
            marks.append(stack.count)
        case .none: try push(.none)
        case .newTrue: try push(.bool(true))
        case .newFalse: try push(.bool(false))
        case .binaryInteger:
            try push(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
        case .binaryInteger1: try push(.integer(try number(1)))
        case .binaryInteger2: try push(.integer(try number(2)))
        case .long1: try push(try long())
        case .binaryFloat:
            let bits = try take(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            try push(.real(Double(bitPattern: bits)))
        case .binaryUnicode: try push(.text(try text(try number(4))))
        case .shortBinaryUnicode: try push(.text(try text(try number(1))))
        case .binaryUnicode8: try push(.text(try text(try number(8))))
        case .binaryString: try push(.text(try latin(try number(4))))
        case .shortBinaryString: try push(.text(try latin(try number(1))))
        case .binaryBytes: try pushBytes(try number(4))
        case .shortBinaryBytes: try pushBytes(try number(1))
        case .binaryBytes8: try pushBytes(try number(8))
        case .emptyTuple: try push(.tuple(PickleTuple(values: [], depth: 1, weight: 1)))
        case .tuple1: try pushTuple(try pop(1))
        case .tuple2: try pushTuple(try pop(2))
        case .tuple3: try pushTuple(try pop(3))
        case .tuple: try pushTuple(try popToMark())
        case .emptyList: try push(.list(PickleList()))
        case .append: try append(try pop(1))
        case .appends: try append(try popToMark())
        case .emptyDictionary: try push(.dictionary(PickleDictionary(isOrdered: false)))
        case .setItem: try set(try pop(2))
        case .setItems: try set(try popToMark())
        case .binaryPut: try memoize(at: try number(1))
        case .longBinaryPut: try memoize(at: try number(4))
        case .memoize: try memoize(at: memo.count)
        case .binaryGet: try recall(try number(1))
        case .longBinaryGet: try recall(try number(4))
        case .global: try global(module: try line(), name: try line())
        case .stackGlobal:
            let names = try pop(2)
            guard case .text(let module) = names[0], case .text(let name) = names[1] else {
                throw damaged("a global named by \(names[0].kind) and \(names[1].kind)", "strings")
            }
            try global(module: module, name: name)
        case .binaryPersistentIdentifier: try persistent(try pop(1)[0])
        case .reduce:
            let parts = try pop(2)
            try reduce(parts[0], parts[1])
        case .build:
            // A statement of its own: a call of a method that does not mutate would look at the stack before it is popped.
            let state = try pop(1)
            try build(state[0])
        }
    }

    // MARK: - Containers

    mutating func pushTuple(_ values: [PickleValue]) throws(TensorFileError) {
        let (depth, weight) = try place(values, weight: 1)
        try push(.tuple(PickleTuple(values: values, depth: depth, weight: weight)))
    }

    private mutating func append(_ values: [PickleValue]) throws(TensorFileError) {
        guard case .list(let list) = try top() else {
            throw damaged("an element for \(try top().kind)", "a list")
        }
        let (depth, weight) = try place(values, weight: list.weight)
        guard !list.isFrozen else {
            throw damaged("an element for a list that is not open", "an open list")
        }
        list.values += values
        list.depth = max(list.depth, depth)
        list.weight = weight
    }

    private mutating func set(_ values: [PickleValue]) throws(TensorFileError) {
        guard values.count.isMultiple(of: 2) else { throw damaged("a key alone", "key and value") }
        guard case .dictionary(let dictionary) = try top() else {
            throw damaged("an item for \(try top().kind)", "a dictionary")
        }
        let (depth, weight) = try place(values, weight: dictionary.weight)
        guard !dictionary.isFrozen else {
            throw damaged("an item for a dictionary that is not open", "an open dictionary")
        }
        for index in stride(from: 0, to: values.count, by: 2) {
            try add(values[index], values[index + 1], to: dictionary)
        }
        dictionary.depth = max(dictionary.depth, depth)
        dictionary.weight = weight
    }

    func add(
        _ key: PickleValue, _ value: PickleValue, to dictionary: PickleDictionary
    ) throws(TensorFileError) {
        let text: String
        switch key {
        case .text(let name): text = name
        case .integer(let number): text = "\(number)"
        case .bool(let value): text = value ? "True" : "False"
        case .real(let value): text = "\(value)"
        case .none: text = "None"
        default: throw damaged("\(key.kind) as a key", "a string or a number")
        }
        guard dictionary.add(text, value) else {
            throw damaged("the key \(Printable.text(text)) twice in a dictionary", "each key once")
        }
    }

    /// Closes values that go into a container of some weight; gives the depth and the weight it has with them.
    ///
    /// Sharing lets a small pickle describe an endless tree; here it ends before anything walks over it.
    private func place(
        _ values: [PickleValue], weight start: Int
    ) throws(TensorFileError) -> (depth: Int, weight: Int) {
        var depth = 0
        // Cannot overflow: as many values as a pickle has bytes, each of a weight within the limit.
        var weight = start
        for value in values {
            value.freeze()
            depth = max(depth, value.depth)
            weight += value.weight
        }
        guard depth < limits.pickleDepth else {
            throw .tooLarge(
                file: file, place: place, found: "values nested deeper than \(depth) levels",
                limit: "\(limits.pickleDepth) levels")
        }
        guard weight <= limits.pickleValues else {
            throw .tooLarge(
                file: file, place: place, found: "shared values that unfold to \(weight)",
                limit: "\(limits.pickleValues)")
        }
        return (depth + 1, weight)
    }

    private func build(_: PickleValue) throws(TensorFileError) {
        let target = try top()
        switch target {
        // The attributes of a dictionary, for example `_metadata`, and the byte order of a NumPy type: not looked at.
        case .dictionary(let dictionary) where dictionary.isOrdered && !dictionary.isFrozen: return
        case .opaque(PickleGlobal.numpyType.name): return
        default: throw refused("BUILD on \(target.kind)")
        }
    }

    private mutating func global(module: String, name: String) throws(TensorFileError) {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw refused(
                Printable.text("\(module).\(name)"),
                next: PickleGlobal.advice(module: module, name: name))
        }
        try push(.global(global))
    }

    // MARK: - Stack and memo

    private mutating func count() throws(TensorFileError) {
        made += 1
        guard made <= limits.pickleValues else {
            throw .tooLarge(
                file: file, place: place, found: "more values", limit: "\(limits.pickleValues)")
        }
    }

    mutating func push(_ value: PickleValue) throws(TensorFileError) {
        try count()
        stack.append(value)
    }

    /// The last values, which must lie above the last mark.
    private mutating func pop(_ number: Int) throws(TensorFileError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= number else {
            throw damaged("an instruction for \(number) values that are not there", "them")
        }
        let values = Array(stack.suffix(number))
        stack.removeLast(number)
        return values
    }

    private mutating func popToMark() throws(TensorFileError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw damaged("no mark", "one") }
        let values = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return values
    }

    private func top() throws(TensorFileError) -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.last else {
            throw damaged("an instruction for a value that is not there", "it")
        }
        return value
    }

    private mutating func memoize(at index: Int) throws(TensorFileError) {
        try count()
        memo[index] = try top()
    }

    private mutating func recall(_ index: Int) throws(TensorFileError) {
        guard let value = memo[index] else {
            throw damaged("a reference to value \(index)", "one that was kept")
        }
        try push(value)
    }

    // MARK: - Bytes

    private mutating func take(_ count: Int) throws(TensorFileError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else {
            ranOut = true
            throw damaged("\(bytes.count - position) bytes before the end", "\(count)")
        }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    private mutating func byte() throws(TensorFileError) -> UInt8 {
        guard let byte = try take(1).first else { preconditionFailure("one byte was taken") }
        return byte
    }

    /// An unsigned little-endian number.
    private mutating func number(_ count: Int) throws(TensorFileError) -> Int {
        let value = try take(count).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: value) else {
            throw damaged("the number \(value)", "below 2^63")
        }
        return number
    }

    private mutating func long() throws(TensorFileError) -> PickleValue {
        let raw = Array(try take(try number(1)))
        guard raw.count <= 8 else { return .wide(raw) }
        let isNegative = raw.last.map { $0 >= 0x80 } ?? false
        var value: Int = isNegative ? -1 : 0
        for byte in raw.reversed() { value = value << 8 | Int(byte) }
        return .integer(value)
    }

    private mutating func text(_ count: Int) throws(TensorFileError) -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw damaged("a string that is not UTF-8", "UTF-8")
        }
        return text
    }

    /// A string of Python 2: UTF-8 if it can be read so, else each byte a character.
    private mutating func latin(_ count: Int) throws(TensorFileError) -> String {
        let raw = try take(count)
        if let text = String(validating: raw, as: UTF8.self) { return text }
        var text = ""
        for byte in raw { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        return text
    }

    private mutating func pushBytes(_ count: Int) throws(TensorFileError) {
        _ = try take(count)
        try push(.opaque("bytes"))
    }

    /// A line of at most 1 024 bytes.
    private mutating func line() throws(TensorFileError) -> String {
        let first = position
        while try byte() != 0x0a {
            guard position - first <= 1024 else { throw damaged("a name without end", "a line") }
        }
        guard
            let text = String(validating: bytes[first..<(position - 1)], as: UTF8.self)
        else { throw damaged("a name that is not UTF-8", "UTF-8") }
        return text
    }

    // MARK: - Errors

    /// Where the current instruction is.
    var place: String { "byte \(start)" }

    func damaged(_ found: String, _ expected: String) -> TensorFileError {
        .damaged(file: file, place: place, found: found, expected: expected)
    }

    func refused(_ what: String, next: String? = nil) -> TensorFileError {
        .refused(
            file: file, place: place, what: what,
            next: next ?? PickleGlobal.advice(module: "", name: ""))
    }
}

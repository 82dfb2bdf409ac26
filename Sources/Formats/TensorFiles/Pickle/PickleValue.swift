/// A value a pickle describes; none of them can do anything.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    /// A whole number beyond 64 bits, little-endian.
    case wide([UInt8])
    case real(Double)
    case text(String)
    case tuple(PickleTuple)
    case list(PickleList)
    case dictionary(PickleDictionary)
    case global(PickleGlobal)
    /// Place of a storage in the list of the reader.
    case storage(Int)
    /// Place of a tensor in the list of the reader.
    case tensor(Int)
    /// Something allowed that is not looked at, by its name.
    case opaque(String)

    /// How deep containers are nested in the value; 0 without any.
    var depth: Int {
        switch self {
        case .tuple(let tuple): tuple.depth
        case .list(let list): list.depth
        case .dictionary(let dictionary): dictionary.depth
        default: 0
        }
    }

    /// How many values there are with all that it holds, each counted wherever it is mentioned.
    var weight: Int {
        switch self {
        case .tuple(let tuple): tuple.weight
        case .list(let list): list.weight
        case .dictionary(let dictionary): dictionary.weight
        default: 1
        }
    }

    /// The value can no longer change, because something holds it now.
    func freeze() {
        switch self {
        case .list(let list): list.isFrozen = true
        case .dictionary(let dictionary): dictionary.isFrozen = true
        default: break
        }
    }

    /// What error messages call the value.
    var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a bool"
        case .integer: "an integer"
        case .wide: "an integer beyond 64 bits"
        case .real: "a float"
        case .text: "a string"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .global(let global): Printable.text(global.name)
        case .storage: "a storage"
        case .tensor: "a tensor"
        case .opaque(let name): name
        }
    }
}

/// Values in a fixed order.
struct PickleTuple {
    let values: [PickleValue]
    let depth: Int
    let weight: Int
}

/// Values in an order; shared with the memo until it is placed in another container.
final class PickleList {
    var values: [PickleValue] = []
    var depth = 1
    var weight = 1
    var isFrozen = false
}

/// Keys and values in the order of the pickle; shared with the memo until it is placed in another container.
final class PickleDictionary {
    var items: [(key: String, value: PickleValue)] = []
    var depth = 1
    var weight = 1
    var isFrozen = false
    /// Whether it is an `OrderedDict`, which may be followed by attributes.
    let isOrdered: Bool
    private var seen: Set<String> = []

    init(isOrdered: Bool) { self.isOrdered = isOrdered }

    /// Adds an item; `false` when the key is there already.
    ///
    /// Keys are compared as the text they get in names, so that 0 and "0" do not become one tensor.
    func add(_ key: String, _ value: PickleValue) -> Bool {
        guard seen.insert(key).inserted else { return false }
        items.append((key, value))
        return true
    }
}

/// A storage as a pickle names it.
struct PickleStorage: Sendable {
    let key: String
    let elementType: TensorElementType
    /// How many elements it holds.
    let count: Int
}

extension PickleReader {
    /// `BINPERSID`: the tuple that names a storage.
    mutating func persistent(_ identifier: PickleValue) throws(TensorFileError) {
        guard case .tuple(let tuple) = identifier, tuple.values.count >= 5,
            case .text("storage") = tuple.values[0], case .global(let global) = tuple.values[1],
            case .storage(let type) = global, case .text(let key) = tuple.values[2],
            case .text = tuple.values[3], case .integer(let count) = tuple.values[4]
        else { throw damaged("a persistent identifier of another kind", "that of a storage") }
        if tuple.values.count > 5 {
            guard tuple.values.count == 6, case .none = tuple.values[5] else {
                throw refused(
                    "a storage that is a view of another",
                    next: "load the file with PyTorch and save it again")
            }
        }
        guard count >= 0, !count.multipliedReportingOverflow(by: type.byteCount).overflow else {
            throw damaged("a storage of \(count) elements", "a number that can be")
        }
        if let place = storagePlaces[key] {
            guard storages[place].elementType == type, storages[place].count == count else {
                throw damaged(
                    "storage \(Printable.text(key)) as \(count) \(type.rawValue)",
                    "\(storages[place].count) \(storages[place].elementType.rawValue) as before")
            }
            return try push(.storage(place))
        }
        storagePlaces[key] = storages.count
        try push(.storage(storages.count))
        storages.append(PickleStorage(key: key, elementType: type, count: count))
    }

    /// `REDUCE`: in Python a call; here one of a few ways to put a value together.
    mutating func reduce(
        _ callable: PickleValue, _ arguments: PickleValue
    ) throws(TensorFileError) {
        guard case .global(let global) = callable else {
            throw refused("a call of \(callable.kind)")
        }
        guard case .tuple(let tuple) = arguments else {
            throw damaged("\(arguments.kind) as arguments of \(global.name)", "a tuple")
        }
        switch global {
        case .orderedDictionary: try push(.dictionary(try orderedDictionary(tuple.values)))
        case .rebuildTensor: try push(.tensor(try tensor(tuple.values)))
        case .rebuildParameter:
            guard tuple.values.count == 3, case .tensor = tuple.values[0] else {
                throw damaged("other arguments of \(global.name)", "a tensor and two values")
            }
            try push(tuple.values[0])
        case .size:
            guard tuple.values.count == 1, case .tuple(let size) = tuple.values[0] else {
                throw damaged("other arguments of \(global.name)", "a tuple of integers")
            }
            try push(.tuple(size))
        case .numpyScalar, .numpyType, .encode: try push(.opaque(global.name))
        case .storage, .constant: throw refused("a call of \(global.name)")
        }
    }

    private func orderedDictionary(
        _ arguments: [PickleValue]
    ) throws(TensorFileError) -> PickleDictionary {
        let dictionary = PickleDictionary(isOrdered: true)
        if arguments.isEmpty { return dictionary }
        // Python 2 gives the items as a list of pairs.
        guard arguments.count == 1, case .list(let list) = arguments[0] else {
            throw damaged("other arguments of collections.OrderedDict", "none, or a list of pairs")
        }
        for item in list.values {
            let pair: [PickleValue]
            switch item {
            case .list(let list): pair = list.values
            case .tuple(let tuple): pair = tuple.values
            default: pair = []
            }
            guard pair.count == 2 else { throw damaged("\(item.kind) in its place", "a pair") }
            try add(pair[0], pair[1], to: dictionary)
        }
        dictionary.depth = max(1, list.depth - 1)
        dictionary.weight = list.weight
        return dictionary
    }

    /// `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks[, metadata])`.
    private mutating func tensor(_ values: [PickleValue]) throws(TensorFileError) -> Int {
        guard (6...7).contains(values.count), case .storage(let index) = values[0],
            case .integer(let offset) = values[1], case .tuple(let size) = values[2],
            case .tuple(let stride) = values[3], let shape = integers(size),
            let strides = integers(stride), shape.count == strides.count
        else {
            throw damaged(
                "other arguments of torch._utils._rebuild_tensor_v2",
                "a storage, an offset, and as many lengths as strides")
        }
        let storage = storages[index]
        guard let count = TensorEntry.elementCount(of: shape, storage.elementType) else {
            throw damaged("a tensor of shape \(shape.prefix(8))", "a shape that can be")
        }
        guard let span = TensorLayout.span(offset: offset, shape: shape, strides: strides) else {
            throw damaged(
                "a view from \(offset) with strides \(strides.prefix(8))",
                "none negative or endless")
        }
        guard span.upperBound <= storage.count else {
            throw damaged(
                "a view up to element \(span.upperBound) of storage \(Printable.text(storage.key))",
                "at most the \(storage.count) it has")
        }
        guard count <= max(storage.count, limits.repeatedElements) else {
            throw .tooLarge(
                file: file, place: place,
                found:
                    "a view of \(count) elements that repeats the \(storage.count) of its storage",
                limit: "\(limits.repeatedElements)")
        }
        guard tensors.count < limits.tensors else {
            throw .tooLarge(
                file: file, place: place, found: "more tensors", limit: "\(limits.tensors)")
        }
        tensors.append(
            TensorLayout(
                elementType: storage.elementType, storage: index, offset: offset, shape: shape,
                strides: strides, elementCount: count))
        return tensors.count - 1
    }

    private func integers(_ tuple: PickleTuple) -> [Int]? {
        guard tuple.values.count <= TensorEntry.maximumRank else { return nil }
        var result: [Int] = []
        for value in tuple.values {
            guard case .integer(let number) = value else { return nil }
            result.append(number)
        }
        return result
    }
}

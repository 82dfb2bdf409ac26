/// The container of `.safetensors`: the length of a header (8 bytes, little-endian), the header, the elements.
///
/// - Source: the format as its own repository describes it; the rules on duplicate keys, holes and overlaps too.
enum SafetensorsHeader {
    /// Whether the first bytes look like a header; nothing else starts so.
    static func starts(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 9 && bytes[8] == UInt8(ascii: "{")
    }

    static func read(
        _ source: TensorSource, limits: TensorFileLimits
    ) throws(TensorFileError) -> TensorContents {
        let length = try source.bytes(0..<8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(source.byteCount - 8) else {
            throw .damaged(
                file: source.name, place: "byte 0", found: "a header of \(length) bytes",
                expected: "at most the \(source.byteCount - 8) that follow")
        }
        guard length <= UInt64(limits.headerBytes) else {
            throw .tooLarge(
                file: source.name, place: "byte 0", found: "a header of \(length) bytes",
                limit: "\(limits.headerBytes)")
        }
        let start = 8 + Int(length)
        var text = HeaderText(try source.bytes(8..<start), file: source.name)
        var contents = TensorContents()
        try text.object { text, key throws(TensorFileError) in
            if key == "__metadata__" {
                try text.object { text, key throws(TensorFileError) in
                    contents.metadata[key] = try text.string()
                }
            } else {
                let tensor = try tensor(&text)
                try contents.add(
                    tensor.layout(storage: contents.storages.count, text), name: key,
                    file: source.name, limits: limits)
                guard tensor.range.upperBound <= source.byteCount - start else {
                    throw text.damaged(
                        "elements up to byte \(tensor.range.upperBound) of the data",
                        "at most \(source.byteCount - start)")
                }
                contents.storages.append(
                    TensorStorage(
                        label: source.name,
                        range: (start + tensor.range.lowerBound)..<(start + tensor.range.upperBound),
                        checksum: nil))
            }
        }
        guard text.peek() == nil else {
            throw text.damaged("more behind the header's object", "nothing but spaces")
        }
        try checkCover(contents, from: start, source)
        return contents
    }

    private struct Tensor {
        var type: TensorElementType?
        var shape: [Int]?
        var range = 0..<0

        func layout(
            storage: Int, _ text: HeaderText
        ) throws(TensorFileError) -> TensorLayout {
            guard let type, let shape else {
                throw text.damaged("a tensor without dtype or shape", "both")
            }
            guard let count = TensorEntry.elementCount(of: shape, type) else {
                throw text.damaged("shape \(shape.prefix(8))", "a shape that can be")
            }
            guard count * type.byteCount == range.count else {
                throw text.damaged(
                    "\(range.count) bytes for shape \(shape.prefix(8)) of \(type.rawValue)",
                    "\(count * type.byteCount)")
            }
            return TensorLayout(
                elementType: type, storage: storage, offset: 0, shape: shape,
                strides: TensorLayout.rowMajor(shape), elementCount: count)
        }
    }

    private static func tensor(_ text: inout HeaderText) throws(TensorFileError) -> Tensor {
        var tensor = Tensor()
        var hasOffsets = false
        try text.object { text, key throws(TensorFileError) in
            switch key {
            case "dtype":
                let name = try text.string()
                tensor.type = TensorElementType.allCases.first { $0.safetensorsName == name }
                guard tensor.type != nil else {
                    throw .refused(
                        file: text.file, place: "byte \(8 + text.position)",
                        what: "element type \(Printable.text(name))",
                        next: "convert the tensors to float32 or float16 before saving")
                }
            case "shape": tensor.shape = try text.numbers(limit: TensorEntry.maximumRank)
            case "data_offsets":
                let offsets = try text.numbers(limit: 2)
                guard offsets.count == 2, offsets[0] <= offsets[1] else {
                    throw text.damaged("offsets \(offsets)", "a start and an end")
                }
                tensor.range = offsets[0]..<offsets[1]
                hasOffsets = true
            default:
                throw text.damaged("the key \(Printable.text(key))", "dtype, shape, data_offsets")
            }
        }
        guard hasOffsets else { throw text.damaged("a tensor without offsets", "data_offsets") }
        return tensor
    }

    /// The tensors must cover the data without holes, overlaps or a rest.
    private static func checkCover(
        _ contents: TensorContents, from start: Int, _ source: TensorSource
    ) throws(TensorFileError) {
        let ranges = contents.storages.map(\.range)
        let order = ranges.indices.sorted {
            (ranges[$0].lowerBound, ranges[$0].upperBound)
                < (ranges[$1].lowerBound, ranges[$1].upperBound)
        }
        var position = start
        for index in order {
            guard ranges[index].lowerBound == position else {
                let kind = ranges[index].lowerBound < position ? "an overlap" : "a hole"
                throw .damaged(
                    file: source.name,
                    place: "tensor \(Printable.text(contents.entries[index].name))",
                    found: "\(kind): its data start at byte \(ranges[index].lowerBound)",
                    expected: "byte \(position), where those before it end")
            }
            position = ranges[index].upperBound
        }
        guard position == source.byteCount else {
            throw .damaged(
                file: source.name, place: "byte \(position)",
                found: "\(source.byteCount - position) bytes that belong to no tensor",
                expected: "the end of the file")
        }
    }
}

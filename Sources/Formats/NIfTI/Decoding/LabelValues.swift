import MedicalImaging

/// The voxels of a label map, each as the index of its value in a short table.
///
/// Stored 8-bit integers are their own indices, so nothing is copied.
struct LabelValues {
    /// Bytes or 16-bit words that index ``table``.
    private enum Indices {
        case bytes([UInt8])
        case words([UInt16])
        case signedWords([Int16])
    }

    private var indices: Indices
    /// The real value of each index; only meaningful where ``voxels`` is above 0.
    private let table: [Int]
    /// The number of voxels of each index.
    private let voxels: [Int]

    /// The number of voxels of each real value that occurs.
    var counts: [Int: Int] {
        var counts: [Int: Int] = [:]
        for index in table.indices where voxels[index] > 0 {
            counts[table[index], default: 0] += voxels[index]
        }
        return counts
    }

    /// Finds the different values.
    ///
    /// - Parameters:
    ///   - stored: One volume.
    ///   - scaling: Slope and intercept, `nil` for none.
    ///   - path: The path that errors name.
    /// - Throws: ``NIfTIError`` when a value is not whole, or there are too many different ones.
    init(
        _ stored: consuming StoredVoxels, scaling: IntensityScaling?, path: String
    ) throws(NIfTIError) {
        let storedValue: (Int) -> Double
        switch stored {
        case .uint8(let values), .rgb24(let values):
            voxels = LabelKernels.histogram(values)
            indices = .bytes(values)
            storedValue = { Double($0) }
        case .int8(let values):
            let bytes = values.map { UInt8(bitPattern: $0) }
            voxels = LabelKernels.histogram(bytes)
            indices = .bytes(bytes)
            storedValue = { Double(Int8(truncatingIfNeeded: $0)) }
        case .uint16(let values):
            voxels = LabelKernels.histogram(values)
            indices = .words(values)
            storedValue = { Double($0) }
        case .int16(let values):
            voxels = LabelKernels.histogram(values)
            indices = .signedWords(values)
            storedValue = { Double(Int16(truncatingIfNeeded: $0)) }
        case .uint32(let values):
            let found = try Self.indexed(values, path) { Double($0) }
            (indices, voxels) = (.words(found.indices), found.voxels)
            storedValue = { found.values[$0] }
        case .int32(let values):
            let found = try Self.indexed(values, path) { Double($0) }
            (indices, voxels) = (.words(found.indices), found.voxels)
            storedValue = { found.values[$0] }
        case .uint64(let values):
            let found = try Self.indexed(values, path) { Double($0) }
            (indices, voxels) = (.words(found.indices), found.voxels)
            storedValue = { found.values[$0] }
        case .int64(let values):
            let found = try Self.indexed(values, path) { Double($0) }
            (indices, voxels) = (.words(found.indices), found.voxels)
            storedValue = { found.values[$0] }
        case .float32(let values):
            let found = try Self.indexed(values.map(\.bitPattern), path) {
                Double(Float(bitPattern: $0))
            }
            (indices, voxels) = (.words(found.indices), found.voxels)
            storedValue = { found.values[$0] }
        case .float64(let values):
            let found = try Self.indexed(values.map(\.bitPattern), path) {
                Double(bitPattern: $0)
            }
            (indices, voxels) = (.words(found.indices), found.voxels)
            storedValue = { found.values[$0] }
        }
        table = try Self.realValues(voxels, scaling: scaling, path: path, storedValue)
    }

    /// The real value of every index that occurs.
    private static func realValues(
        _ voxels: [Int], scaling: IntensityScaling?, path: String, _ stored: (Int) -> Double
    ) throws(NIfTIError) -> [Int] {
        var table = [Int](repeating: 0, count: voxels.count)
        for index in voxels.indices where voxels[index] > 0 {
            let value = scaling?.value(of: stored(index)) ?? stored(index)
            guard let whole = Int(exactly: value) else {
                let scaled = scaling.map { " (after slope \($0.slope), intercept \($0.intercept))" }
                throw NIfTIError(
                    .labels, path: path, field: "label values",
                    found: "\(value) in \(voxels[index]) voxels" + (scaled ?? ""),
                    expected: "whole numbers",
                    nextStep:
                        "check that this is a label map and was not resampled by interpolation")
            }
            table[index] = whole
        }
        return table
    }

    /// Replaces every value by its label.
    consuming func mapped(
        _ lookup: (Int) -> UInt8?, path: String
    ) throws(NIfTIError) -> [UInt8] {
        var labels = [UInt8](repeating: 0, count: table.count)
        var unknown: [Int: Int] = [:]
        for index in table.indices where voxels[index] > 0 {
            if table[index] >= 0, let label = lookup(table[index]) {
                labels[index] = label
            } else {
                unknown[table[index], default: 0] += voxels[index]
            }
        }
        guard unknown.isEmpty else { throw Self.unknownValues(unknown, path: path) }
        switch indices {
        case .bytes(var bytes):
            // Dropping the other owner makes the change below happen in place.
            let occurring = voxels
            indices = .words([])
            let isSame = labels.indices.allSatisfy { occurring[$0] == 0 || labels[$0] == $0 }
            if !isSame { LabelKernels.replace(&bytes, by: labels) }
            return bytes
        case .words(let words):
            return LabelKernels.looked(up: words, in: labels)
        case .signedWords(let words):
            return LabelKernels.looked(up: words, in: labels)
        }
    }

    private static func unknownValues(_ unknown: [Int: Int], path: String) -> NIfTIError {
        let listed = unknown.sorted { $0.key < $1.key }.prefix(10).map { entry in
            "\(entry.key) (\(entry.value) voxel\(entry.value == 1 ? "" : "s"))"
        }.joined(separator: ", ")
        let more = unknown.count > 10 ? " and \(unknown.count - 10) more" : ""
        let negative = unknown.keys.contains { $0 < 0 }
        return NIfTIError(
            .labels, path: path, field: "label values", found: listed + more,
            expected: negative
                ? "values of the label table, none of them negative" : "values of the label table",
            nextStep: "check that this is a label map, or add the values to the card")
    }

    /// The values of each run of voxels, ascending.
    func sets(ofEach length: Int) -> [[Int]] {
        let seen =
            switch indices {
            case .bytes(let bytes): LabelKernels.occurring(bytes, length, table.count)
            case .words(let words): LabelKernels.occurring(words, length, table.count)
            case .signedWords(let words): LabelKernels.occurring(words, length, table.count)
            }
        return seen.map { slice in Set(slice.map { table[$0] }).sorted() }
    }

    private struct Indexed {
        var indices: [UInt16]
        var values: [Double]
        var voxels: [Int]
    }

    /// Numbers the different values in the order in which they occur.
    private static func indexed<Key: FixedWidthInteger>(
        _ keys: [Key], _ path: String, _ value: (Key) -> Double
    ) throws(NIfTIError) -> Indexed {
        guard let found = LabelKernels.numbered(keys) else {
            throw NIfTIError(
                .labels, path: path, field: "label values",
                found: "more than 65536 different values", expected: "a label map",
                nextStep: "check that this is a label map and not an image")
        }
        return Indexed(
            indices: found.indices, values: found.keys.map(value), voxels: found.counts)
    }
}

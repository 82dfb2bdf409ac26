import HDF5
import MedicalImaging
import NumPyFiles
import SafeFiles
import SegmentationMetrics

extension ScoreImageReader {
    /// An array of a `.npy` or `.npz` file.
    func numpy(_ file: ScoreFile, like grid: MaskGrid?) throws(WorkflowError) -> StoredImage {
        let (bytes, digest) = try contents(file)
        let limits = NumPyLimits(arrayBytes: options.maxBytes)
        let (array, name) = try reading(file) { () -> (NPYArray, String) in
            guard file.format == .npz else {
                return (
                    try NPY.decode(bytes, named: file.displayPath, limits: limits), file.name
                )
            }
            let archive = try NPZReader(bytes, named: file.displayPath, limits: limits)
            let key = try chosen(file, of: archive.names, separator: "")
            return (try archive.array(key), "\(file.displayPath):\(key)")
        }
        let samples = try reading(file) { try Self.samples(of: array) }
        return try image(
            file, name, samples, array.shape, like: grid, ownSpacing: nil, digest, [])
    }

    /// An array of an HDF5 file; the attribute `spacing` is in the order of the array's axes.
    func hdf5(_ file: ScoreFile, like grid: MaskGrid?) throws(WorkflowError) -> StoredImage {
        let digest = try reading(file) {
            ScoreDigest(
                path: file.displayPath, byteCount: Folders.size(of: file.path) ?? 0,
                sha256: try FileReading.sha256(of: file.path))
        }
        let (key, info, samples, spacing) = try reading(file) {
            let reader = try HDF5Reader(
                path: file.path, limits: HDF5Limits(arrayBytes: options.maxBytes))
            let key = try file.key ?? chosen(file, of: Self.arrays(of: reader), separator: "")
            let info = try reader.info(key)
            var spacing: [Double]?
            switch try reader.attribute("spacing", at: key) {
            case .doubles(let values): spacing = values
            case .integers(let values): spacing = values.map { Double($0) }
            case .double(let value): spacing = [value]
            case .integer(let value): spacing = [Double(value)]
            default: break
            }
            return (key, info, try Self.samples(reader, key, info), spacing)
        }
        return try image(
            file, "\(file.displayPath):\(key)", samples, info.shape, like: grid,
            ownSpacing: spacing, digest, [])
    }

    /// The array that was named, or the only one.
    private func chosen(
        _ file: ScoreFile, of names: [String], separator: String
    ) throws(WorkflowError) -> String {
        if let key = file.key { return key }
        if names.count == 1 { return names[0] }
        let list = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and others" : "")
        throw WorkflowError(
            names.isEmpty ? .data : .usage,
            names.isEmpty
                ? "\(file.name): found no array of numbers, expected one; check the file"
                : "\(file.name): found \(names.count) arrays (\(list)), expected the name of one; write "
                    + "\(file.displayPath):\(names[0]), or name it for a whole folder with "
                    + "--reference-array and --prediction-array")
    }

    /// The paths of the arrays of numbers in a file, a few levels deep.
    private static func arrays(of reader: HDF5Reader) throws -> [String] {
        var found: [String] = []
        var groups = [("", 0)]
        while let (group, depth) = groups.popLast(), found.count < 1000 {
            for name in try reader.children(of: group.isEmpty ? "/" : group).prefix(1000) {
                let path = "\(group)/\(name)"
                // Links that are refused, strings and groups are no arrays of numbers.
                if let info = try? reader.info(path) {
                    if case .fixedString = info.type { continue }
                    if (2...8).contains(info.shape.count) { found.append(path) }
                } else if depth < 4, (try? reader.children(of: path)) != nil {
                    groups.append((path, depth + 1))
                }
            }
        }
        return found.sorted()
    }

    private static func samples(of array: NPYArray) throws -> StoredSamples {
        switch array.type {
        case .bool, .uint8: .uint8(array.bytes)
        case .int8: .int32(try array.values(as: Int8.self).map { Int32($0) })
        case .int16: .int32(try array.values(as: Int16.self).map { Int32($0) })
        case .uint16: .int32(try array.values(as: UInt16.self).map { Int32($0) })
        case .int32: .int32(try array.values())
        case .uint32: .int64(try array.values(as: UInt32.self).map { Int64($0) })
        case .int64: .int64(try array.values())
        case .uint64: .int64(try array.values(as: UInt64.self).map { Int64(clamping: $0) })
        case .float32: .float32(try array.values())
        case .float64: .float64(try array.values())
        }
    }

    private static func samples(
        _ reader: HDF5Reader, _ key: String, _ info: HDF5DatasetInfo
    ) throws -> StoredSamples {
        switch info.elementType {
        case .uint8: .uint8(try reader.readArray(key))
        case .int8, .int16, .uint16, .int32: .int32(try reader.readArray(key))
        case .uint32, .int64, .uint64: .int64(try reader.readArray(key))
        case .float64: .float64(try reader.readArray(key))
        case .float32, nil: .float32(try reader.readArray(key))
        }
    }

    /// An array brought into the order i fastest.
    ///
    /// Leading axes of length 1 beyond three are dropped. Two axes are a picture.
    private func image(
        _ file: ScoreFile, _ name: String, _ samples: consuming StoredSamples, _ shape: [Int],
        like grid: MaskGrid?, ownSpacing: [Double]?, _ digest: ScoreDigest, _ notes: [String]
    ) throws(WorkflowError) -> StoredImage {
        var notes = notes
        let text = shape.map(String.init).joined(separator: " x ")
        var lengths = shape
        var own = ownSpacing
        while lengths.count > 3, lengths[0] == 1 {
            lengths.removeFirst()
            if own?.count == lengths.count + 1 { own?.removeFirst() }
        }
        guard lengths.count == 2 || lengths.count == 3, lengths.allSatisfy({ $0 > 0 }) else {
            throw WorkflowError(
                .data,
                "\(name): shape: found \(shape.isEmpty ? "a single number" : text), expected two axes "
                    + "(rows, columns) or three (slices, rows, columns); save one map per array")
        }
        if lengths.count < shape.count {
            notes.append("shape \(text): axes of length 1 at the start were dropped")
        }
        let (spacing, isKnown) = try spacing(file, axes: lengths.count, own: own, notes: &notes)
        let isPicture = lengths.count == 2
        let padded = isPicture ? [1] + lengths : lengths
        let isReversed = order(isPicture ? lengths + [1] : lengths, padded, grid, text, &notes)
        guard isReversed else {
            return StoredImage(
                file: file, samples: samples, shape: GridShape(padded[2], padded[1], padded[0]),
                dimensions: isPicture ? 2 : 3, spacing: spacing, hasSpacing: isKnown, world: nil,
                digests: [digest], notes: notes)
        }
        let straight = isPicture ? lengths + [1] : lengths
        let turned =
            isPicture
            ? Spacing(spacing.j, spacing.i, spacing.k)
            : Spacing(spacing.k, spacing.j, spacing.i)
        return StoredImage(
            file: file, samples: samples.reversingAxes(straight),
            shape: GridShape(straight[0], straight[1], straight[2]),
            dimensions: isPicture ? 2 : 3, spacing: turned, hasSpacing: isKnown, world: nil,
            digests: [digest], notes: notes)
    }

    /// Whether the first axis of an array is i: `straight` is then its i, j, k, and `padded` its k, j, i otherwise.
    private func order(
        _ straight: [Int], _ padded: [Int], _ grid: MaskGrid?, _ text: String,
        _ notes: inout [String]
    ) -> Bool {
        switch options.arrayAxes {
        case .zyx: return false
        case .xyz: return true
        case .automatic:
            guard let shape = grid?.shape else { return false }
            let fitsReversed = straight == [shape.i, shape.j, shape.k]
            let fits = padded == [shape.k, shape.j, shape.i]
            if fits, fitsReversed {
                notes.append(
                    "shape \(text) fits the reference in both orders of axes; read as [k][j][i] (give "
                        + "--array-axes to choose)")
            } else if fitsReversed {
                notes.append(
                    "shape \(text) was read as [i][j][k], the order that fits the reference")
            }
            return fitsReversed && !fits
        }
    }
}

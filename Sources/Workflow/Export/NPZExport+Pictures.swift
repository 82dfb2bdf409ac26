import MedicalImaging
import NumPyFiles
import SampleStore

extension NPZExport {
    /// The largest archive that is put together in memory, in bytes.
    private static let largestArchive = 1 << 31

    /// All patches of a unit in one archive.
    ///
    /// Keys: `image` uint8 `[S, rows, columns, 3]`, `label` uint8 and `instance` uint16 or uint32 `[S, rows, columns]`,
    /// `slice_index` int32 `[S]`; for the m records `record_slice` (position in the archive), `record_label`,
    /// `record_component`, `record_area`, and the prompts as for slices; where the patches have a place on their picture
    /// `origin` int64 `[S, 2]`, `lattice_index` int64, `tissue` and `foreground` float32, `contested` and `missing` int32 `[S]`,
    /// `downsample`, `slide_mpp` float64 and `slide_size` int64 `[2]`.
    static func pictures(_ reader: CaseFileReader, threads: Int) throws -> [UInt8] {
        let about = reader.description
        let shape = [reader.count, about.rows, about.columns]
        // Three colours, a label and four bytes of instance.
        var bytes = 8
        for extent in shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: max(1, extent))
            guard !overflow, product <= largestArchive else {
                throw WorkflowError(
                    .configuration,
                    "\(reader.path): found \(shape[0]) patches of \(shape[1]) x \(shape[2]) pixels, expected "
                        + "at most \(largestArchive >> 30) GiB in one archive; prepare smaller pieces"
                )
            }
            bytes = product
        }
        let positions = Array(0..<reader.count)
        var arrays: [(name: String, array: NPYArray)] = []
        func add(_ name: String, _ array: NPYArray) { arrays.append((name, array)) }
        add(
            "image",
            try NPYArray(
                shape: shape + [3],
                values: try stack(positions, threads) { try reader.rgb(at: $0) }))
        add(
            "label",
            try NPYArray(
                shape: shape,
                values: try stack(positions, threads) { try reader.label(at: $0).samples }))
        if let type = about.instances {
            let numbers = try stack(positions, threads) { try reader.instances(at: $0) ?? [] }
            add(
                "instance",
                type == .uint16
                    ? try NPYArray(shape: shape, values: numbers.map { UInt16($0) })
                    : try NPYArray(shape: shape, values: numbers))
        }
        add(
            "slice_index",
            try NPYArray(
                shape: [reader.count], values: reader.sliceIndices.map { Int32(clamping: $0) }))
        if let patches = about.patches { arrays += try table(patches) }
        let prompts = try PromptTable(reader)
        let rows = positions.flatMap { prompts[$0] }
        add(
            "record_slice",
            try NPYArray(shape: [rows.count], values: rows.map { Int32(clamping: $0.record.slice) })
        )
        arrays += try records(rows, prompts)
        return try NPZ.encode(arrays)
    }

    /// What is known of the patches.
    private static func table(
        _ patches: StoredPatches
    ) throws -> [(name: String, array: NPYArray)] {
        let count = [patches.count]
        let mpp = patches.slideMPP ?? [.nan, .nan]
        var arrays: [(name: String, array: NPYArray)] = [
            (
                "origin",
                try NPYArray(
                    shape: count + [2],
                    values: patches.origins.flatMap { [Int64($0.x), Int64($0.y)] })
            ),
            (
                "lattice_index",
                try NPYArray(shape: count, values: patches.latticeIndices.map { Int64($0) })
            ),
            ("foreground", try NPYArray(shape: count, values: patches.foreground)),
            (
                "contested",
                try NPYArray(shape: count, values: patches.contested.map { Int32(clamping: $0) })
            ),
            (
                "missing",
                try NPYArray(shape: count, values: patches.missing.map { Int32(clamping: $0) })
            ),
            (
                "downsample",
                try NPYArray(shape: [2], values: [patches.downsample.x, patches.downsample.y])
            ),
            (
                "slide_size",
                try NPYArray(
                    shape: [2], values: [Int64(patches.slideSize.x), Int64(patches.slideSize.y)])
            ),
            ("slide_mpp", try NPYArray(shape: [2], values: [mpp.x, mpp.y])),
        ]
        if let tissue = patches.tissue {
            arrays.append(("tissue", try NPYArray(shape: count, values: tissue)))
        }
        return arrays
    }

    /// Planes one after the other, decoded some at a time.
    private static func stack<Value: Sendable>(
        _ positions: [Int], _ threads: Int, _ plane: @Sendable (Int) throws -> [Value]
    ) throws -> [Value] {
        let batch = 64
        var values: [Value] = []
        for start in stride(from: 0, to: positions.count, by: batch) {
            let some = positions[start..<min(start + batch, positions.count)]
            let planes = try ParallelLoop.map(count: some.count, threads: threads) {
                try plane(positions[start + $0])
            }
            for plane in planes { values += plane }
        }
        return values
    }
}

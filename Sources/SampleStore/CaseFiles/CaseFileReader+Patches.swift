import HDF5

extension CaseFileReader {
    /// The largest level-0 coordinate of a picture, far beyond any scanner.
    private static let furthest = 1 << 30

    /// The optional group of patches.
    static func patches(
        of file: HDF5Reader, path: String, count: Int
    ) throws -> StoredPatches? {
        let at = CaseFileFormat.patches
        guard try file.exists(at) else { return nil }
        try check(at, in: file, as: CaseFileFormat.patchesEncoding)
        let origins: [Int64] = try column("origin", of: file, shape: [count, 2])
        let foreground: [Float] = try column("foreground", of: file, shape: [count])
        let contested: [Int32] = try column("contested", of: file, shape: [count])
        let lattice: [Int64] = try column("lattice_index", of: file, shape: [count])
        let missing: [Int32] = try column("missing", of: file, shape: [count])
        var tissue: [Float]?
        if try file.exists("\(at)/tissue") {
            tissue = try column("tissue", of: file, shape: [count])
        }
        func require(_ name: String, _ isSound: Bool, _ expected: String) throws {
            guard !isSound else { return }
            throw StoreError.malformed(
                path: path, key: "\(at)/\(name)", found: "other values", expected: expected)
        }
        try require(
            "origin", origins.allSatisfy { -furthest...furthest ~= Int(clamping: $0) },
            "level-0 pixels within ±\(furthest)")
        for (name, values) in [("foreground", foreground), ("tissue", tissue ?? [])] {
            try require(name, values.allSatisfy { $0 >= 0 && $0 <= 1 }, "fractions from 0 to 1")
        }
        for (name, values) in [("contested", contested), ("missing", missing)] {
            try require(name, values.allSatisfy { $0 >= 0 }, "counts from 0 on")
        }
        try require(
            "lattice_index",
            lattice.allSatisfy { $0 >= 0 } && zip(lattice, lattice.dropFirst()).allSatisfy(<),
            "ascending numbers from 0 on")
        var patches = try table(of: file, path: path)
        patches.origins = (0..<count).map {
            [Int(origins[2 * $0]), Int(origins[2 * $0 + 1])]
        }
        patches.tissue = tissue
        patches.foreground = foreground
        patches.contested = contested.map(Int.init)
        patches.latticeIndices = lattice.map(Int.init)
        patches.missing = missing.map(Int.init)
        return patches
    }

    /// One array of the group, whose shape is compared before any value is read.
    private static func column<Value: HDF5Element>(
        _ name: String, of file: HDF5Reader, shape: [Int]
    ) throws -> [Value] {
        let key = "\(CaseFileFormat.patches)/\(name)"
        guard try file.exists(key) else {
            throw StoreError.malformed(
                path: file.path, key: key, found: "nothing", expected: "this element")
        }
        let found = try file.info(key).shape
        guard found == shape else {
            throw StoreError.malformed(
                path: file.path, key: key, found: "shape \(found)",
                expected: "\(shape), one entry per patch")
        }
        return try file.readArray(key, as: Value.self)
    }

    /// The attributes of the group, without the lists.
    private static func table(of file: HDF5Reader, path: String) throws -> StoredPatches {
        let at = CaseFileFormat.patches
        func wrong(_ name: String, _ expected: String) -> StoreError {
            StoreError.malformed(
                path: path, key: "\(at)@\(name)", found: "something else", expected: expected)
        }
        func text(_ name: String) throws -> String {
            guard case .string(let value) = try file.attribute(name, at: at) else {
                throw wrong(name, "a text")
            }
            return value
        }
        func pair(_ name: String) throws -> SIMD2<Double> {
            guard case .doubles(let values) = try file.attribute(name, at: at), values.count == 2
            else { throw wrong(name, "two numbers") }
            return [values[0], values[1]]
        }
        guard case .integer(let level) = try file.attribute("level", at: at), 0...255 ~= level
        else { throw wrong("level", "a level from 0 on") }
        guard case .integers(let size) = try file.attribute("slide_size", at: at), size.count == 2,
            size.allSatisfy({ $0 > 0 && $0 <= furthest })
        else { throw wrong("slide_size", "width and height from 1 to \(furthest)") }
        let downsample = try pair("downsample")
        guard [downsample.x, downsample.y].allSatisfy({ $0 > 0 && $0 <= 1e6 }) else {
            throw wrong("downsample", "two factors above 0, at most 1000000")
        }
        let mpp = try pair("slide_mpp")
        let isUnknown = mpp.x.isNaN && mpp.y.isNaN
        guard isUnknown || [mpp.x, mpp.y].allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw wrong("slide_mpp", "two sizes above 0, or NaN for both")
        }
        var notes: [String] = []
        if case .strings(let found) = try file.attribute("notes", at: at) { notes = found }
        return StoredPatches(
            origins: [], foreground: [], contested: [], latticeIndices: [], missing: [],
            level: Int(level), downsample: downsample,
            slideSize: [Int(size[0]), Int(size[1])], slideMPP: isUnknown ? nil : mpp,
            rule: try text("rule"), tissueRecipe: try text("tissue_recipe"), notes: notes)
    }
}

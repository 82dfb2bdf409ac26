import HDF5

extension CaseFileWriter {
    /// Writes the optional group of patches.
    func write(_ patches: StoredPatches) throws {
        let at = CaseFileFormat.patches
        let count = [patches.count]
        try writer.createGroup(at)
        try mark(at, CaseFileFormat.patchesEncoding)
        try writer.setAttribute("level", .integer(Int64(patches.level)), at: at)
        try writer.setAttribute(
            "downsample", .doubles([patches.downsample.x, patches.downsample.y]), at: at)
        try writer.setAttribute(
            "slide_size", .integers([Int64(patches.slideSize.x), Int64(patches.slideSize.y)]),
            at: at)
        let mpp = patches.slideMPP ?? [.nan, .nan]
        try writer.setAttribute("slide_mpp", .doubles([mpp.x, mpp.y]), at: at)
        try writer.setAttribute("rule", .string(patches.rule), at: at)
        try writer.setAttribute("tissue_recipe", .string(patches.tissueRecipe), at: at)
        if !patches.notes.isEmpty {
            try writer.setAttribute("notes", .strings(patches.notes), at: at)
        }
        try array(
            "\(at)/origin", patches.origins.flatMap { [Int64($0.x), Int64($0.y)] },
            shape: count + [2])
        if let tissue = patches.tissue { try array("\(at)/tissue", tissue, shape: count) }
        try array("\(at)/foreground", patches.foreground, shape: count)
        try array("\(at)/contested", patches.contested.map(Int32.init(clamping:)), shape: count)
        try array("\(at)/lattice_index", patches.latticeIndices.map(Int64.init), shape: count)
        try array("\(at)/missing", patches.missing.map(Int32.init(clamping:)), shape: count)
    }
}

extension StoredPatches {
    /// Whether every list has one entry per stored patch, and the lattice numbers ascend.
    func fits(_ count: Int) -> Bool {
        zip(latticeIndices, latticeIndices.dropFirst()).allSatisfy(<)
            && [
                origins.count, tissue?.count ?? count, foreground.count, contested.count,
                latticeIndices.count, missing.count,
            ].allSatisfy { $0 == count }
    }
}

import SamplePreparation

/// What a form asks of the way a store was prepared.
struct StoreRequirement {
    let source: ExportSource
    let format: ExportFormat
    /// The command that prepares a store that fits.
    let command: String

    /// Stops the export, naming the command that helps.
    func require(_ isMet: Bool, found: String, expected: String) throws {
        guard !isMet else { return }
        throw WorkflowError(
            .configuration,
            "\(source.layout.root): export \(format.rawValue): found \(found), expected \(expected); "
                + "prepare a store for it with `\(command)`")
    }

    /// Slices of volumes.
    func requireVolumes() throws {
        try require(
            !source.isPictures, found: "pictures", expected: "slices of volumes")
    }

    /// Pictures or patches of them.
    func requirePictures() throws {
        try require(
            source.isPictures, found: "slices of volumes", expected: "pictures or patches of them")
    }

    /// Pixels of the form asked for.
    func requirePixels(_ pixels: PixelFormat) throws {
        try require(
            source.recipe.pixels == pixels, found: "\(source.recipe.pixels.rawValue) pixels",
            expected: "\(pixels.rawValue) pixels")
    }

    /// Samples of one slice each.
    func requireSingleSlices() throws {
        try require(
            source.recipe.neighbours == 0,
            found: "samples of \(2 * source.recipe.neighbours + 1) neighbouring slices",
            expected: "single slices")
    }

    /// Every slice of every volume, in its native size.
    func requireWholeVolumes() throws {
        try require(
            source.recipe.selection.rule == .all, found: "a selection of the slices",
            expected: "all slices (--select all)")
        try require(
            source.recipe.size == nil,
            found: "slices resized to \(source.recipe.size?.description ?? "")",
            expected: "the native size (no --size)")
    }
}

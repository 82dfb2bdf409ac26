import ArgumentParser
import FoundationEssentials
import MedicalDatasets
import SafeFiles
import SamdataWorkflow
import SampleAugmentation

/// Which copies are made.
struct AugmentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Add augmented copies: a preset (see `samdata augment --list`) or a recipe file.",
            valueName: "name|FILE.json"))
    var augment: String?

    @Option(
        help: ArgumentHelp("Augmented copies of each case, 1 to 1000 (default: 1).", valueName: "n")
    )
    var copies: Int?

    @Option(
        help: ArgumentHelp(
            "Augment this part only, or all; may be repeated (default: train, or all without a split).",
            valueName: "train|validation|test|all"))
    var augmentPart: [String] = []

    @Flag(help: "Keep the augmented copies only, not the cases they are made from.")
    var onlyCopies = false

    func validate() throws {
        _ = try copyCount()
        for part in augmentPart where part != "all" && SplitPart(rawValue: part) == nil {
            throw ValidationError(
                "--augment-part: found `\(part)`, expected train, validation, test or all")
        }
        if let augment, !augment.hasSuffix(".json") { _ = try Self.recipe(augment) }
    }

    /// The number of copies.
    func copyCount() throws -> Int {
        try number(copies ?? 1, "--copies", 1...PrepareConfiguration.Augmentation.mostCopies)
    }

    /// What is done to copies.
    ///
    /// - Parameters:
    ///   - standard: The preset when none is named.
    ///   - hasParts: Whether cases are in parts of a split.
    /// - Returns: `nil` when nothing is augmented.
    /// - Throws: A `ValidationError` naming the option, or an error of the recipe file.
    func resolve(
        standard: AugmentationPreset? = nil, hasParts: Bool
    ) throws -> PrepareConfiguration.Augmentation? {
        guard let recipe = try augment.map(Self.recipe) ?? standard?.recipe else {
            guard copies == nil, augmentPart.isEmpty, !onlyCopies else {
                throw ValidationError(
                    "--copies, --augment-part and --only-copies: found no --augment, which says what is done to copies"
                )
            }
            return nil
        }
        let parts =
            augmentPart.contains("all") || (augmentPart.isEmpty && !hasParts)
            ? [] : augmentPart.isEmpty ? ["train"] : Set(augmentPart).sorted()
        return PrepareConfiguration.Augmentation(
            recipe: recipe, copies: try copyCount(), keepsOriginals: !onlyCopies, parts: parts)
    }

    /// A preset by name, or a recipe from a file.
    static func recipe(_ name: String) throws -> AugmentationRecipe {
        guard name.hasSuffix(".json") else {
            return try word(
                AugmentationPreset(rawValue: name), "--augment", name,
                AugmentationPreset.allCases.map(\.rawValue) + ["FILE.json"]
            ).recipe
        }
        return try AugmentationRecipe.read(name)
    }
}

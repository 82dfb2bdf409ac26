import ArgumentParser
import SamplePreparation

/// Which prompts are drawn.
struct PromptOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Prompts, comma-separated: centre, centre-chamfer5, randomN, nucleus-point, box, box-exclusive, box+N, box~N, "
                + "backgroundN; or none.",
            valueName: "list"))
    var prompts = "centre,random1,random3,box,box+5"

    @Option(
        help: ArgumentHelp(
            "What gets prompts: organ (all pixels of a label in a slice), component4, component8, or instance (default: "
                + "organ for volumes, instance for nuclei, component8 for slides).",
            valueName: "unit"))
    var region: String?

    @Option(
        help: ArgumentHelp("Regions with fewer pixels get no record.", valueName: "pixels"))
    var minRegion = 1

    @Option(help: ArgumentHelp("Seed of all random draws.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(
        help: ArgumentHelp(
            "Where random points come from: keyed (by seed, case, slice, label and kind) or python (the very stream "
                + "of random.seed(SEED), as the term project).", valueName: "keyed|python"))
    var promptRandom = "keyed"

    /// The recipe of the options.
    ///
    /// - Parameter unit: What gets prompts when no option says so.
    /// - Returns: The recipe.
    /// - Throws: `ValidationError` naming the option that is not understood.
    func resolve(unit: RegionUnit = .organ) throws -> PromptRecipe {
        var kinds: [PromptKind] = []
        if prompts != "none" {
            for name in prompts.split(separator: ",", omittingEmptySubsequences: false)
                .map(String.init)
            {
                let kind = try word(
                    PromptKind(name), "--prompts", name,
                    [
                        "centre", "centre-chamfer5", "randomN", "nucleus-point", "box",
                        "box-exclusive", "box+N", "box~N",
                        "backgroundN with N from 1 to 1000",
                    ])
                guard !kinds.contains(kind) else {
                    throw ValidationError("--prompts: `\(name)` is named twice")
                }
                kinds.append(kind)
            }
        }
        return PromptRecipe(
            kinds: kinds,
            unit: try region.map {
                try word(
                    RegionUnit(rawValue: $0), "--region", $0, RegionUnit.allCases.map(\.rawValue))
            } ?? unit,
            minimumArea: try number(minRegion, "--min-region", 1...1 << 40),
            randomness: try word(
                PromptRecipe.Randomness(rawValue: promptRandom), "--prompt-random", promptRandom,
                PromptRecipe.Randomness.allCases.map(\.rawValue)))
    }
}

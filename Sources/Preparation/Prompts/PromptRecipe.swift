/// Which prompts are drawn, for what, and from which random numbers.
public struct PromptRecipe: Hashable, Sendable {
    /// Where random numbers come from.
    public enum Randomness: String, Hashable, Sendable, CaseIterable, Codable {
        /// A generator of its own for every (seed, case, slice, label, component, kind): the same prompts whatever is
        /// prepared beside, before or after.
        case keyed
        /// One `random.seed(seed)` stream of Python per kind, running through all cases of a part in split order,
        /// slices and labels ascending: the very points of the term project for seed 0.
        case python
    }

    /// The kinds, in the order in which they are stored.
    public var kinds: [PromptKind]
    /// What a record is about.
    public var unit: RegionUnit
    /// Regions with fewer pixels get no record.
    public var minimumArea: Int
    /// Where random numbers come from.
    public var randomness: Randomness

    /// Makes a recipe.
    ///
    /// - Parameters:
    ///   - kinds: The kinds of prompts.
    ///   - unit: What a record is about.
    ///   - minimumArea: Regions with fewer pixels get no record.
    ///   - randomness: Where random numbers come from.
    public init(
        kinds: [PromptKind] = PromptKind.termProject, unit: RegionUnit = .organ,
        minimumArea: Int = 1, randomness: Randomness = .keyed
    ) {
        self.kinds = kinds
        self.unit = unit
        self.minimumArea = minimumArea
        self.randomness = randomness
    }
}

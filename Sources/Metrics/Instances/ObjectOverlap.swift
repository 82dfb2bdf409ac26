extension InstanceOverlap {
    /// Dice2, the ensemble Dice of old tables: twice the shared pixels over the areas, over all touching pairs.
    ///
    /// Big objects count once per contact and missed objects not at all: kept for comparison with old tables only.
    ///
    /// - Parameter convention: The values of empty maps; hover_net also raises when nothing touches, which is 0 here.
    /// - Returns: A value in 0...1.
    /// - Complexity: O(*c*) for *c* contacts.
    public func dice2(convention: InstanceConvention = .standard) -> MetricValue {
        if isRefused(convention) { return .error }
        guard state == .value else { return convention.emptyDice2.value(state) }
        let sums = dice2Sums
        if sums.areas == 0 { return convention.dice2NeedsContact ? .error : MetricValue(.value, 0) }
        return MetricValue(.value, 2 * Double(sums.intersection) / Double(sums.areas))
    }

    /// The sums behind ``dice2(convention:)``: shared pixels, and the areas of both instances of every contact.
    public var dice2Sums: (intersection: UInt64, areas: UInt64) {
        contacts.reduce((0, 0)) { sums, contact in
            (
                sums.0 + contact.intersection,
                sums.1 + references[contact.reference].area + predictions[contact.prediction].area
            )
        }
    }

    /// The Dice of both foregrounds as one mask each (hover_net's Dice1).
    ///
    /// Both maps empty: no value; one empty: 0.
    public var foregroundDice: MetricValue {
        let counts = foreground
        let total = counts.prediction + counts.reference
        return total == 0
            ? .na : MetricValue(state, 2 * Double(counts.truePositives) / Double(total))
    }

    /// The object Dice of the GlaS challenge: area-weighted Dice with the partner of greatest overlap, averaged over both
    /// directions.
    ///
    /// An instance without a partner counts 0; equal overlaps go to the smaller id. Both maps empty: no value; one
    /// empty: 0. Source: Sirinukunwattana et al. 2017.
    ///
    /// - Complexity: O(*c*) for *c* contacts.
    public var objectDice: MetricValue {
        guard state == .value else { return state == .na ? .na : MetricValue(state, 0) }
        let sides = glasPartners
        func side(_ partners: [Int], _ instances: [Instance]) -> Double {
            var (sum, total) = (0.0, 0.0)
            for (place, instance) in instances.enumerated() {
                total += Double(instance.area)
                if partners[place] >= 0 {
                    sum += Double(instance.area) * match(contacts[partners[place]]).dice
                }
            }
            return sum / total
        }
        let number =
            (side(sides.ofReferences, references) + side(sides.ofPredictions, predictions)) / 2
        return MetricValue(.value, number)
    }

    /// The object Hausdorff distance of the GlaS challenge: area-weighted distances to the partner of greatest overlap,
    /// averaged over both directions; an instance without a partner takes the nearest instance of the other map.
    ///
    /// Both maps empty: no value; one empty: infinity.
    ///
    /// - Parameter distance: The Hausdorff distance between a predicted and a reference instance, by id. Asked once per
    ///   instance that has a partner, and once per pair for an instance that has none.
    /// - Returns: A distance in the unit of the closure.
    public func objectHausdorff(
        distance: (_ prediction: UInt32, _ reference: UInt32) -> Double
    ) -> MetricValue {
        guard state == .value else { return state == .na ? .na : MetricValue(state, .infinity) }
        let sides = glasPartners
        var sums = (references: 0.0, predictions: 0.0)
        for (place, instance) in references.enumerated() {
            let partner = sides.ofReferences[place]
            let found =
                partner >= 0
                ? distance(predictions[contacts[partner].prediction].id, instance.id)
                : predictions.reduce(.infinity) { min($0, distance($1.id, instance.id)) }
            sums.references += Double(instance.area) * found
        }
        for (place, instance) in predictions.enumerated() {
            let partner = sides.ofPredictions[place]
            let found =
                partner >= 0
                ? distance(instance.id, references[contacts[partner].reference].id)
                : references.reduce(.infinity) { min($0, distance(instance.id, $1.id)) }
            sums.predictions += Double(instance.area) * found
        }
        let counts = foreground
        return MetricValue(
            .value,
            (sums.references / Double(counts.reference)
                + sums.predictions / Double(counts.prediction)) / 2)
    }

    /// For every instance of both maps the contact of greatest intersection, -1 for none.
    private var glasPartners: (ofReferences: [Int], ofPredictions: [Int]) {
        var ofReferences = [Int](repeating: -1, count: references.count)
        var ofPredictions = [Int](repeating: -1, count: predictions.count)
        for (place, contact) in contacts.enumerated() {
            let (r, p) = (contact.reference, contact.prediction)
            if ofReferences[r] < 0
                || contacts[ofReferences[r]].intersection < contact.intersection
            {
                ofReferences[r] = place
            }
            if ofPredictions[p] < 0
                || contacts[ofPredictions[p]].intersection < contact.intersection
            {
                ofPredictions[p] = place
            }
        }
        return (ofReferences, ofPredictions)
    }
}

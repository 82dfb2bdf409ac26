/// The two sums of an aggregated Jaccard index; those of several images add up to the pooled index.
public struct JaccardSums: Hashable, Sendable {
    /// Pixels shared by the pairs.
    public var intersection: UInt64
    /// Pixels in either instance of the pairs, and in instances without a partner.
    public var union: UInt64

    /// Makes sums.
    ///
    /// - Parameters:
    ///   - intersection: Pixels shared by the pairs.
    ///   - union: Pixels in either instance of the pairs, and in instances without a partner.
    public init(intersection: UInt64 = 0, union: UInt64 = 0) {
        self.intersection = intersection
        self.union = union
    }

    /// The index; NaN when there is no instance at all.
    public var ratio: Double { Double(intersection) / Double(union) }

    /// The sums of two sets of images.
    public static func + (a: JaccardSums, b: JaccardSums) -> JaccardSums {
        JaccardSums(intersection: a.intersection + b.intersection, union: a.union + b.union)
    }
}

extension InstanceOverlap {
    /// The aggregated Jaccard index (AJI): every reference instance takes the prediction of greatest IoU.
    ///
    /// A prediction may be taken more than once; instances without a partner enter the denominator. Equal IoU goes to
    /// the smaller prediction id. Source: Kumar et al. 2017 (MoNuSeg), as in hover_net.
    ///
    /// - Parameter convention: The values of empty maps, and how the greatest IoU is found.
    /// - Returns: A value in 0...1.
    /// - Complexity: O(*c*) for *c* contacts; ties are decided on integers.
    public func aji(convention: InstanceConvention = .standard) -> MetricValue {
        jaccardValue(convention, convention.emptyJaccard) { ajiSums(convention: convention) }
    }

    /// The sums behind ``aji(convention:)``.
    ///
    /// - Parameter convention: How the greatest IoU is found.
    /// - Returns: Sums that add up over images; 0 over 0 for empty maps.
    public func ajiSums(convention: InstanceConvention = .standard) -> JaccardSums {
        var chosen: [Int] = []
        for place in contacts.indices {
            guard let last = chosen.last,
                contacts[last].reference == contacts[place].reference
            else {
                chosen.append(place)
                continue
            }
            if isGreater(contacts[place], contacts[last], convention.choiceSmoothing) {
                chosen[chosen.count - 1] = place
            }
        }
        return sums(of: chosen)
    }

    /// AJI+: as AJI, with the one-to-one assignment that maximises the sum of IoU.
    ///
    /// A merged pair scores ½ under AJI and ⅓ under AJI+. Source: Graham et al. 2019 (hover_net).
    ///
    /// - Parameter convention: The values of empty maps.
    /// - Returns: A value in 0...1.
    /// - Complexity: The assignment is exact and works within connected components of the overlap graph: linear in
    ///   practice, O(*r* · *c* log *c*) at worst for *r* references and *c* contacts of one component.
    public func ajiPlus(convention: InstanceConvention = .standard) -> MetricValue {
        jaccardValue(convention, convention.emptyJaccardPlus) {
            ajiPlusSums(convention: convention)
        }
    }

    /// The sums behind ``ajiPlus(convention:)``.
    ///
    /// - Parameter convention: How IoU is computed.
    /// - Returns: Sums that add up over images; 0 over 0 for empty maps.
    public func ajiPlusSums(convention: InstanceConvention = .standard) -> JaccardSums {
        let weights = contacts.map {
            Double($0.intersection) / (Double(union($0)) + convention.choiceSmoothing)
        }
        return sums(of: assign(Array(contacts.indices), weights: weights) { _ in false })
    }

    /// What cellpose calls AJI: one-to-one pairs, first as many of IoU 0.5 and more as possible, over the union of both
    /// foregrounds.
    ///
    /// Not comparable with ``aji(convention:)``: unmatched instances do not count twice.
    ///
    /// - Parameter convention: The values of empty maps.
    /// - Returns: A value in 0...1.
    /// - Complexity: As ``ajiPlus(convention:)``.
    public func cellposeAJI(convention: InstanceConvention = .cellpose) -> MetricValue {
        jaccardValue(convention, convention.emptyJaccard) { cellposeSums }
    }

    /// The sums behind ``cellposeAJI(convention:)``.
    public var cellposeSums: JaccardSums {
        let weights = contacts.map(iou)
        let chosen = assign(Array(contacts.indices), weights: weights) { weights[$0] >= 0.5 }
        let counts = foreground
        return JaccardSums(
            intersection: chosen.reduce(0) { $0 + contacts[$1].intersection },
            union: counts.truePositives + counts.falsePositives + counts.falseNegatives)
    }

    /// Whether the convention refuses maps that have no background pixel.
    func isRefused(_ convention: InstanceConvention) -> Bool {
        guard convention.needsBackground else { return false }
        let counts = foreground
        return counts.prediction == pixelCount || counts.reference == pixelCount
    }

    private func jaccardValue(
        _ convention: InstanceConvention, _ empty: InstanceConvention.EmptyNumbers,
        _ sums: () -> JaccardSums
    ) -> MetricValue {
        if isRefused(convention) { return .error }
        return state == .value ? MetricValue(.value, sums().ratio) : empty.value(state)
    }

    private func isGreater(_ a: Contact, _ b: Contact, _ smoothing: Double) -> Bool {
        if smoothing > 0 {
            return Double(a.intersection) / (Double(union(a)) + smoothing)
                > Double(b.intersection) / (Double(union(b)) + smoothing)
        }
        return a.intersection.multipliedFullWidth(by: union(b))
            > b.intersection.multipliedFullWidth(by: union(a))
    }

    private func sums(of chosen: [Int]) -> JaccardSums {
        var sums = JaccardSums()
        var isReferenceTaken = [Bool](repeating: false, count: references.count)
        var isPredictionTaken = [Bool](repeating: false, count: predictions.count)
        for place in chosen {
            sums.intersection += contacts[place].intersection
            sums.union += union(contacts[place])
            isReferenceTaken[contacts[place].reference] = true
            isPredictionTaken[contacts[place].prediction] = true
        }
        for (place, instance) in references.enumerated() where !isReferenceTaken[place] {
            sums.union += instance.area
        }
        for (place, instance) in predictions.enumerated() where !isPredictionTaken[place] {
            sums.union += instance.area
        }
        return sums
    }
}

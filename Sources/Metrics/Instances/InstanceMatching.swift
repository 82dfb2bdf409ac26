/// A predicted instance that counts as the detection of a reference instance.
public struct InstanceMatch: Hashable, Sendable {
    /// The id in the reference map.
    public let reference: UInt32
    /// The id in the predicted map.
    public let prediction: UInt32
    /// Pixels of the reference instance.
    public let referenceArea: UInt64
    /// Pixels of the predicted instance.
    public let predictionArea: UInt64
    /// Pixels in both.
    public let intersection: UInt64

    /// Intersection over union.
    public var iou: Double {
        Double(intersection) / Double(referenceArea + predictionArea - intersection)
    }

    /// Twice the intersection over the sum of the areas.
    public var dice: Double {
        2 * Double(intersection) / Double(referenceArea + predictionArea)
    }
}

extension InstanceOverlap {
    /// The pairs of instances that count as detections, by reference id.
    ///
    /// - Parameters:
    ///   - threshold: The IoU a pair must exceed or reach, as the convention says.
    ///   - convention: Which pairs are taken where instances compete.
    /// - Returns: Each instance at most once; empty when a map has no instance.
    /// - Complexity: O(*c*) for *c* contacts where no instance has two candidates, which is so above ½; otherwise an
    ///   assignment (see ``ajiPlus(convention:)``).
    public func matches(
        threshold: Double = 0.5, convention: InstanceConvention = .standard
    ) -> [InstanceMatch] {
        matchedContacts(threshold: threshold, convention: convention).map { match(contacts[$0]) }
    }

    /// The predicted instance of every reference instance that overlaps it most, whatever the overlap.
    ///
    /// - Returns: One pair per reference instance that is touched, by reference id; predictions may occur more than
    ///   once, the smaller id wins a tie.
    /// - Complexity: O(*c*).
    public var greatestIntersections: [InstanceMatch] {
        var found: [InstanceMatch] = []
        for place in contacts.indices {
            let contact = contacts[place]
            let id = references[contact.reference].id
            if let last = found.last, last.reference == id {
                if contact.intersection > last.intersection {
                    found[found.count - 1] = match(contact)
                }
            } else {
                found.append(match(contact))
            }
        }
        return found
    }

    func match(_ contact: Contact) -> InstanceMatch {
        InstanceMatch(
            reference: references[contact.reference].id,
            prediction: predictions[contact.prediction].id,
            referenceArea: references[contact.reference].area,
            predictionArea: predictions[contact.prediction].area,
            intersection: contact.intersection)
    }

    /// The IoU as a convention computes and compares it.
    func score(_ contact: Contact, _ convention: InstanceConvention) -> Double {
        let iou = iou(contact)
        return convention.isSingle ? Double(Float(iou)) : iou
    }

    /// The places of the matched contacts, in the order of ``contacts``.
    func matchedContacts(threshold: Double, convention: InstanceConvention) -> [Int] {
        let limit = convention.isSingle ? Double(Float(threshold)) : threshold
        let scores = contacts.map { score($0, convention) }
        let passes = scores.map { convention.isStrict ? $0 > limit : $0 >= limit }
        let candidates = contacts.indices.filter { passes[$0] }
        // Two instances cannot both have more than half of their union with a third.
        if limit > 0.5 || (limit == 0.5 && convention.isStrict) { return candidates }
        switch convention.matching {
        case .mostPairs:
            return assign(candidates, weights: scores) { _ in true }
        case .mostPairsThenOverlap:
            return assign(Array(contacts.indices), weights: scores) { passes[$0] }
                .filter { passes[$0] }
        case .greatestOverlap:
            return assign(Array(contacts.indices), weights: scores) { _ in false }
                .filter { passes[$0] }
        case .greedy:
            return greedy(candidates, scores)
        }
    }

    /// From the greatest score down, ties in the order of ``contacts``; each instance once.
    private func greedy(_ candidates: [Int], _ scores: [Double]) -> [Int] {
        var isReferenceTaken = [Bool](repeating: false, count: references.count)
        var isPredictionTaken = [Bool](repeating: false, count: predictions.count)
        var found: [Int] = []
        for place in candidates.sorted(by: { (scores[$1], $0) < (scores[$0], $1) }) {
            let contact = contacts[place]
            guard !isReferenceTaken[contact.reference], !isPredictionTaken[contact.prediction]
            else { continue }
            isReferenceTaken[contact.reference] = true
            isPredictionTaken[contact.prediction] = true
            found.append(place)
        }
        return found.sorted()
    }

    /// The assignment with the greatest sum of weights among the given contacts, in which a preferred contact outweighs
    /// any number of others.
    func assign(
        _ places: [Int], weights: [Double], isPreferred: (Int) -> Bool
    ) -> [Int] {
        let bonuses = places.contains(where: isPreferred) ? componentBonuses(places) : []
        let edges = places.compactMap { place -> OverlapAssignment.Edge? in
            let contact = contacts[place]
            let bonus = isPreferred(place) ? bonuses[contact.reference] : 0
            let weight = weights[place] + bonus
            return weight > 0
                ? OverlapAssignment.Edge(
                    reference: contact.reference, prediction: contact.prediction, weight: weight)
                : nil
        }
        let partners =
            OverlapAssignment(
                referenceCount: references.count, predictionCount: predictions.count, edges: edges
            ).partners
        return places.filter { partners[contacts[$0].reference] == contacts[$0].prediction }
    }

    /// For every reference, a number above any sum of IoU in its component: small, so that the sums keep their digits.
    private func componentBonuses(_ places: [Int]) -> [Double] {
        var parents = Array(0..<references.count + predictions.count)
        func root(_ node: Int) -> Int {
            var x = node
            while parents[x] != x {
                parents[x] = parents[parents[x]]
                x = parents[x]
            }
            return x
        }
        for place in places {
            let a = root(contacts[place].reference)
            let b = root(references.count + contacts[place].prediction)
            if a < b { parents[b] = a } else { parents[a] = b }
        }
        var sizes = [Int](repeating: 0, count: parents.count)
        for reference in references.indices { sizes[root(reference)] += 1 }
        return references.indices.map { Double(sizes[root($0)] + 1) }
    }
}

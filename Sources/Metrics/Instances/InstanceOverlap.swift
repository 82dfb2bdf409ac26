/// How the instances of two maps overlap: areas and shared pixels, from which every instance metric follows.
///
/// Built in one pass over the pixels; pixels are not needed any more afterwards. Instances are sorted by id, contacts by
/// reference, then by prediction. Id 0 is background and no instance. For volumes read voxels instead of pixels.
public struct InstanceOverlap: Sendable {
    /// One instance of one map.
    public struct Instance: Hashable, Sendable {
        /// The value in the map.
        public let id: UInt32
        /// Its pixels.
        public let area: UInt64
    }

    /// Two instances that share pixels.
    public struct Contact: Hashable, Sendable {
        /// The place of the reference instance in ``InstanceOverlap/references``.
        public let reference: Int
        /// The place of the predicted instance in ``InstanceOverlap/predictions``.
        public let prediction: Int
        /// The pixels in both.
        public let intersection: UInt64
    }

    /// Pixels of one map, background included.
    public let pixelCount: UInt64
    /// The instances of the reference, by id.
    public let references: [Instance]
    /// The predicted instances, by id.
    public let predictions: [Instance]
    /// The pairs of instances that share pixels, by reference, then by prediction.
    public let contacts: [Contact]

    /// Counts the overlap of two maps with signed ids.
    ///
    /// - Parameters:
    ///   - prediction: The predicted id of every pixel, 0 for background.
    ///   - reference: The true id of every pixel, 0 for background.
    /// - Throws: ``MetricError`` when the lengths differ, an id is negative, or more than 2^26 pairs of ids touch.
    /// - Complexity: O(*n* + *c* log *c*) for *n* pixels and *c* contacts; memory follows *c*, not the largest id.
    public init(prediction: [Int32], reference: [Int32]) throws(MetricError) {
        var builder = Builder()
        try builder.add(prediction: prediction, reference: reference)
        self = builder.finish()
    }

    /// Counts the overlap of two maps with unsigned ids.
    ///
    /// - Parameters:
    ///   - prediction: The predicted id of every pixel, 0 for background.
    ///   - reference: The true id of every pixel, 0 for background.
    /// - Throws: ``MetricError`` when the lengths differ, or more than 2^26 pairs of ids touch.
    public init(prediction: [UInt32], reference: [UInt32]) throws(MetricError) {
        var builder = Builder()
        try builder.add(prediction: prediction, reference: reference)
        self = builder.finish()
    }

    /// Counts the overlap of two maps without copying them into arrays.
    ///
    /// - Parameters:
    ///   - prediction: The predicted id of every pixel, 0 for background.
    ///   - reference: The true id of every pixel, 0 for background.
    /// - Throws: As ``init(prediction:reference:)-([Int32],_)``.
    public init(
        prediction: UnsafeBufferPointer<Int32>, reference: UnsafeBufferPointer<Int32>
    ) throws(MetricError) {
        var builder = Builder()
        try builder.add(prediction: prediction, reference: reference)
        self = builder.finish()
    }

    /// Sorts out the counted pairs, which are sorted by reference id, then by prediction id.
    init(entries: [PairCounter.Entry], pixelCount: UInt64) {
        var references: [Instance] = []
        var ids: [UInt32] = []
        ids.reserveCapacity(entries.count)
        for entry in entries {
            let id = UInt32(truncatingIfNeeded: entry.key)
            if id != 0 { ids.append(id) }
        }
        ids.sort()
        var unique: [UInt32] = []
        for id in ids where unique.last != id { unique.append(id) }

        var areas = [UInt64](repeating: 0, count: unique.count)
        var contacts: [Contact] = []
        contacts.reserveCapacity(entries.count)
        for entry in entries {
            let row = UInt32(entry.key >> 32)
            let column = UInt32(truncatingIfNeeded: entry.key)
            if row != 0 {
                if let last = references.last, last.id == row {
                    references[references.count - 1] =
                        Instance(id: row, area: last.area + entry.count)
                } else {
                    references.append(Instance(id: row, area: entry.count))
                }
            }
            guard column != 0 else { continue }
            let place = Self.place(of: column, in: unique)
            areas[place] += entry.count
            if row != 0 {
                contacts.append(
                    Contact(
                        reference: references.count - 1, prediction: place,
                        intersection: entry.count))
            }
        }
        self.init(
            pixelCount: pixelCount, references: references,
            predictions: zip(unique, areas).map { Instance(id: $0, area: $1) }, contacts: contacts)
    }

    private init(
        pixelCount: UInt64, references: [Instance], predictions: [Instance], contacts: [Contact]
    ) {
        self.pixelCount = pixelCount
        self.references = references
        self.predictions = predictions
        self.contacts = contacts
    }

    /// The state that the emptiness of the two maps gives to every metric.
    public var state: MetricState {
        switch (!references.isEmpty, !predictions.isEmpty) {
        case (true, true): .value
        case (false, false): .na
        case (true, false): .miss
        case (false, true): .ghost
        }
    }

    /// The intersection of a contact over its union.
    ///
    /// - Parameter contact: One of ``contacts``.
    /// - Returns: Above 0, at most 1.
    public func iou(_ contact: Contact) -> Double {
        Double(contact.intersection) / Double(union(contact))
    }

    /// The pixels in either instance of a contact.
    ///
    /// - Parameter contact: One of ``contacts``.
    /// - Returns: At least 1.
    public func union(_ contact: Contact) -> UInt64 {
        references[contact.reference].area + predictions[contact.prediction].area
            - contact.intersection
    }

    /// The foreground of both maps as one mask each.
    public var foreground: OverlapCounts {
        let both = contacts.reduce(0) { $0 + $1.intersection }
        let reference = references.reduce(0) { $0 + $1.area }
        let prediction = predictions.reduce(0) { $0 + $1.area }
        return OverlapCounts(
            truePositives: both, falsePositives: prediction - both,
            falseNegatives: reference - both,
            trueNegatives: pixelCount + both - reference - prediction)
    }

    /// The table of some instances only, the others taken as background: one class, or one group of labels.
    ///
    /// Class-wise panoptic quality (PanNuke's mPQ) is the mean of ``panopticQuality(threshold:convention:)`` of one
    /// such table per class; its binary form (bPQ) that of the whole table.
    ///
    /// - Parameters:
    ///   - isPredictionKept: Whether a predicted id stays.
    ///   - isReferenceKept: Whether a reference id stays.
    /// - Returns: A table over the same pixels.
    /// - Complexity: O(*c*) for *c* contacts and instances.
    public func filtered(
        predictions isPredictionKept: (UInt32) -> Bool, references isReferenceKept: (UInt32) -> Bool
    ) -> InstanceOverlap {
        let (rows, rowPlaces) = Self.kept(references, isReferenceKept)
        let (columns, columnPlaces) = Self.kept(predictions, isPredictionKept)
        return InstanceOverlap(
            pixelCount: pixelCount, references: rows, predictions: columns,
            contacts: contacts.compactMap {
                guard rowPlaces[$0.reference] >= 0, columnPlaces[$0.prediction] >= 0 else {
                    return nil
                }
                return Contact(
                    reference: rowPlaces[$0.reference], prediction: columnPlaces[$0.prediction],
                    intersection: $0.intersection)
            })
    }

    private static func kept(
        _ instances: [Instance], _ isKept: (UInt32) -> Bool
    ) -> (instances: [Instance], places: [Int]) {
        var found: [Instance] = []
        var places = [Int](repeating: -1, count: instances.count)
        for (place, instance) in instances.enumerated() where isKept(instance.id) {
            places[place] = found.count
            found.append(instance)
        }
        return (found, places)
    }

    /// Where a sorted list holds an id that is in it.
    private static func place(of id: UInt32, in ids: [UInt32]) -> Int {
        var (low, high) = (0, ids.count)
        while low + 1 < high {
            let middle = (low + high) / 2
            if ids[middle] <= id { low = middle } else { high = middle }
        }
        return low
    }
}

/// How often each class was taken for each class: rows are the reference, columns the prediction.
///
/// The classes are numbered from 0 in the order of their names; the order matters for weighted kappa only. An empty
/// matrix has NaN everywhere.
public struct ConfusionMatrix: Hashable, Sendable {
    /// The names of the classes.
    public let classNames: [String]
    /// The counts, row by row.
    public private(set) var cells: [UInt64]

    /// An empty matrix.
    ///
    /// - Parameter classNames: 1 to 4096 names, all different.
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)``.
    public init(classNames: [String]) throws(MetricError) {
        guard (1...4096).contains(classNames.count), Set(classNames).count == classNames.count
        else {
            throw .invalidArgument(
                name: "classes",
                found: "\(classNames.count) names, \(Set(classNames).count) of them different",
                expected: "1 to 4096 different names")
        }
        self.classNames = classNames
        cells = Array(repeating: 0, count: classNames.count * classNames.count)
    }

    /// The number of classes.
    public var classCount: Int { classNames.count }

    /// How many samples of class `reference` were taken for class `prediction`.
    ///
    /// - Parameters:
    ///   - prediction: A class, below ``classCount``.
    ///   - reference: A class, below ``classCount``.
    public subscript(prediction prediction: Int, reference reference: Int) -> UInt64 {
        cells[reference * classCount + prediction]
    }

    // MARK: - Adding samples

    /// Adds samples of one cell.
    ///
    /// - Parameters:
    ///   - prediction: The class that was predicted.
    ///   - reference: The true class.
    ///   - count: How many.
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)`` for a class that is not in the list.
    public mutating func add(
        prediction: Int, reference: Int, count: UInt64 = 1
    ) throws(MetricError) {
        try check(prediction, "predicted class")
        try check(reference, "reference class")
        cells[reference * classCount + prediction] += count
    }

    /// Adds a sample by the names of its classes.
    ///
    /// - Parameters:
    ///   - prediction: The name of the class that was predicted.
    ///   - reference: The name of the true class.
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)`` for a name that is not in the list.
    /// - Complexity: O(*k*) for *k* classes.
    public mutating func add(prediction: String, reference: String) throws(MetricError) {
        func index(_ name: String, _ what: String) throws(MetricError) -> Int {
            guard let index = classNames.firstIndex(of: name) else {
                throw .invalidArgument(
                    name: what, found: "'\(name)'",
                    expected: "one of \(classNames.joined(separator: ", "))")
            }
            return index
        }
        let column = try index(prediction, "predicted class")
        cells[try index(reference, "reference class") * classCount + column] += 1
    }

    /// Adds a sample per element, for example the voxels of two label maps, whose labels are the classes.
    ///
    /// - Parameters:
    ///   - prediction: The predicted classes.
    ///   - reference: The true classes.
    /// - Throws: ``MetricError/sizeMismatch(what:found:expected:)``, or
    ///   ``MetricError/invalidArgument(name:found:expected:)`` for a class that is not in the list; nothing is added.
    /// - Complexity: O(*n*), half a megabyte.
    public mutating func add(prediction: [UInt8], reference: [UInt8]) throws(MetricError) {
        guard prediction.count == reference.count else {
            throw .sizeMismatch(
                what: "predicted classes", found: prediction.count, expected: reference.count)
        }
        var found = [UInt64](repeating: 0, count: 1 << 16)
        found.withUnsafeMutableBufferPointer { found in
            prediction.withUnsafeBufferPointer { prediction in
                reference.withUnsafeBufferPointer { reference in
                    for place in 0..<prediction.count {
                        found[Int(reference[place]) &<< 8 | Int(prediction[place])] &+= 1
                    }
                }
            }
        }
        for cell in found.indices where found[cell] > 0 {
            try check(cell & 255, "predicted class")
            try check(cell >> 8, "reference class")
        }
        for cell in found.indices where found[cell] > 0 {
            cells[(cell >> 8) * classCount + cell & 255] += found[cell]
        }
    }

    /// Adds the samples of another matrix.
    ///
    /// - Parameter other: A matrix of the same classes.
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)`` when the names or their order differ.
    public mutating func merge(_ other: ConfusionMatrix) throws(MetricError) {
        guard classNames == other.classNames else {
            throw .invalidArgument(
                name: "classes", found: other.classNames.joined(separator: ", "),
                expected: classNames.joined(separator: ", "))
        }
        for cell in cells.indices { cells[cell] += other.cells[cell] }
    }

    private func check(_ index: Int, _ name: String) throws(MetricError) {
        guard (0..<classCount).contains(index) else {
            throw .invalidArgument(
                name: name, found: "\(index)", expected: "0 to \(classCount - 1)")
        }
    }

    // MARK: - Counts

    /// Samples.
    public var total: UInt64 { cells.reduce(0, +) }

    /// Samples whose class was found.
    public var correct: UInt64 {
        (0..<classCount).reduce(0) { $0 + self[prediction: $1, reference: $1] }
    }

    /// Samples of each class in the reference.
    public var supports: [UInt64] {
        (0..<classCount).map { row in
            cells[row * classCount..<(row + 1) * classCount].reduce(0, +)
        }
    }

    /// Samples of each class in the prediction.
    public var predicted: [UInt64] {
        (0..<classCount).map { column in
            (0..<classCount).reduce(0) { $0 + self[prediction: column, reference: $1] }
        }
    }

    /// One class against all others.
    ///
    /// - Parameter index: A class, below ``classCount``.
    /// - Returns: The counts of a binary mask of that class.
    /// - Complexity: O(*k*²) for *k* classes.
    public func counts(of index: Int) -> OverlapCounts {
        counts(of: index, supports: supports, predicted: predicted, total: total)
    }

    func counts(
        of index: Int, supports: [UInt64], predicted: [UInt64], total: UInt64
    ) -> OverlapCounts {
        let hits = self[prediction: index, reference: index]
        return OverlapCounts(
            truePositives: hits, falsePositives: predicted[index] - hits,
            falseNegatives: supports[index] - hits,
            trueNegatives: total + hits - supports[index] - predicted[index])
    }
}

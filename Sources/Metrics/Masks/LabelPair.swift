/// Two label maps on one grid: what was predicted, and what is taken as true; 0 is background.
public struct LabelPair: Sendable {
    /// Where the voxels lie.
    public let grid: MaskGrid
    /// The label of every voxel under test, i fastest.
    public let prediction: [UInt8]
    /// The label of every voxel taken as truth, i fastest.
    public let reference: [UInt8]

    /// Makes a pair.
    ///
    /// - Parameters:
    ///   - prediction: One label per voxel, i fastest.
    ///   - reference: One label per voxel, i fastest.
    ///   - grid: Where the voxels lie.
    /// - Throws: ``MetricError/sizeMismatch(what:found:expected:)``.
    public init(prediction: [UInt8], reference: [UInt8], grid: MaskGrid) throws(MetricError) {
        guard prediction.count == grid.count else {
            throw .sizeMismatch(
                what: "prediction", found: prediction.count, expected: grid.count)
        }
        guard reference.count == grid.count else {
            throw .sizeMismatch(what: "reference", found: reference.count, expected: grid.count)
        }
        self.grid = grid
        self.prediction = prediction
        self.reference = reference
    }

    /// The pair after every label was replaced, for example to join both kidneys into one mask.
    ///
    /// - Parameter table: The new label of each of the 256 labels.
    /// - Returns: A pair on the same grid.
    /// - Throws: ``MetricError/sizeMismatch(what:found:expected:)`` when the table has not 256 entries.
    /// - Complexity: O(*n*); one copy of both maps.
    public func mapped(by table: [UInt8]) throws(MetricError) -> LabelPair {
        guard table.count == 256 else {
            throw .sizeMismatch(what: "label table", found: table.count, expected: 256)
        }
        return table.withUnsafeBufferPointer { table in
            LabelPair(
                grid: grid, prediction: prediction.map { table[Int($0)] },
                reference: reference.map { table[Int($0)] })
        }
    }

    private init(grid: MaskGrid, prediction: [UInt8], reference: [UInt8]) {
        self.grid = grid
        self.prediction = prediction
        self.reference = reference
    }
}

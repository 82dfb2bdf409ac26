/// How often each pair of clusters occurs in two partitions of the same pixels, background a cluster as any other.
struct ContingencyTable {
    struct Cell {
        let reference: Int
        let prediction: Int
        let count: UInt64
    }

    /// Pixels that were partitioned.
    let count: UInt64
    /// The pairs that occur.
    let cells: [Cell]
    /// Pixels of every cluster of the reference.
    let references: [UInt64]
    /// Pixels of every cluster of the prediction.
    let predictions: [UInt64]

    init(_ overlap: InstanceOverlap, _ partition: PairCounts.Partition) {
        let both = overlap.foreground
        switch partition {
        case .binary:
            self.init(cells: [
                Cell(reference: 1, prediction: 1, count: both.truePositives),
                Cell(reference: 0, prediction: 1, count: both.falsePositives),
                Cell(reference: 1, prediction: 0, count: both.falseNegatives),
                Cell(reference: 0, prediction: 0, count: both.trueNegatives),
            ])
        case .instances, .referenceForeground:
            // What contacts leave of an instance lies on the background of the other map (place 0).
            var cells: [Cell] = []
            var rows = overlap.references.map(\.area)
            var columns = overlap.predictions.map(\.area)
            for contact in overlap.contacts {
                rows[contact.reference] -= contact.intersection
                columns[contact.prediction] -= contact.intersection
                cells.append(
                    Cell(
                        reference: contact.reference + 1, prediction: contact.prediction + 1,
                        count: contact.intersection))
            }
            for (place, rest) in rows.enumerated() {
                cells.append(Cell(reference: place + 1, prediction: 0, count: rest))
            }
            if partition == .instances {
                for (place, rest) in columns.enumerated() {
                    cells.append(Cell(reference: 0, prediction: place + 1, count: rest))
                }
                cells.append(Cell(reference: 0, prediction: 0, count: both.trueNegatives))
            }
            self.init(cells: cells)
        }
    }

    private init(cells: [Cell]) {
        self.cells = cells.filter { $0.count > 0 }
        var references: [UInt64] = []
        var predictions: [UInt64] = []
        var count: UInt64 = 0
        for cell in self.cells {
            Self.add(cell.count, to: cell.reference, of: &references)
            Self.add(cell.count, to: cell.prediction, of: &predictions)
            count += cell.count
        }
        self.count = count
        self.references = references
        self.predictions = predictions
    }

    private static func add(_ count: UInt64, to place: Int, of sums: inout [UInt64]) {
        if place >= sums.count {
            sums.append(contentsOf: repeatElement(0, count: place + 1 - sums.count))
        }
        sums[place] += count
    }
}

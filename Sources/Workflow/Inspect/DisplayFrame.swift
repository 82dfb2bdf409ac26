import MedicalImaging

/// How a stored slice is turned for looking at, as radiologists do: the patient's right on the left, front or head on top.
///
/// Only the picture is turned; the store keeps its own frame.
struct DisplayFrame {
    let transposes: Bool
    let flipsX: Bool
    let flipsY: Bool
    let rows: Int
    let columns: Int
    /// Height of a displayed pixel divided by its width.
    let aspect: Double

    /// Shows slices as they are stored.
    init(stored description: CaseFrame) {
        transposes = false
        flipsX = false
        flipsY = false
        rows = description.rows
        columns = description.columns
        aspect = description.spacing.j / max(description.spacing.i, 1e-9)
    }

    /// Turns slices for looking at.
    init(radiological description: CaseFrame) {
        let map = description.pixelToWorld
        func direction(_ column: Int) -> (axis: Int, isPositive: Bool) {
            var best = 0
            for row in 1..<3 where abs(map[row, column]) > abs(map[best, column]) { best = row }
            return (best, map[best, column] > 0)
        }
        let (x, y) = (direction(0), direction(1))
        let wantedX: AxisDirection = x.axis != 0 && y.axis != 0 ? .posterior : .left
        transposes = x.axis != wantedX.worldAxis
        let (right, down) = transposes ? (y, x) : (x, y)
        flipsX = right.isPositive != wantedX.isPositive
        // front and head are on top: downwards is posterior or inferior, both negative in RAS+
        flipsY = down.isPositive
        rows = transposes ? description.columns : description.rows
        columns = transposes ? description.rows : description.columns
        let spacing = description.spacing
        aspect =
            transposes
            ? spacing.i / max(spacing.j, 1e-9) : spacing.j / max(spacing.i, 1e-9)
    }

    /// Where a stored pixel is shown.
    func shown(x: Int, y: Int) -> (x: Int, y: Int) {
        let (a, b) = transposes ? (y, x) : (x, y)
        return (flipsX ? columns - 1 - a : a, flipsY ? rows - 1 - b : b)
    }

    /// Turns a whole slice.
    func turned(_ samples: [UInt8], storedColumns: Int) -> [UInt8] {
        if !transposes, !flipsX, !flipsY { return samples }
        var result = [UInt8](repeating: 0, count: samples.count)
        for (index, value) in samples.enumerated() {
            let place = shown(x: index % storedColumns, y: index / storedColumns)
            result[place.y * columns + place.x] = value
        }
        return result
    }
}

/// What a display needs to know of a case.
struct CaseFrame {
    let rows: Int
    let columns: Int
    let pixelToWorld: Affine
    let spacing: Spacing
}

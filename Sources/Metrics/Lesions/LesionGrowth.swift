/// Growing a picture's mask by a distance, and filling its holes; both in linear time.
struct LesionGrowth {
    let grid: MaskGrid

    /// The pixels whose centre is at most `radius` from the centre of a mask pixel, in the unit of the spacing.
    ///
    /// Exact: the distance to the nearest mask pixel of the column gives every pixel a stretch of its row that is within
    /// the radius, and the stretches of a row are laid over each other.
    func grown(_ mask: [UInt8], by radius: Double, isStrict: Bool) -> [UInt8] {
        let (width, height) = (grid.shape.i, grid.shape.j)
        let reaches = self.reaches(radius, isStrict: isStrict)
        let far = reaches.count
        // Distance to the nearest mask pixel above or below, in rows; `far` and more is too far.
        var steps = [Int32](repeating: Int32(far), count: width * height)
        let limit = Int32(far)
        for i in 0..<width {
            var distance = limit
            for j in 0..<height {
                distance = mask[j * width + i] != 0 ? 0 : min(limit, distance + 1)
                steps[j * width + i] = distance
            }
        }
        for i in 0..<width {
            var distance = limit
            for j in stride(from: height - 1, through: 0, by: -1) {
                distance = mask[j * width + i] != 0 ? 0 : min(limit, distance + 1)
                steps[j * width + i] = min(steps[j * width + i], distance)
            }
        }
        var result = [UInt8](repeating: 0, count: width * height)
        var changes = [Int32](repeating: 0, count: width + 1)
        for j in 0..<height {
            for i in 0...width { changes[i] = 0 }
            for i in 0..<width where steps[j * width + i] < limit {
                let reach = reaches[Int(steps[j * width + i])]
                changes[max(0, i - reach)] += 1
                changes[min(width, i + reach + 1)] -= 1
            }
            var open: Int32 = 0
            for i in 0..<width {
                open += changes[i]
                result[j * width + i] = open > 0 ? 1 : 0
            }
        }
        return result
    }

    /// Sets every background pixel that the background of the image's edge does not reach through faces.
    func fillHoles(_ mask: inout [UInt8]) throws(MetricError) {
        let (width, height) = (grid.shape.i, grid.shape.j)
        let outside = mask.map { $0 == 0 ? UInt8(1) : 0 }
        let parts = try ConnectedComponents.label(
            mask: outside, shape: grid.shape, connectivity: .face)
        var isOpen = [Bool](repeating: false, count: parts.count + 1)
        for i in 0..<width {
            isOpen[Int(parts.labels[i])] = true
            isOpen[Int(parts.labels[(height - 1) * width + i])] = true
        }
        for j in 0..<height {
            isOpen[Int(parts.labels[j * width])] = true
            isOpen[Int(parts.labels[j * width + width - 1])] = true
        }
        for place in mask.indices where mask[place] == 0 {
            if !isOpen[Int(parts.labels[place])] { mask[place] = 1 }
        }
    }

    /// How many columns are within the radius at each number of rows from 0 on; as many entries as rows are within it.
    private func reaches(_ radius: Double, isStrict: Bool) -> [Int] {
        let (sx, sy) = (grid.spacing.i, grid.spacing.j)
        func isWithin(_ i: Int, _ j: Int) -> Bool {
            let square = Double(i) * sx * (Double(i) * sx) + Double(j) * sy * (Double(j) * sy)
            return isStrict ? square < radius * radius : square <= radius * radius
        }
        // The mask itself always belongs to the result, also at radius 0.
        var reaches: [Int] = []
        var i = min(Double(grid.shape.i), (radius / sx).rounded(.up) + 1)
        for j in 0..<grid.shape.j {
            guard j == 0 || isWithin(0, j) else { break }
            while i > 0, !isWithin(Int(i), j) { i -= 1 }
            reaches.append(Int(i))
        }
        return reaches
    }
}

import MedicalImaging

/// How much surface each of the patterns of a marching-squares or marching-cubes cell has.
///
/// Built from its rule, not copied: vertices lie on the middle of the cell edges whose corners differ and are joined
/// face by face; a face with two set corners on a diagonal isolates the minority corners of the cell (the set ones when
/// at most 4 of 8 are set); each loop is cut into the triangles with the largest total area on a unit cell, whose area
/// vectors are then scaled.
/// - Source: the definition reproduces the tables of surface-distance (DeepMind) for any spacing.
struct SurfelTable: Sendable {
    /// The length or area of each of the 16 or 256 patterns, in millimetres or square millimetres.
    let weights: [Double]

    /// Makes the table of a lattice.
    init(spacing: Spacing, isVolume: Bool) {
        weights = isVolume ? Self.areas(spacing) : Self.lengths(spacing)
    }

    /// Half a diagonal for one or three corners, the spacing across for two neighbours, a diagonal for two opposite
    /// ones.
    private static func lengths(_ spacing: Spacing) -> [Double] {
        let diagonal = (spacing.i * spacing.i + spacing.j * spacing.j).squareRoot()
        return (0..<16).map { code in
            switch code.nonzeroBitCount {
            case 1, 3: 0.5 * diagonal
            case 2:
                // Bits 8 and 4 are neighbours along i: their border runs along i.
                code == 0b1100 || code == 0b0011
                    ? spacing.i : code == 0b1010 || code == 0b0101 ? spacing.j : diagonal
            default: 0
            }
        }
    }

    private static func areas(_ spacing: Spacing) -> [Double] {
        let scale = [
            spacing.j * spacing.i, spacing.k * spacing.i, spacing.k * spacing.j,
        ]
        return (0..<256).map { code in
            var area = 0.0
            for vector in triangles(ofCode: code) {
                var sum = 0.0
                for axis in 0..<3 {
                    let side = vector[axis] * scale[axis]
                    sum += side * side
                }
                area += sum.squareRoot()
            }
            return area
        }
    }

    /// The area vectors `(k, j, i)` of the triangles of a pattern on a unit cell.
    static func triangles(ofCode code: Int) -> [[Double]] {
        loops(ofCode: code).flatMap { best($0).triangles }
    }

    /// The closed lines of a pattern, as points `(k, j, i)`.
    private static func loops(ofCode code: Int) -> [[[Double]]] {
        // A corner is 4 dk + 2 dj + di; a vertex is named by the two corners of its edge.
        func isSet(_ corner: Int) -> Bool { code & (128 >> corner) != 0 }
        let minority = code.nonzeroBitCount <= 4
        var links: [Int: [Int]] = [:]
        func name(_ a: Int, _ b: Int) -> Int { min(a, b) * 8 + max(a, b) }
        func link(_ a: Int, _ b: Int) {
            links[a, default: []].append(b)
            links[b, default: []].append(a)
        }
        for axis in [4, 2, 1] {
            let (u, v) = axis == 4 ? (2, 1) : axis == 2 ? (4, 1) : (4, 2)
            for side in [0, axis] {
                let ring = [side, side + u, side + u + v, side + v]
                let crossed = (0..<4).filter { isSet(ring[$0]) != isSet(ring[($0 + 1) % 4]) }
                if crossed.count == 2 {
                    link(
                        name(ring[crossed[0]], ring[(crossed[0] + 1) % 4]),
                        name(ring[crossed[1]], ring[(crossed[1] + 1) % 4]))
                } else if crossed.count == 4 {
                    for place in 0..<4 where isSet(ring[place]) == minority {
                        link(
                            name(ring[(place + 3) % 4], ring[place]),
                            name(ring[place], ring[(place + 1) % 4]))
                    }
                }
            }
        }
        var loops: [[[Double]]] = []
        var seen: Set<Int> = []
        for start in links.keys.sorted() where !seen.contains(start) {
            var loop: [Int] = []
            var (previous, current) = (-1, start)
            repeat {
                loop.append(current)
                seen.insert(current)
                let next = links[current]?.first { $0 != previous } ?? start
                (previous, current) = (current, next)
            } while current != start && !seen.contains(current)
            loops.append(
                loop.map { vertex in
                    let (a, b) = (vertex / 8, vertex % 8)
                    return [4, 2, 1].map { (a & $0 != 0 ? 0.5 : 0) + (b & $0 != 0 ? 0.5 : 0) }
                })
        }
        return loops
    }

    /// The cut of a closed line into triangles with the largest total area.
    private static func best(
        _ loop: [[Double]]
    ) -> (area: Double, triangles: [[Double]]) {
        if loop.count < 3 { return (0, []) }
        var found: (area: Double, triangles: [[Double]]) = (-1, [])
        // The triangle on the last edge has its third corner at one of the other points.
        for third in 1..<(loop.count - 1) {
            let vector = areaVector(loop[0], loop[third], loop[loop.count - 1])
            let one = best(Array(loop[0...third]))
            let two = best(Array(loop[third...]))
            let norm = (vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2])
                .squareRoot()
            let area = norm + one.area + two.area
            if area > found.area + 1e-12 {
                found = (area, one.triangles + two.triangles + [vector])
            }
        }
        return found
    }

    private static func areaVector(
        _ a: [Double], _ b: [Double], _ c: [Double]
    ) -> [Double] {
        let u = (0..<3).map { b[$0] - a[$0] }
        let v = (0..<3).map { c[$0] - a[$0] }
        return [
            0.5 * (u[1] * v[2] - u[2] * v[1]), 0.5 * (u[2] * v[0] - u[0] * v[2]),
            0.5 * (u[0] * v[1] - u[1] * v[0]),
        ]
    }
}

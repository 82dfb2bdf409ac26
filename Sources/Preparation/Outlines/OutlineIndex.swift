import MedicalImaging

/// The edges of many polygons, sorted into bands of rows so that a window finds those that touch it.
///
/// Polygons are listed by bands of the plane; the edges of a ring with many are listed by bands of that ring. An edge or
/// polygon that reaches over several bands is listed in each and taken from the first one looked at.
struct OutlineIndex: Sendable {
    /// A straight piece of a ring, from vertex to vertex.
    struct Edge {
        var x0: Double
        var y0: Double
        var x1: Double
        var y1: Double
    }

    struct Bounds: Hashable {
        var x0 = Double.infinity
        var y0 = Double.infinity
        var x1 = -Double.infinity
        var y1 = -Double.infinity

        mutating func append(_ point: PlanePoint) {
            x0 = min(x0, point.x)
            y0 = min(y0, point.y)
            x1 = max(x1, point.x)
            y1 = max(y1, point.y)
        }
    }

    struct Ring {
        var bounds: Bounds
        var firstEdge: Int
        var edgeCount: Int
        var bands: Bands
    }

    struct Region {
        var bounds: Bounds
        /// The outer ring, then the holes; none for an outline that encloses nothing.
        var rings: Range<Int>
    }

    /// Lists of numbers, one for each of several bands of equal height.
    struct Bands {
        var top: Double
        var height: Double
        var count: Int
        /// Where in `bandStarts` the first band is; `count + 1` places belong to this object.
        var start: Int

        /// The band of a height; heights outside belong to the first and last one.
        func band(_ y: Double) -> Int {
            let place = (y - top) / height
            // A comparison that fails for what is not a number.
            guard place > 0 else { return 0 }
            return place < Double(count) ? Int(place) : count - 1
        }
    }

    private(set) var edges: [Edge] = []
    private(set) var rings: [Ring] = []
    private(set) var regions: [Region] = []
    private(set) var unusable: [UnusableOutline] = []
    /// Positions in `bandMembers`.
    private(set) var bandStarts: [Int] = []
    /// Edges count from the first edge of their ring.
    private(set) var bandMembers: [Int32] = []
    private(set) var plane = Bands(top: 0, height: 1, count: 0, start: 0)

    init(_ polygons: [PlanePolygon]) {
        precondition(polygons.count < 1 << 31, "too many polygons for ids of 31 bits")
        regions.reserveCapacity(polygons.count)
        edges.reserveCapacity(polygons.reduce(0) { $0 + $1.outer.count })
        for (number, polygon) in polygons.enumerated() { append(polygon, number) }
        listRegions()
    }

    private mutating func append(_ polygon: PlanePolygon, _ number: Int) {
        let first = rings.count
        var bounds = Bounds()
        if let reason = append(ring: polygon.outer) {
            unusable.append(UnusableOutline(index: number, hole: nil, reason: reason))
        } else {
            bounds = rings[first].bounds
            for (hole, ring) in polygon.holes.enumerated() {
                if let reason = append(ring: ring) {
                    unusable.append(UnusableOutline(index: number, hole: hole, reason: reason))
                }
            }
        }
        regions.append(Region(bounds: bounds, rings: first..<rings.count))
    }

    /// Adds a ring, or says why it encloses nothing.
    private mutating func append(ring: [PlanePoint]) -> UnusableOutline.Reason? {
        guard ring.count >= 3, ring.count < 1 << 31 else { return .tooFewVertices(ring.count) }
        var bounds = Bounds()
        let limit = OutlineRasteriser.farthestCoordinate
        for point in ring {
            // What is not a number fails every comparison.
            guard abs(point.x) <= limit, abs(point.y) <= limit else { return .notAPlace }
            bounds.append(point)
        }
        let first = edges.count
        var last = ring[ring.count - 1]
        for point in ring {
            edges.append(Edge(x0: last.x, y0: last.y, x1: point.x, y1: point.y))
            last = point
        }
        // Large outlines only, about 16 edges to a band, so that a window of one looks at few edges elsewhere.
        let bands = makeBands(
            top: bounds.y0, bottom: bounds.y1,
            count: ring.count < 512 ? 1 : min(ring.count / 16, 4096),
            members: ring.count
        ) { edges, n in
            let edge = edges[first + n]
            return (min(edge.y0, edge.y1), max(edge.y0, edge.y1))
        }
        rings.append(
            Ring(bounds: bounds, firstEdge: first, edgeCount: ring.count, bands: bands))
        return nil
    }

    private mutating func listRegions() {
        var top = Double.infinity
        var bottom = -Double.infinity
        for region in regions where !region.rings.isEmpty {
            top = min(top, region.bounds.y0)
            bottom = max(bottom, region.bounds.y1)
        }
        guard top <= bottom else { return }
        let regions = regions
        plane = makeBands(
            top: top, bottom: bottom, count: min(max(1, regions.count / 4), 4096),
            members: regions.count
        ) { _, n in
            let region = regions[n]
            return region.rings.isEmpty ? nil : (region.bounds.y0, region.bounds.y1)
        }
    }

    /// Sorts members into bands by counting; a band lists its members in their order.
    private mutating func makeBands(
        top: Double, bottom: Double, count: Int, members: Int,
        extent: ([Edge], Int) -> (Double, Double)?
    ) -> Bands {
        let count = bottom > top ? max(1, count) : 1
        let height = bottom > top ? (bottom - top) / Double(count) : 1
        let bands = Bands(top: top, height: height, count: count, start: bandStarts.count)
        guard count > 1 else { return bands }  // one band: every member, unlisted
        var places = [Int](repeating: 0, count: count + 1)
        for n in 0..<members {
            guard let (low, high) = extent(edges, n) else { continue }
            for band in bands.band(low)...bands.band(high) { places[band + 1] += 1 }
        }
        places[0] = bandMembers.count
        for band in 0..<count { places[band + 1] += places[band] }
        bandStarts += places
        bandMembers += repeatElement(0, count: places[count] - places[0])
        for n in 0..<members {
            guard let (low, high) = extent(edges, n) else { continue }
            for band in bands.band(low)...bands.band(high) {
                bandMembers[places[band]] = Int32(n)
                places[band] += 1
            }
        }
        return bands
    }

    /// The regions whose boxes may touch a part of the plane, in order.
    func regions(in frame: WindowFrame) -> [Int] {
        guard plane.count > 0, frame.width > 0, frame.height > 0 else { return [] }
        let top = frame.levelZeroRow(frame.y - 3)
        let bottom = frame.levelZeroRow(frame.y + frame.height + 3)
        let left = frame.levelZeroColumn(frame.x - 3)
        let right = frame.levelZeroColumn(frame.x + frame.width + 3)
        var found: [Int] = []
        func look(at number: Int) {
            let bounds = regions[number].bounds
            if bounds.y0 <= bottom, bounds.y1 >= top, bounds.x0 <= right, bounds.x1 >= left {
                found.append(number)
            }
        }
        guard plane.count > 1 else {
            for number in regions.indices { look(at: number) }
            return found
        }
        let first = plane.band(top)
        let last = plane.band(bottom)
        for band in first...last {
            let starts = plane.start + band
            for n in bandStarts[starts]..<bandStarts[starts + 1] {
                let number = Int(bandMembers[n])
                // Taken from the first band looked at that lists it.
                if band == first || plane.band(regions[number].bounds.y0) == band {
                    look(at: number)
                }
            }
        }
        if last > first { found.sort() }
        return found
    }
}

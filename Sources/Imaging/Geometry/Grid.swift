#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where the voxels of a volume lie: how many, and their world positions.
public struct Grid: Hashable, Sendable {
    /// Voxels along each axis.
    public var shape: GridShape
    /// Voxel indices to world millimetres.
    public var affine: Affine

    /// Makes a grid.
    ///
    /// - Parameters:
    ///   - shape: Voxels along each axis.
    ///   - affine: Voxel indices to world millimetres, RAS+.
    public init(shape: GridShape, affine: Affine) {
        self.shape = shape
        self.affine = affine
    }

    /// Distance between neighbouring voxel centres, in millimetres.
    public var spacing: Spacing { affine.spacing }

    /// The closest of the 48 orientations.
    public var orientation: Orientation { Orientation(closestTo: affine) }

    /// Compares with another grid, field by field.
    ///
    /// Spacing may differ by 0.1 %, directions by 0.1 degree and the origin by a tenth of the smallest voxel side:
    /// the rounding that float32 headers and different writers leave. Axis letters are compared only where directions
    /// differ, so that two grids turned by 45 degrees agree whatever the last bit of their headers.
    ///
    /// - Parameter other: The grid to compare with.
    /// - Returns: What differs and by how much; empty when the grids agree.
    public func differences(from other: Grid) -> [GridDifference] {
        var found: [GridDifference] = []
        if shape != other.shape {
            found.append(GridDifference(field: .shape, here: "\(shape)", there: "\(other.shape)"))
        }
        let (a, b) = (spacing, other.spacing)
        let farthest = (0..<3).map { abs(a[$0] - b[$0]) / max(a[$0], b[$0], 1e-30) }.max() ?? 0
        if farthest > 1e-3 {
            found.append(
                GridDifference(
                    field: .spacing, here: Self.text(a.array) + " mm",
                    there: Self.text(b.array) + " mm"))
        }
        let angle = largestAngle(to: other)
        if angle > 0.1, orientation != other.orientation {
            found.append(
                GridDifference(
                    field: .orientation, here: "\(orientation)", there: "\(other.orientation)"))
        } else if angle > 0.1 {
            found.append(
                GridDifference(
                    field: .direction, here: "axes",
                    there: "axes turned by up to \(Self.text([angle])) degrees"))
        }
        let origin = (0..<3).map { affine[$0, 3] }
        let otherOrigin = (0..<3).map { other.affine[$0, 3] }
        let shift = zip(origin, otherOrigin).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        if shift.squareRoot() > 0.1 * min(a.i, a.j, a.k) {
            found.append(
                GridDifference(
                    field: .origin, here: "(\(Self.text(origin))) mm",
                    there: "(\(Self.text(otherOrigin))) mm, "
                        + "\(Self.text([shift.squareRoot()])) mm away"))
        }
        return found
    }

    /// The largest angle between an axis here and the same axis there, in degrees.
    private func largestAngle(to other: Grid) -> Double {
        let (a, b) = (spacing, other.spacing)
        var largest = 0.0
        for column in 0..<3 {
            // From the chord of the two unit vectors: exact for small angles, where the cosine is not.
            var chord = 0.0
            for row in 0..<3 {
                let d =
                    affine[row, column] / max(a[column], 1e-30)
                    - other.affine[row, column] / max(b[column], 1e-30)
                chord += d * d
            }
            largest = max(largest, 2 * asin(min(1, chord.squareRoot() / 2)) * 180 / Double.pi)
        }
        return largest
    }

    private static func text(_ values: [Double]) -> String {
        values.map { value in
            let rounded = (value * 10_000).rounded() / 10_000
            return rounded == rounded.rounded() && abs(rounded) < 1e15
                ? String(Int(rounded)) : String(rounded)
        }.joined(separator: " ")
    }
}

/// One way in which two grids differ.
public struct GridDifference: Hashable, Sendable, CustomStringConvertible {
    /// The part of the grid that differs.
    public enum Field: String, Hashable, Sendable {
        /// Number of voxels, distance of voxels, axis letters, small rotation, position of the first voxel.
        case shape, spacing, orientation, direction, origin
    }

    /// The part that differs.
    public let field: Field
    /// Its value here.
    public let here: String
    /// Its value in the other grid.
    public let there: String

    /// The difference on one line, for example `shape 512x512x20 against 512x512x19`.
    public var description: String { "\(field.rawValue) \(here) against \(there)" }
}

import MedicalImaging

/// A small synthetic CT data set of the abdomen in the manner of BTCV: six cases, 13 organs, no download.
///
/// Shapes, positions and intensities are plausible for a scan in the portal venous phase, so that demonstrations and
/// tests see what a real case shows: unequal sides, anisotropic spacing, three storage orders, organs that lack. It says
/// nothing about patients.
///
/// Every bit is a function of the seed alone: only whole numbers and the exactly rounded operations + - * / and square
/// root are used, on one thread, so every machine makes the same bytes.
///
/// | case | voxels | spacing (mm) | stored | lacks |
/// |---|---|---|---|---|
/// | 0001 | 192 x 176 x 40 | 1.875, 5 | LPS | |
/// | 0002 | 200 x 184 x 44 | 1.75, 4.5 | LPS | gallbladder |
/// | 0003 | 176 x 192 x 36 | 2, 5 | LAS | |
/// | 0004 | 208 x 192 x 52 | 1.625, 4 | LPS | left kidney |
/// | 0005 | 184 x 200 x 46 | 1.9375, 4.5 | RAS | |
/// | 0006 | 196 x 180 x 48 | 1.6875, 4.25 | LPS | both adrenal glands |
public struct AbdomenPhantom: Hashable, Sendable {
    /// The names of the cases, in order: `0001` to `0006`.
    public static let caseIDs: [String] = PhantomProfile.all.map(\.id)

    /// The seed: another one gives six other patients on the same grids.
    public let seed: UInt64

    /// Makes a phantom; nothing is computed yet.
    ///
    /// - Parameter seed: The default gives the embedded sample whose digests the tests hold.
    public init(seed: UInt64 = 2015) { self.seed = seed }

    /// Makes one case.
    ///
    /// - Parameter id: One of ``caseIDs``; anything else is a programmer's mistake and stops the process.
    /// - Returns: HU in -1024...3071 (-1024 outside the round field of view) and the BTCV label ids 0...13, both on the
    ///   same grid.
    /// - Complexity: O(voxels), about 0.3 s and at most 90 MB while it works.
    public func makeCase(_ id: String) -> (image: Volume<Int16>, labels: Volume<UInt8>) {
        let profile = Self.profile(id)
        let canvas = PhantomPainter(profile, seed: seed).canvas
        let samples = PhantomScanner.scan(
            canvas, profile, random: profile.random(.scannerNoise, seed: seed))
        let grid = profile.canonicalGrid
        let order = Self.orientation(of: profile)
        return (
            Volume(grid: grid, samples: samples).reordered(to: order),
            Volume(grid: grid, samples: canvas.labels).reordered(to: order)
        )
    }

    /// What a case will be, without making it.
    ///
    /// - Parameter id: One of ``caseIDs``; anything else is a programmer's mistake and stops the process.
    /// - Returns: Grid as stored and the label ids that lack.
    public static func summary(of id: String) -> Summary {
        let profile = profile(id)
        let canonical = profile.canonicalGrid
        let reordering = AxisReordering(from: .ras, to: orientation(of: profile))
        return Summary(
            id: id, grid: reordering.grid(of: canonical),
            missingLabels: profile.missing.map(Int.init))
    }

    /// The six cases as they will be, in order.
    public static var summary: [Summary] { caseIDs.map(summary(of:)) }

    /// One case in a few words.
    public struct Summary: Hashable, Sendable, CustomStringConvertible {
        /// The name of the case.
        public let id: String
        /// Shape and affine as stored.
        public let grid: Grid
        /// BTCV label ids that this patient lacks, ascending; mostly empty.
        public let missingLabels: [Int]

        /// One line such as `0002: 200x184x44 LPS, 1.75 x 1.75 x 4.5 mm, without 4`.
        public var description: String {
            let size = grid.spacing.array.map { "\($0)" }.joined(separator: " x ")
            let lacking = missingLabels.map(String.init).joined(separator: ", ")
            return "\(id): \(grid.shape) \(grid.orientation), \(size) mm"
                + (missingLabels.isEmpty ? "" : ", without \(lacking)")
        }
    }

    private static func profile(_ id: String) -> PhantomProfile {
        guard let found = PhantomProfile.all.first(where: { $0.id == id }) else {
            preconditionFailure("no case \(id): the phantom has \(caseIDs.joined(separator: ", "))")
        }
        return found
    }

    private static func orientation(of profile: PhantomProfile) -> Orientation {
        Orientation(letters: profile.orientation) ?? .lps
    }
}

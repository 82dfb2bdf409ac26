import MedicalImaging

/// What is particular to one case of the phantom: its grid, its patient and its scanner.
struct PhantomProfile: Sendable {
    /// The four digits of the case.
    var id: String
    /// The number of the case, from 1.
    var number: UInt32
    /// Voxels left-right, front-back and feet-head, whatever the stored order.
    var size: GridShape
    /// Millimetres in the axial plane and from slice to slice; dyadic, so that float32 headers hold them exactly.
    var pixel: Double, slice: Double
    /// World position of the middle of the volume.
    var center: WorldPosition
    /// How the volume is stored.
    var orientation: String
    /// Label ids that this patient lacks.
    var missing: [UInt8]
    /// Size of the patient relative to the standard one: right-left, front-back, feet-head.
    var build: SIMD3<Float>
    /// Thickness of the fat under the skin at the side, in millimetres.
    var fat: Float
    /// Standard deviation of the noise in the middle of the body, in HU.
    var noise: Float

    /// The six cases.
    static let all: [PhantomProfile] = [
        PhantomProfile(
            id: "0001", number: 1, size: GridShape(192, 176, 40), pixel: 1.875, slice: 5,
            center: WorldPosition(x: 2.5, y: -148.5, z: -420), orientation: "LPS", missing: [],
            build: SIMD3(1.0, 1.0, 1.0), fat: 17, noise: 13),
        PhantomProfile(
            id: "0002", number: 2, size: GridShape(200, 184, 44), pixel: 1.75, slice: 4.5,
            center: WorldPosition(x: -3.75, y: -160.25, z: -212.5), orientation: "LPS",
            missing: [4], build: SIMD3(0.96, 0.94, 1.01), fat: 12, noise: 12.5),
        PhantomProfile(
            id: "0003", number: 3, size: GridShape(176, 192, 36), pixel: 2, slice: 5,
            center: WorldPosition(x: 4, y: -131, z: 97.5), orientation: "LAS", missing: [],
            build: SIMD3(1.03, 1.08, 0.94), fat: 24, noise: 17),
        PhantomProfile(
            id: "0004", number: 4, size: GridShape(208, 192, 52), pixel: 1.625, slice: 4,
            center: WorldPosition(x: -2.25, y: -170.5, z: -655), orientation: "LPS",
            missing: [3], build: SIMD3(0.94, 0.97, 1.04), fat: 14, noise: 15),
        PhantomProfile(
            id: "0005", number: 5, size: GridShape(184, 200, 46), pixel: 1.9375, slice: 4.5,
            center: WorldPosition(x: 1.5, y: 12.75, z: -318.25), orientation: "RAS", missing: [],
            build: SIMD3(1.02, 1.03, 1.02), fat: 22, noise: 16),
        PhantomProfile(
            id: "0006", number: 6, size: GridShape(196, 180, 48), pixel: 1.6875, slice: 4.25,
            center: WorldPosition(x: -5, y: -155, z: -530.5), orientation: "LPS",
            missing: [12, 13], build: SIMD3(0.93, 0.92, 0.98), fat: 10, noise: 14),
    ]

    /// The grid in patient order (RAS), from which the stored order is made by exact flips.
    var canonicalGrid: Grid {
        func origin(_ middle: Double, _ count: Int, _ step: Double) -> Double {
            middle - step * Double(count - 1) / 2
        }
        return Grid(
            shape: size,
            affine: Affine(values: [
                pixel, 0, 0, origin(center.x, size.i, pixel),
                0, pixel, 0, origin(center.y, size.j, pixel),
                0, 0, slice, origin(center.z, size.k, slice),
            ]))
    }

    /// A generator of its own for one purpose.
    ///
    /// - Parameters:
    ///   - purpose: What the numbers are for.
    ///   - seed: The seed of the phantom.
    /// - Returns: A generator at its start.
    func random(_ purpose: Purpose, seed: UInt64) -> RandomSource {
        RandomSource(seed: seed, stream: (number, purpose.rawValue, 0))
    }

    /// The uses of random numbers, each with its own stream.
    enum Purpose: UInt32 {
        case anatomy = 1
        case warp, fineWarp, texture, scannerNoise
    }
}

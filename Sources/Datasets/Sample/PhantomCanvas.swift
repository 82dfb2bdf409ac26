import MedicalImaging

/// The volume being painted: density in HU and label of every voxel, and where in the standard patient each one lies.
///
/// Standard coordinates are millimetres in an average patient: x to the right, y to the front, z to the head, 0 in the
/// middle of the abdomen (first lumbar vertebra). `raw` positions are rigid; `warped` ones are bent by smooth noise, so
/// that everything painted with them gets uneven surfaces while neighbours stay neighbours.
struct PhantomCanvas {
    /// A tissue: the label to write (0 for none) and the density.
    struct Paint {
        var label: UInt8
        var density: Float
    }

    let shape: GridShape
    private(set) var density: [Float]
    private(set) var labels: [UInt8]
    /// Marks what organs may not cover: bone, muscle of the wall, lung.
    private var isFixed: [Bool]
    private var warp: [SIMD4<Float>]
    private let x: [Float], y: [Float], z: [Float]
    /// Width of the patient at each slice relative to the waist.
    private let girth: [Float]
    /// The farthest that the warp moves a position, in millimetres, rounded up.
    private static let reach: Float = 8
    /// More than the largest girth.
    private static let girthLimit: Float = 1.15

    /// Makes a canvas of air.
    ///
    /// - Parameters:
    ///   - profile: Grid and build of the patient.
    ///   - seed: The seed of the phantom.
    init(_ profile: PhantomProfile, seed: UInt64) {
        shape = profile.size
        density = [Float](repeating: -1000, count: shape.count)
        labels = [UInt8](repeating: 0, count: shape.count)
        isFixed = [Bool](repeating: false, count: shape.count)
        func axis(_ count: Int, _ step: Double, _ build: Float) -> [Float] {
            (0..<count).map { Float((Double($0) - Double(count - 1) / 2) * step) / build }
        }
        x = axis(shape.i, profile.pixel, profile.build.x)
        y = axis(shape.j, profile.pixel, profile.build.y)
        z = axis(shape.k, profile.slice, profile.build.z)
        girth = z.map { 1 + 0.034 * ($0 + 35) * ($0 + 35) / 10_000 }
        let wide = ValueNoise(wavelength: 42, random: profile.random(.warp, seed: seed))
        let fine = ValueNoise(wavelength: 17, random: profile.random(.fineWarp, seed: seed))
        let reachWide = SIMD4<Float>(5.5, 5.5, 6, 1)
        let reachFine = SIMD4<Float>(1.6, 1.6, 2, 0.6)
        warp = [SIMD4<Float>](repeating: SIMD4(), count: shape.count)
        var n = 0
        for k in 0..<shape.k {
            for j in 0..<shape.j {
                for i in 0..<shape.i {
                    let p = position(i, j, k)
                    // Nothing but air lies that far out.
                    if p.x * p.x * 0.5 + p.y * p.y < 130 * 130 {
                        warp[n] = wide(p) * reachWide + fine(p) * reachFine
                    }
                    n += 1
                }
            }
        }
    }

    /// Paints every voxel of the volume, without labels; what is `fixed` cannot be covered by organs.
    mutating func fill(
        _ tissue: (_ raw: SIMD3<Float>, _ warp: SIMD4<Float>) -> (density: Float, isFixed: Bool)?
    ) {
        var n = 0
        for k in 0..<shape.k {
            for j in 0..<shape.j {
                for i in 0..<shape.i {
                    if let found = tissue(position(i, j, k), warp[n]) {
                        density[n] = found.density
                        isFixed[n] = found.isFixed
                    }
                    n += 1
                }
            }
        }
    }

    /// Paints an organ where nothing labelled and nothing fixed is yet: what comes first stays.
    ///
    /// - Parameters:
    ///   - box: Where to look, in standard coordinates; widened here by the reach of the warp.
    ///   - organ: The paint at a warped and a raw position with the warp's fourth value; `nil` outside the organ.
    mutating func paint(
        in box: PhantomBox,
        _ organ: (_ warped: SIMD3<Float>, _ raw: SIMD3<Float>, _ texture: Float) -> Paint?
    ) {
        let wide = box.expanded(by: Self.reach)
        let columns = Self.indices(x, wide.low.x * Self.girthLimit, wide.high.x * Self.girthLimit)
        let rows = Self.indices(y, wide.low.y, wide.high.y)
        for k in Self.indices(z, wide.low.z, wide.high.z) {
            for j in rows {
                let row = (k * shape.j + j) * shape.i
                for i in columns where labels[row + i] == 0 && !isFixed[row + i] {
                    let raw = position(i, j, k)
                    let bend = warp[row + i]
                    let warped = raw + SIMD3(bend.x, bend.y, bend.z)
                    if let paint = organ(warped, raw, bend.w) {
                        density[row + i] = paint.density
                        labels[row + i] = paint.label
                        if paint.label == 0 { isFixed[row + i] = true }
                    }
                }
            }
        }
    }

    /// Gives labelled voxels another density, without touching their label.
    ///
    /// - Parameters:
    ///   - label: The label in which to paint.
    ///   - box: Where to look, in standard coordinates.
    ///   - detail: The density at a warped position; `nil` to leave it.
    mutating func tint(
        _ label: UInt8, in box: PhantomBox, _ detail: (_ warped: SIMD3<Float>) -> Float?
    ) {
        let wide = box.expanded(by: Self.reach)
        let columns = Self.indices(x, wide.low.x * Self.girthLimit, wide.high.x * Self.girthLimit)
        let rows = Self.indices(y, wide.low.y, wide.high.y)
        for k in Self.indices(z, wide.low.z, wide.high.z) {
            for j in rows {
                let row = (k * shape.j + j) * shape.i
                for i in columns where labels[row + i] == label {
                    let bend = warp[row + i]
                    let warped = position(i, j, k) + SIMD3(bend.x, bend.y, bend.z)
                    if let value = detail(warped) { density[row + i] = value }
                }
            }
        }
    }

    /// The rigid standard position of a voxel.
    @inline(__always)
    private func position(_ i: Int, _ j: Int, _ k: Int) -> SIMD3<Float> {
        SIMD3(x[i] / girth[k], y[j], z[k])
    }

    /// Takes the label from a voxel.
    mutating func unlabel(_ n: Int) { labels[n] = 0 }

    private static func indices(_ axis: [Float], _ low: Float, _ high: Float) -> Range<Int> {
        let first = axis.firstIndex { $0 >= low } ?? axis.count
        let end = axis.firstIndex { $0 > high } ?? axis.count
        return first..<max(first, end)
    }
}

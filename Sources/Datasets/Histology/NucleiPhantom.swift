import MedicalImaging

/// A small synthetic set of H&E pictures with outlined nuclei in the manner of MoNuSeg: six cases, no download.
///
/// Glands, connective tissue, sheets of large nuclei, neuropil and lymphoid tissue under several stainings, so that
/// demonstrations and tests see what real pictures show: overlapping nuclei, nuclei cut by the border, faint ones, vertices
/// between and slightly outside of pixels, a region that encloses nothing. It says nothing about patients.
///
/// Every bit is a function of the seed alone: only whole numbers and the exactly rounded operations + - * / and square
/// root are used, on one thread, so every machine makes the same bytes.
public struct NucleiPhantom: Hashable, Sendable {
    /// The names of the cases, in order: `sampleN-0001` to `sampleN-0006`.
    public static let caseIDs: [String] = NucleiProfile.all.map(\.id)

    /// Micrometres per pixel of every case.
    public static let micronsPerPixel = 0.25

    /// The seed: another one gives six other pictures of the same sizes.
    public let seed: UInt64

    /// Makes a phantom; nothing is computed yet.
    ///
    /// - Parameter seed: The default gives the embedded sample whose digests the tests hold.
    public init(seed: UInt64 = 2018) { self.seed = seed }

    /// One picture and its annotation.
    public struct Picture: Hashable, Sendable {
        /// The name of the case.
        public let id: String
        /// Columns.
        public let width: Int
        /// Rows.
        public let height: Int
        /// Red, green and blue by pixel, row by row from the top.
        public let rgb: [UInt8]
        /// One outline per region, in the order of the annotation.
        ///
        /// Earlier regions keep contested pixels. Vertices are cut to hundredths and lie at most 2 pixels outside of the
        /// picture. A region of fewer than three vertices is there on purpose: it keeps its number and encloses nothing.
        public let outlines: [PlanePolygon]
    }

    /// Makes one case.
    ///
    /// - Parameter id: One of ``caseIDs``; anything else is a programmer's mistake and stops the process.
    /// - Returns: The picture and its outlines.
    /// - Complexity: O(pixels), about 50 ms.
    public func makeCase(_ id: String) -> Picture {
        guard let profile = NucleiProfile.all.first(where: { $0.id == id }) else {
            preconditionFailure(
                "no case \(id): the phantom has \(Self.caseIDs.joined(separator: ", "))")
        }
        let tissue = NucleiTissue(profile, seed: seed)
        let scene = NucleiScene(profile, tissue: tissue, seed: seed)
        let (width, height) = (profile.width, profile.height)
        var canvas = StainCanvas(x: -1, y: -1, width: width + 2, height: height + 2)
        canvas.fill { tissue.densities($0, $1) }
        let chromatin = PlaneNoise(
            wavelength: 3.2, random: profile.random(.chromatin, seed: seed))
        for nucleus in scene.nuclei { nucleus.paint(on: &canvas, chromatin: chromatin) }
        var camera = profile.random(.camera, seed: seed)
        let grain = camera.next()
        let rgb = [UInt8](unsafeUninitializedCapacity: width * height * 3) { bytes, count in
            canvas.softened().develop(profile.colors, seed: grain, into: bytes)
            count = width * height * 3
        }
        return Picture(
            id: id, width: width, height: height, rgb: rgb,
            outlines: outlines(of: scene, profile))
    }

    private func outlines(of scene: NucleiScene, _ profile: NucleiProfile) -> [PlanePolygon] {
        var random = profile.random(.outlines, seed: seed)
        let (few, many) = (HistologyMath.directions(20), HistologyMath.directions(36))
        let limit = SIMD2(Float(profile.width) + 2, Float(profile.height) + 2)
        var result = scene.nuclei.map { nucleus in
            let ring = nucleus.outline(nucleus.reach > 28 ? many : few)
            return PlanePolygon(
                outer: ring.map { p in
                    // The hand of whoever draws the outline is not quite steady.
                    let x = p.x + random.uniform(-0.3, 0.3)
                    let y = p.y + random.uniform(-0.3, 0.3)
                    return HistologyMath.vertex(
                        SIMD2(min(max(x, -2), limit.x), min(max(y, -2), limit.y)))
                })
        }
        if profile.hasDegenerateRegion {
            let p = SIMD2(random.uniform(40, limit.x - 40), random.uniform(40, limit.y - 40))
            result.insert(
                PlanePolygon(outer: [
                    HistologyMath.vertex(p), HistologyMath.vertex(p + SIMD2(1.5, 0.75)),
                ]), at: min(7, result.count))
        }
        return result
    }
}

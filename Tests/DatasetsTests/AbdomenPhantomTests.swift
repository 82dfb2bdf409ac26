import MedicalDatasets
import MedicalImaging
import SafeFiles
import Testing

/// What is asked of the embedded sample.
///
/// The digests are of the sample this repository ships: whoever changes the
/// phantom on purpose bakes new ones and says so in the change log, because users' stores change with it.
@Suite struct AbdomenPhantomTests {
    /// SHA-256 of the image samples (little-endian int16) and of the label samples, in stored order.
    private static let digests: [(image: String, labels: String)] = [
        (
            "f21377ce72171ebe9b07dced7384fe733cabb23b361795cfc21b26c9ab019d02",
            "f95c12bd898bbd8908add26391eb73a8ea630b4b802ed6dd64a2c263d8ccc00c"
        ),
        (
            "c66bfeffcba7b103601c2c4f826424cee9a31f5aaf8284c9e5fe46c0eed1cfa3",
            "1d0dc181ea48fe79748b248972d4c60742e10e974ec139d06656b7f9f02dcdb5"
        ),
        (
            "7d387081b363d2a7667bcb6906ca956918252d84b781854639f439e076b48045",
            "fb9bb5142efa18d656055a3aa63e4d820749fa021d54c564c9a66fce89ec7c14"
        ),
        (
            "b501ab7d5b917aa278326d76ef7e20877554270adbd2c63a82c0d22d999dee98",
            "88d7e586b7291ac21e4c739a9345501cb93e330d36622224b2253bff6bc9e109"
        ),
        (
            "99244d4a53ea2c3e0841b6957124769cc8eba407c1b62dcb2c60f06557e3cb4d",
            "52b72a123b88d3d8d6ef6890222d41ec78f92b3bd5a9d2c24419cbf9593779d7"
        ),
        (
            "9249be035f9714a6e5973843f308a17ade34a47d98dbd89ca53b0bb95bb27507",
            "01f5325ad556003c0c7bb2b490fecc980bd51022d9b088db3d2193f429144da2"
        ),
    ]

    private static let measured: [MeasuredCase] = AbdomenPhantom.caseIDs.map {
        MeasuredCase(id: $0, AbdomenPhantom().makeCase($0))
    }

    @Test func sixCasesHaveTheBytesThatTheyAlwaysHad() {
        #expect(AbdomenPhantom.caseIDs == ["0001", "0002", "0003", "0004", "0005", "0006"])
        #expect(Self.digests.count == Self.measured.count)
        for (found, digest) in zip(Self.measured, Self.digests) {
            #expect(found.imageDigest == digest.image, "image \(found.id)")
            #expect(found.labelDigest == digest.labels, "labels \(found.id)")
        }
    }

    @Test func twoRunsAreEqualAndAnotherSeedIsAnotherPatient() {
        let again = AbdomenPhantom(seed: 2015).makeCase("0003")
        let first = AbdomenPhantom().makeCase("0003")
        #expect(again.image.samples == first.image.samples)
        #expect(again.labels.samples == first.labels.samples)
        let other = AbdomenPhantom(seed: 7).makeCase("0003")
        #expect(other.image.grid == first.image.grid)
        #expect(other.image.samples != first.image.samples)
        #expect(other.labels.samples != first.labels.samples)
    }

    @Test func gridsAreAnisotropicUnequalAndStoredInThreeOrders() {
        let orders = ["LPS", "LPS", "LAS", "LPS", "RAS", "LPS"]
        var shapes: Set<GridShape> = []
        for (found, order) in zip(Self.measured, orders) {
            let grid = found.grid
            #expect(grid == found.labelGrid)
            #expect(grid == AbdomenPhantom.summary(of: found.id).grid)
            #expect(grid.orientation.description == order)
            #expect((176...208).contains(grid.shape.i) && (176...208).contains(grid.shape.j))
            #expect((36...52).contains(grid.shape.k))
            #expect(grid.shape.i != grid.shape.j)
            #expect((1.6...2).contains(grid.spacing.i) && grid.spacing.i == grid.spacing.j)
            #expect((4...5).contains(grid.spacing.k))
            for row in 0..<3 {
                #expect(grid.affine[row, 3] != 0)
                // NIfTI headers hold float32: nothing may be lost there.
                for column in 0..<4 {
                    let value = grid.affine[row, column]
                    #expect(Double(Float(value)) == value)
                }
            }
            shapes.insert(grid.shape)
        }
        #expect(shapes.count == 6)
    }

    @Test func organsAreThereExceptThePromisedGaps() {
        let lacking: [[Int]] = [[], [4], [], [3], [], [12, 13]]
        for (found, gaps) in zip(Self.measured, lacking) {
            #expect(AbdomenPhantom.summary(of: found.id).missingLabels == gaps)
            #expect(found.unknownLabels == 0)
            for label in 1...13 {
                let count = found.organs[label].count
                if gaps.contains(label) {
                    #expect(count == 0, "\(found.id) label \(label)")
                } else {
                    #expect(count > 200, "\(found.id) label \(label)")
                    #expect(found.organs[label].slices >= 4, "\(found.id) label \(label)")
                }
            }
        }
    }

    @Test func organVolumesArePlausible() {
        // millilitres; the left and right kidney and the two adrenal glands share their limits
        let limits: [Int: ClosedRange<Double>] = [
            1: 60...300, 2: 70...250, 3: 70...250, 4: 10...60, 5: 3...25, 6: 900...1900,
            7: 150...600, 8: 30...120, 9: 30...120, 10: 10...50, 11: 30...110, 12: 2...12,
            13: 2...12,
        ]
        for found in Self.measured {
            for label in 1...13 where found.organs[label].count > 0 {
                let volume =
                    Double(found.organs[label].count) * found.grid.affine.determinant / 1000
                #expect(
                    limits[label]?.contains(abs(volume)) == true, "\(found.id) \(label): \(volume)")
            }
        }
    }

    @Test func rightIsRightInWorldCoordinates() throws {
        for found in Self.measured {
            func center(_ label: Int) -> WorldPosition? { found.center(of: label) }
            // Right kidney, gallbladder, liver, vena cava, right adrenal; then those of the left side.
            for label in [2, 4, 6, 9, 12] {
                if let position = center(label) { #expect(position.x > 10, "\(found.id) \(label)") }
            }
            for label in [1, 3, 5, 7, 8, 13] {
                if let position = center(label) { #expect(position.x < -5, "\(found.id) \(label)") }
            }
            let liver = try #require(center(6))
            let rightKidney = try #require(center(2))
            let aorta = try #require(center(8))
            let pancreas = try #require(center(11))
            let stomach = try #require(center(7))
            let spleen = try #require(center(1))
            #expect(liver.z > rightKidney.z && liver.y > rightKidney.y)
            #expect(pancreas.y > aorta.y && stomach.y > pancreas.y)
            #expect(spleen.y < stomach.y && spleen.x < stomach.x)
            if let adrenal = center(12) { #expect(adrenal.z > rightKidney.z + 30) }
            if let adrenal = center(13), let kidney = center(3) { #expect(adrenal.z > kidney.z) }
        }
    }

    @Test func densitiesInsideTheOrgansAreThoseOfThePortalVenousPhase() {
        let limits: [Int: ClosedRange<Double>] = [
            1: 116...124, 2: 140...170, 3: 140...170, 4: 0...20, 6: 106...114, 7: -500...40,
            8: 140...154, 9: 134...142, 10: 130...152, 11: 88...100, 12: 60...100, 13: 60...100,
        ]
        for found in Self.measured {
            for label in 1...13 where found.organs[label].innerCount > 0 {
                guard let limit = limits[label] else { continue }
                let mean = found.organs[label].innerMean
                #expect(limit.contains(mean), "\(found.id) label \(label): \(mean) HU")
            }
        }
    }

    @Test func labelsStayInsideTheBodyAndTheFieldOfView() {
        for found in Self.measured {
            #expect(found.labelsOutsideBody == 0, "\(found.id)")
            #expect(found.labelsOutsideView == 0, "\(found.id)")
        }
    }

    @Test func valuesAreHounsfieldUnitsWithARoundFieldOfView() {
        for found in Self.measured {
            #expect(found.range.lowerBound == -1024)
            #expect(found.range.upperBound > 400 && found.range.upperBound <= 3071)
            #expect(found.cornersAreFill, "\(found.id)")
            #expect((-1005 ... -985).contains(found.airMean), "\(found.id): \(found.airMean)")
            // More than a tenth of a stack that starts at the bases of the lungs is air in them.
            #expect(found.lungShare > 0.02, "\(found.id): \(found.lungShare)")
        }
    }

    @Test func noiseIsThatOfASoftKernel() {
        for found in Self.measured {
            let noise = found.liverNoise
            #expect((10...22).contains(noise.deviation), "\(found.id): \(noise.deviation) HU")
            #expect((0.45...0.85).contains(noise.neighbour), "\(found.id): \(noise.neighbour)")
        }
    }

    @Test func summarySaysWhatACaseIs() {
        #expect(AbdomenPhantom.summary.map(\.id) == AbdomenPhantom.caseIDs)
        #expect(
            AbdomenPhantom.summary(of: "0002").description
                == "0002: 200x184x44 LPS, 1.75 x 1.75 x 4.5 mm, without 4")
        #expect(
            AbdomenPhantom.summary(of: "0001").description
                == "0001: 192x176x40 LPS, 1.875 x 1.875 x 5.0 mm")
    }
}

/// What the tests need of one case, gathered in one pass over its voxels.
private struct MeasuredCase: Sendable {
    struct Organ: Sendable {
        var count = 0
        var sum = SIMD3<Double>()
        var slices = 0
        var lastSlice = -1
        /// Voxels whose eight neighbours in the slice are of the same organ, and the sum of their values.
        var innerCount = 0
        var innerSum = 0.0
        var innerMean: Double { innerSum / Double(max(innerCount, 1)) }
    }

    let id: String
    let grid: Grid, labelGrid: Grid
    let imageDigest: String, labelDigest: String
    var organs = [Organ](repeating: Organ(), count: 14)
    var unknownLabels = 0
    var labelsOutsideBody = 0, labelsOutsideView = 0
    var range = Int16.max...Int16.max
    var cornersAreFill = true
    var airMean = 0.0
    var lungShare = 0.0
    var liverNoise = (deviation: 0.0, neighbour: 0.0)

    init(id: String, _ made: (image: Volume<Int16>, labels: Volume<UInt8>)) {
        self.id = id
        grid = made.image.grid
        labelGrid = made.labels.grid
        imageDigest = made.image.samples.withUnsafeBytes { ContentDigest.sha256(of: $0) }
        labelDigest = made.labels.samples.withUnsafeBytes { ContentDigest.sha256(of: $0) }
        made.image.samples.withUnsafeBufferPointer { image in
            made.labels.samples.withUnsafeBufferPointer { labels in measure(image, labels) }
        }
    }

    func center(of label: Int) -> WorldPosition? {
        let organ = organs[label]
        guard organ.count > 0 else { return nil }
        let mean = organ.sum / Double(organ.count)
        return grid.affine.world(at: VoxelPosition(i: mean.x, j: mean.y, k: mean.z))
    }

    private mutating func measure(
        _ image: UnsafeBufferPointer<Int16>, _ labels: UnsafeBufferPointer<UInt8>
    ) {
        let (nx, ny, nz) = (grid.shape.i, grid.shape.j, grid.shape.k)
        var (low, high) = (Int16.max, Int16.min)
        var (air, airCount, lung) = (0.0, 0, 0)
        var noise = NoiseSums()
        for k in 0..<nz {
            for (i, j) in [(0, 0), (nx - 1, 0), (0, ny - 1), (nx - 1, ny - 1)]
            where image[(k * ny + j) * nx + i] != -1024 { cornersAreFill = false }
            for j in 0..<ny {
                let row = (k * ny + j) * nx
                // The body of this row reaches from the first to the last voxel denser than air and lung.
                var (first, last) = (nx, -1)
                for i in 0..<nx {
                    let value = image[row + i]
                    low = min(low, value)
                    high = max(high, value)
                    if value > -300 {
                        first = min(first, i)
                        last = i
                    }
                }
                for i in 0..<nx {
                    let n = row + i
                    let (value, label) = (image[n], Int(labels[n]))
                    if label == 0 {
                        if value < -600 && i > first && i < last { lung += 1 }
                        // Beside the body, in the middle third of the picture, far from its skin.
                        if j > ny / 3 && j < ny / 2 && i > 2 && i < first - 4 && value != -1024 {
                            air += Double(value)
                            airCount += 1
                        }
                        continue
                    }
                    guard label <= 13 else {
                        unknownLabels += 1
                        continue
                    }
                    if i < first || i > last { labelsOutsideBody += 1 }
                    if value == -1024 && label != 7 { labelsOutsideView += 1 }
                    organs[label].count += 1
                    organs[label].sum += SIMD3(Double(i), Double(j), Double(k))
                    if organs[label].lastSlice != k {
                        organs[label].lastSlice = k
                        organs[label].slices += 1
                    }
                    guard i > 0 && i < nx - 1 && j > 0 && j < ny - 1 else { continue }
                    let isInner =
                        labels[n - 1] == label && labels[n + 1] == label
                        && labels[n - nx] == label && labels[n + nx] == label
                        && labels[n - nx - 1] == label && labels[n - nx + 1] == label
                        && labels[n + nx - 1] == label && labels[n + nx + 1] == label
                    guard isInner else { continue }
                    organs[label].innerCount += 1
                    organs[label].innerSum += Double(value)
                    if label == 6 { noise.add(Double(value), Double(image[n + 1])) }
                }
            }
        }
        range = low...high
        airMean = air / Double(max(airCount, 1))
        lungShare = Double(lung) / Double(image.count)
        liverNoise = (noise.deviation, noise.correlation)
    }

    /// Deviation of the liver's values and their correlation with the next voxel; cysts and large vessels left out.
    private struct NoiseSums {
        private var count = 0.0, sum = 0.0, square = 0.0
        private var nextSum = 0.0, nextSquare = 0.0, product = 0.0

        mutating func add(_ a: Double, _ b: Double) {
            guard a > 50 && a < 150 && b > 50 && b < 150 else { return }
            count += 1
            sum += a
            square += a * a
            nextSum += b
            nextSquare += b * b
            product += a * b
        }

        var deviation: Double { (square / count - sum / count * (sum / count)).squareRoot() }

        var correlation: Double {
            let next = (nextSquare / count - nextSum / count * (nextSum / count)).squareRoot()
            return (product / count - sum / count * (nextSum / count)) / (deviation * next)
        }
    }
}

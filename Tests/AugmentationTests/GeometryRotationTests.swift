import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Rotation") struct GeometryRotationTests {
    /// The hash of `make_rotations.py`.
    private func hash(_ image: [Float]) -> UInt64 {
        image.withUnsafeBufferPointer { image in
            guard var pixel = image.baseAddress else { return 0 }
            let end = pixel + image.count
            var sum: UInt64 = 0
            var weight: UInt64 = 0x9E37_79B9_7F4A_7C15
            while pixel < end {
                sum &+= UInt64(pixel.pointee) &* weight
                weight &+= 0x9E37_79B9_7F4A_7C15 &* 2
                pixel += 1
            }
            return sum
        }
    }

    @Test("nearest with black outside is scipy.ndimage.rotate of order 0, pixel by pixel")
    func scipy() throws {
        var pictures: [SampleExtent: [Float]] = [:]
        let lines = try World.fixture("scipy-rotations.tsv")
        for line in lines {
            let extent = SampleExtent(
                rows: try #require(Int(line[0])), columns: try #require(Int(line[1])))
            let degrees = try #require(Double(line[2]))
            let picture = pictures[extent] ?? (1...extent.planeCount).map(Float.init)
            pictures[extent] = picture
            var sample = AugmentationSample(extent: extent, image: picture)
            try Rotation(degrees: .fixed(degrees), interpolation: .nearest).apply(to: &sample)
            #expect(hash(sample.image) == UInt64(line[3], radix: 16), "\(line)")
        }
        #expect(lines.count == 162)
    }

    @Test("small rotations are SciPy's, and labels turn with the image")
    func scipyByHand() throws {
        let five = World.rows((0..<5).map { row in (0..<5).map { Float(row * 5 + $0) } })
        let turned = try World.after(Rotation(degrees: 20, interpolation: .nearest), five)
        #expect(
            World.rows(of: turned) == [
                [0, 0, 3, 4, 0], [0, 6, 7, 8, 0], [5, 11, 12, 13, 19], [0, 16, 17, 18, 24],
                [0, 20, 21, 0, 0],
            ])
        let linear = try World.after(Rotation(degrees: 20, interpolation: .linear), five)
        #expect(linear.labels == turned.image.map { UInt8($0) } && linear.image != turned.image)
        let four = World.rows([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])
        let back = try World.after(Rotation(degrees: -35, interpolation: .nearest), four)
        #expect(World.rows(of: back) == [[0, 2, 0, 0], [9, 6, 7, 4], [0, 0, 11, 0]])
        #expect(back.labels == [0, 2, 0, 0, 9, 6, 7, 4, 0, 0, 11, 0])
        #expect(back.instances == [0, 2, 0, 0, 9, 6, 7, 4, 0, 0, 11, 0])
    }

    @Test("linear with the border repeated is MONAI's rotation by the negative angle")
    func monai() throws {
        let lines = try World.fixture("monai-rotations.tsv").map {
            try $0.map { try #require(Double($0)) }
        }
        let picture = AugmentationSample(
            extent: SampleExtent(rows: 9, columns: 12), image: lines[0].dropFirst().map(Float.init))
        #expect(lines.count == 4)
        for line in lines.dropFirst() {
            let degrees = -line[0] * 180 / .pi
            let result = try World.after(
                Rotation(degrees: .fixed(degrees), interpolation: .linear, fill: .edge), picture)
            for (value, expected) in zip(result.image, line.dropFirst()) {
                #expect(abs(Double(value) - expected) < 5e-6)
            }
        }
    }

    @Test("90, 180 and 270 degrees are quarter turns to the last bit, linear or nearest")
    func rightAngles() throws {
        var random = RandomSource(seed: 31)
        for side in [1, 2, 5, 17, 64] {
            let image = (0..<side * side).map { _ in Float(random.unit()) }
            let picture = AugmentationSample(
                extent: SampleExtent(rows: side, columns: side), image: image,
                labels: image.map { UInt8($0 * 255) })
            for turns in -4...8 {
                let turned = try World.after(QuarterTurn(turns: .fixed(Double(turns))), picture)
                for interpolation in Interpolation.allCases {
                    let result = try World.after(
                        Rotation(degrees: .fixed(90 * Double(turns)), interpolation: interpolation),
                        picture)
                    #expect(result.image == turned.image && result.labels == turned.labels)
                }
            }
        }
    }

    @Test("sine and cosine are exact at multiples of 90 and agree with the C library elsewhere")
    func trigonometry() {
        for quarter in -9...9 {
            let degrees = Double(quarter) * 90
            #expect(DegreeTrigonometry.sine(degrees) == [0, 1, 0, -1][(quarter + 12) % 4])
            #expect(DegreeTrigonometry.cosine(degrees) == [1, 0, -1, 0][(quarter + 12) % 4])
        }
        // ten digits of tables
        #expect(abs(DegreeTrigonometry.sine(20) - 0.3420201433) < 1e-10)
        #expect(abs(DegreeTrigonometry.cosine(20) - 0.9396926208) < 1e-10)
        #expect(DegreeTrigonometry.tangent(45) == 1 && DegreeTrigonometry.tangent(-45) == -1)
        #expect(abs(DegreeTrigonometry.tangent(-60) + 1.7320508076) < 1e-10)
        for tenth in -8000...8000 {
            let degrees = Double(tenth) / 10
            let (s, c) = (DegreeTrigonometry.sine(degrees), DegreeTrigonometry.cosine(degrees))
            #expect(abs(s * s + c * c - 1) < 4e-16)
            #expect(s == -DegreeTrigonometry.sine(-degrees))
            #expect(abs(s - DegreeTrigonometry.cosine(degrees - 90)) < 2e-15)
            #expect(abs(s + DegreeTrigonometry.sine(degrees + 180)) < 2e-15)
        }
    }

    @Test("the fill lies outside: black, a constant, the border or the mirror image")
    func fills() throws {
        // a shift by one and a half widths shows the outside only
        let row = AugmentationSample(
            extent: SampleExtent(rows: 1, columns: 4), image: [1, 2, 3, 4], range: 7...9,
            labels: [1, 2, 3, 4])
        func shifted(_ fill: Fill) throws -> AugmentationSample {
            try World.after(
                AffineTransform(shiftX: 0.5, interpolation: .nearest, fill: fill), row)
        }
        #expect(try shifted(.black).image == [7, 7, 1, 2])
        #expect(try shifted(.constant(-2)).image == [-2, -2, 1, 2])
        #expect(try shifted(.edge).image == [1, 1, 1, 2])
        #expect(try shifted(.reflect).image == [3, 2, 1, 2])
        #expect(try shifted(.black).labels == [0, 0, 1, 2])
        #expect(try shifted(.constant(-2)).labels == [0, 0, 1, 2])
        #expect(try shifted(.edge).labels == [1, 1, 1, 2])
        #expect(try shifted(.reflect).labels == [3, 2, 1, 2])
    }

    @Test(
        "angles that are not drawn, endless or no number, and fills that are not finite, are errors"
    )
    func hostile() {
        let picture = World.rows([[1, 2], [3, 4]])
        let rotations = [
            Rotation(degrees: .uniform(-10, 10)), Rotation(degrees: .fixed(.nan)),
            Rotation(degrees: .fixed(1e300)), Rotation(degrees: .fixed(-1e7)),
            Rotation(degrees: 3, fill: .constant(.infinity)),
            Rotation(degrees: 3, fill: .constant(1e300)),
        ]
        for rotation in rotations {
            var sample = picture
            #expect(throws: AugmentationError.self) { try rotation.apply(to: &sample) }
            #expect(sample == picture)
        }
        var dark = picture
        dark.range = -Float.infinity...0
        #expect(throws: AugmentationError.self) { try Rotation(degrees: 3).apply(to: &dark) }
        #expect(
            throws: AugmentationError.parameter(
                transform: "rotation", name: "degrees", found: "10000000.0",
                expected: "-1000000.0...1000000.0")
        ) { try Rotation(degrees: 1e7).apply(to: &dark) }
        #expect(throws: AugmentationError.notDrawn(transform: "rotation")) {
            try Rotation(degrees: .uniform(0, 1)).apply(to: &dark)
        }
    }

    @Test("planes too long for the kernels are errors")
    func tooLong() {
        let extent = SampleExtent(rows: 1, columns: 300_000)
        let long = AugmentationSample(extent: extent, image: [Float](repeating: 0, count: 300_000))
        let transforms: [Transform] = [
            .flip(Flip(axis: .vertical)), .quarterTurn(QuarterTurn(turns: 1)),
            .rotation(Rotation(degrees: 1)), .affine(AffineTransform()),
        ]
        for transform in transforms {
            var sample = long
            #expect(throws: AugmentationError.self) { try transform.transform.apply(to: &sample) }
            #expect(throws: AugmentationError.self) {
                try DrawnAugmentation(transforms: [transform]).apply(to: &sample)
            }
        }
    }
}

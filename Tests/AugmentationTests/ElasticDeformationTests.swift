import Foundation
import MedicalImaging
import Testing

@testable import SampleAugmentation

// The numbers of the field come from an independent implementation in Python (Philox and the boxes with NumPy's 32-bit
// floats, in the same order of additions); the pictures from SciPy's `map_coordinates` on that field.
@Suite("Elastic deformation")
struct ElasticDeformationTests {
    static let seed: UInt64 = 7 << 32 | 12345
    let deformation = ElasticDeformation(amplitude: 1.5, smoothness: 2, seed: seed)

    /// 5 x 7 pixels, `13 i mod 29`.
    let picture = (0..<35).map { Float($0 * 13 % 29) }
    /// 5 x 7 pixels, `i / 3 mod 5`.
    let labels = (0..<35).map { UInt8($0 / 3 % 5) }

    @Test("a small field has the very bits of an independent implementation")
    func field() {
        let field = ElasticField(
            rows: 5, columns: 7, amplitude: 1.5, smoothness: 2, seed: Self.seed)
        #expect(
            field.x == [
                1.8320187, 0.86801034, 0.20746607, 0.36366245, 1.2018962, 2.1056895, 2.3856483,
                1.6701502, 0.7061569, 0.060646746, 0.23547103, 1.0814326, 1.9771737, 2.238144,
                1.5278776, 0.56538427, -0.061563075, 0.13484547, 0.98900366, 1.8737191, 2.1122906,
                1.578583, 0.6169745, -0.011854385, 0.1813826, 1.0338333, 1.9188745, 2.1604755,
                1.7560691, 0.7958846, 0.14672905, 0.31330094, 1.153215, 2.0484915, 2.3164418,
            ])
        #expect(
            field.y == [
                -0.72290397, -0.30072638, 0.162875, 0.33781412, 0.08758178, -0.40933737,
                -0.75607234, -0.8889353, -0.49200985, -0.023586636, 0.18196753, -0.034367375,
                -0.5199742, -0.88640064, -1.0202903, -0.6468146, -0.19912522, 0.0038889854,
                -0.19468954, -0.6558512, -1.009291, -0.9362732, -0.5518281, -0.11912283,
                0.055032145, -0.16519664, -0.6241284, -0.95316565, -0.75742775, -0.34312698,
                0.09510035, 0.24670847, -0.0075869253, -0.48607573, -0.8057133,
            ])
    }

    @Test("larger fields have the same bits, too, even with boxes wider than the picture")
    func bits() {
        for (rows, columns, amplitude, smoothness, seed, expected) in [
            (37, 50, 3.0, 6.5, (1 << 53) - 1, 0x6bee_0e3c_73bf_6a4c),
            (70, 23, 10.0, 40.0, 99, 0xd14f_f594_a657_6112),
        ] as [(Int, Int, Double, Double, UInt64, UInt64)] {
            let field = ElasticField(
                rows: rows, columns: columns, amplitude: amplitude, smoothness: smoothness,
                seed: seed)
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for value in field.x + field.y {
                for byte in 0..<4 {
                    hash ^= UInt64(value.bitPattern >> UInt32(8 * byte) & 0xff)
                    hash = hash &* 0x100_0000_01b3
                }
            }
            #expect(hash == expected, "\(rows) x \(columns)")
        }
    }

    @Test(
        "the displacements have the asked root mean square, and twice the smoothness halves their slope"
    )
    func amplitude() {
        var slopes: [Double] = []
        for smoothness in [4.0, 8.0, 16.0] {
            var slope = 0.0
            for seed in 0..<4 as Range<UInt64> {
                let field = ElasticField(
                    rows: 150, columns: 170, amplitude: 2.5, smoothness: smoothness, seed: seed)
                var squares = 0.0
                for (x, y) in zip(field.x, field.y) {
                    squares += Double(x) * Double(x) + Double(y) * Double(y)
                }
                let length = (squares / Double(field.x.count)).squareRoot()
                #expect(abs(length - 2.5) < 1e-5, "\(smoothness) \(seed)")
                for index in 1..<field.x.count where index % 170 > 0 {
                    let step = Double(field.x[index] - field.x[index - 1])
                    slope += step * step / 101_400
                }
            }
            slopes.append(slope.squareRoot())
            // for a Gaussian the slope is amplitude / (2 smoothness); the pictures are small, so within a quarter
            #expect(abs(slopes[slopes.count - 1] * 2 * smoothness / 2.5 - 1) < 0.25, "\(slopes)")
        }
        #expect(slopes[0] > 1.6 * slopes[1] && slopes[1] > 1.6 * slopes[2])
    }

    @Test(
        "the three boxes have the variance of the Gaussian and its shape within 6 percent of the peak"
    )
    func smoothing() {
        for smoothness in [1.0, 3.3, 10] {
            var line = [ElasticBox.Lanes](repeating: .init(), count: 201)
            var spare = line
            line[100][3] = 1
            line.withUnsafeMutableBufferPointer { line in
                spare.withUnsafeMutableBufferPointer {
                    ElasticBox(smoothness: smoothness).smooth(line, spare: $0)
                }
            }
            var (sum, variance) = (0.0, 0.0)
            let peak = 1 / (smoothness * (2 * Double.pi).squareRoot())
            for (index, value) in line.enumerated() {
                let place = Double(index - 100)
                let gaussian = peak * exp(-place * place / (2 * smoothness * smoothness))
                let weight = Double(value[3])
                #expect(value[2] == 0)
                #expect(abs(weight - gaussian) < max(0.06, smoothness == 1 ? 0.08 : 0) * peak)
                sum += weight
                variance += weight * place * place
            }
            #expect(abs(sum - 1) < 1e-5)
            // roundings of 1e-8 count 10,000 times at the ends of the line
            #expect(abs(variance - smoothness * smoothness) < 0.05)
        }
    }

    struct Border: CustomTestStringConvertible {
        var fill: Fill
        var image: [Float]
        var labels: [UInt8]?
        var testDescription: String { "\(fill)" }
    }

    static let borders: [Border] = [
        Border(
            fill: .reflect,
            image: [
                9.26524, 17.917065, 19.588608, 16.078868, 9.974978, 10.328382, 21.010862,
                19.997741, 13.809099, 2.33659, 16.546399, 11.921154, 9.216845, 20.358526, 8.78341,
                9.366593, 5.188508, 15.858028, 14.140375, 14.018247, 25.503058, 11.997579,
                12.921096, 8.713179, 19.318007, 17.959966, 16.673828, 4.754945, 12.157229,
                11.005079, 14.527076, 20.000351, 20.518211, 20.425308, 11.840215,
            ],
            labels: [
                3, 0, 0, 1, 1, 1, 3, 0, 3, 3, 3, 4, 1, 1, 3, 3, 0, 0, 1, 4, 3, 0, 0, 2, 3, 3, 1, 1,
                2, 0, 0, 0, 1, 1, 3,
            ]),
        Border(
            fill: .edge,
            image: [
                23.816244, 24.284134, 19.588608, 16.078868, 9.974978, 20.0, 20.0, 19.997741,
                13.809099, 2.33659, 16.546399, 11.921154, 21.920103, 20.454397, 8.78341, 9.366593,
                5.188508, 15.858028, 14.140375, 25.376595, 23.962836, 11.997579, 12.921096,
                8.713179, 19.318007, 17.959966, 18.60321, 26.829141, 12.157229, 11.005079,
                14.907478, 20.987185, 20.518211, 5.055697, 3.777147,
            ]),
        Border(
            fill: .constant(-5),
            image: [
                2.984867, 15.477623, 19.588608, 16.078868, 9.974978, -5.0, -5.0, 19.997741,
                13.809099, 2.33659, 16.546399, 11.921154, -4.385513, -5.0, 8.78341, 9.366593,
                5.188508, 15.858028, 14.140375, -1.164016, -5.0, 11.997579, 12.921096, 8.713179,
                19.318007, 17.959966, -3.085178, -5.0, 12.157229, 11.005079, 13.01427, 14.575926,
                20.518211, -5.0, -5.0,
            ],
            labels: [
                0, 0, 0, 1, 1, 0, 0, 0, 3, 3, 3, 4, 0, 0, 3, 3, 0, 0, 1, 0, 0, 0, 0, 2, 3, 3, 0, 0,
                2, 0, 0, 0, 1, 0, 0,
            ]),
    ]

    @Test("pictures and labels are those of SciPy under every border", arguments: borders)
    func oracle(_ border: Border) throws {
        var deformation = deformation
        deformation.fill = border.fill
        var sample = AugmentationSample(
            extent: SampleExtent(rows: 5, columns: 7), image: picture, labels: labels,
            instances: labels.map { UInt32($0) * 70_000 })
        try deformation.apply(to: &sample)
        for (value, expected) in zip(sample.image, border.image) {
            // 32-bit fractions times differences of up to 28, and six printed digits
            #expect(abs(value - expected) < 1e-5)
        }
        if let labels = border.labels { #expect(sample.labels == labels) }
        #expect(sample.instances == sample.labels?.map { UInt32($0) * 70_000 })
    }

    @Test("black is the black of the sample's range, and nearest takes the pixel that labels take")
    func blackAndNearest() throws {
        var (black, constant) = (deformation, deformation)
        black.fill = .black
        constant.fill = .constant(-5)
        let start = AugmentationSample(
            extent: SampleExtent(rows: 5, columns: 7), image: picture, range: -5...29)
        var (first, second) = (start, start)
        try black.apply(to: &first)
        try constant.apply(to: &second)
        #expect(first == second)
        var nearest = deformation
        nearest.interpolation = .nearest
        var sample = AugmentationSample(
            extent: SampleExtent(rows: 5, columns: 7), image: labels.map(Float.init),
            labels: labels)
        try nearest.apply(to: &sample)
        #expect(sample.image == sample.labels?.map(Float.init))
    }

    @Test("every plane is moved alike")
    func planes() throws {
        let plane = 19 * 33
        var random = RandomSource(seed: 2)
        var whole = AugmentationSample(
            extent: SampleExtent(channels: 2, slices: 3, rows: 19, columns: 33),
            image: (0..<(6 * plane)).map { _ in Float(random.unit()) },
            labels: (0..<(3 * plane)).map { _ in UInt8(random.index(below: 4)) })
        let before = whole
        let deformation = ElasticDeformation(amplitude: 2, smoothness: 5, seed: 4)
        try deformation.apply(to: &whole)
        for slice in 0..<3 {
            let map = slice * plane..<(slice + 1) * plane
            for channel in 0..<2 {
                let part = (channel * 3 + slice) * plane..<(channel * 3 + slice + 1) * plane
                var alone = AugmentationSample(
                    extent: SampleExtent(rows: 19, columns: 33), image: Array(before.image[part]),
                    labels: before.labels.map { Array($0[map]) })
                try deformation.apply(to: &alone)
                #expect(alone.image == Array(whole.image[part]))
                #expect(alone.labels == whole.labels.map { Array($0[map]) })
            }
        }
    }

    @Test("a point goes where the displacement leads back to it, within a hundredth of a pixel")
    func points() throws {
        for (smoothness, amplitude) in [(6.0, 2.0), (12.0, 6.0), (30.0, 12.0)] {
            for seed in 0..<10 as Range<UInt64> {
                let field = ElasticField(
                    rows: 80, columns: 90, amplitude: amplitude, smoothness: smoothness, seed: seed)
                for (x, y) in [(0.0, 0.0), (41.3, 17.8), (89, 79), (12.5, 60), (-20, 300)] {
                    let place = field.position(ofX: x, y: y)
                    let step = field.displacement(x: place.0, y: place.1)
                    let miss = hypot(place.0 + step.x - x, place.1 + step.y - y)
                    #expect(miss <= 0.01, "\(smoothness) \(seed) \(x) \(y): \(miss)")
                }
            }
        }
    }

    @Test("a point follows what it lies on, and the box of a label surrounds it")
    func together() throws {
        for seed in 0..<20 as Range<UInt64> {
            let extent = SampleExtent(rows: 64, columns: 72)
            var labels = [UInt8](repeating: 0, count: extent.labelCount)
            // a disc of radius 5 about (40, 30): its centre stays inside whatever the slope
            for row in 0..<64 {
                for column in 0..<72
                where (row - 30) * (row - 30) + (column - 40) * (column - 40) <= 25 {
                    labels[row * 72 + column] = 6
                }
            }
            var sample = AugmentationSample(
                extent: extent, image: labels.map(Float.init), labels: labels,
                points: [.init(PointPrompt(x: 40, y: 30))],
                boxes: [.init(BoxPrompt(x0: 35, y0: 25, x1: 45, y1: 35), around: .label(6))])
            try ElasticDeformation(amplitude: 4, smoothness: 9, seed: seed).apply(to: &sample)
            let point = sample.points[0].prompt
            let (row, column) = (
                Int((point.y + 0.5).rounded(.down)), Int((point.x + 0.5).rounded(.down))
            )
            let moved = try #require(sample.labels)
            #expect(moved[row * 72 + column] == 6, "seed \(seed)")
            #expect(point.x != 40 || point.y != 30)
            let places = moved.indices.filter { moved[$0] == 6 }
            let expected = BoxPrompt(
                x0: Float(places.map { $0 % 72 }.min() ?? -1),
                y0: Float(places.map { $0 / 72 }.min() ?? -1),
                x1: Float(places.map { $0 % 72 }.max() ?? -1),
                y1: Float(places.map { $0 / 72 }.max() ?? -1))
            #expect(sample.boxes[0].prompt == expected, "seed \(seed)")
        }
    }

    @Test("a quarter of the smoothness never folds the picture, whatever the seed")
    func folds() {
        for seed in 0..<40 as Range<UInt64> {
            let smoothness = [3.0, 8, 20][Int(seed % 3)]
            let field = ElasticField(
                rows: 96, columns: 96, amplitude: smoothness / 4, smoothness: smoothness, seed: seed
            )
            var least = Float.infinity
            for row in 0..<95 {
                for column in 0..<95 {
                    let here = row * 96 + column
                    let xx = 1 + field.x[here + 1] - field.x[here]
                    let xy = field.x[here + 96] - field.x[here]
                    let yx = field.y[here + 1] - field.y[here]
                    let yy = 1 + field.y[here + 96] - field.y[here]
                    least = min(least, xx * yy - xy * yx)
                }
            }
            #expect(least > 0, "seed \(seed)")
        }
    }

    @Test("an even picture stays even under edge and reflection, and amplitude 0 leaves every bit")
    func even() throws {
        for fill in [Fill.edge, .reflect] {
            let start = AugmentationSample(
                extent: SampleExtent(rows: 20, columns: 20),
                image: [Float](repeating: 0.3, count: 400))
            var sample = start
            try ElasticDeformation(amplitude: 9, smoothness: 9, seed: 1, fill: fill).apply(
                to: &sample)
            #expect(sample == start)
        }
        let start = AugmentationSample(extent: SampleExtent(rows: 5, columns: 7), image: picture)
        var sample = start
        try ElasticDeformation(amplitude: 0, smoothness: 9, seed: 1).apply(to: &sample)
        #expect(sample == start)
    }

    @Test(
        "pictures of one row, one column and one pixel pass", arguments: [(1, 1), (1, 40), (40, 1)])
    func thin(_ rows: Int, _ columns: Int) throws {
        for fill in [Fill.black, .edge, .reflect, .constant(0.5)] {
            var sample = AugmentationSample(
                extent: SampleExtent(rows: rows, columns: columns),
                image: [Float](repeating: 0.5, count: rows * columns),
                points: [.init(PointPrompt(x: 0, y: 0))])
            try ElasticDeformation(amplitude: 100, smoothness: 1000, seed: 1, fill: fill)
                .apply(to: &sample)
            #expect(sample.image.allSatisfy { fill == .black ? $0 >= 0 && $0 <= 0.5 : $0 == 0.5 })
        }
    }

    @Test("a drawn seed has 53 bits, survives JSON and replays")
    func drawing() throws {
        let jitter = ElasticDeformation(amplitude: .uniform(1, 3), smoothness: .uniform(5, 9))
        #expect(!jitter.isDrawn)
        let extent = SampleExtent(rows: 30, columns: 30)
        for seed in 0..<30 as Range<UInt64> {
            var random = RandomSource(seed: seed)
            let drawn = jitter.drawn(from: &random, extent: extent)
            #expect(drawn.isDrawn)
            #expect(try #require(drawn.seed) < 1 << 53)
            var twin = random
            #expect(drawn.drawn(from: &random, extent: extent) == drawn)
            #expect(random.next() == twin.next())
            let again = try JSONDecoder().decode(
                Transform.self, from: JSONEncoder().encode(Transform.elastic(drawn)))
            #expect(again == .elastic(drawn))
            #expect(drawn.inverse(extent: extent) == nil)
            #expect(drawn.extent(after: extent) == extent)
        }
        let largest = ElasticDeformation(amplitude: 1, smoothness: 1, seed: .max)
        #expect(
            try JSONDecoder().decode(
                ElasticDeformation.self, from: JSONEncoder().encode(largest)) == largest)
        let short = Data(#"{"transform": "elastic", "amplitude": 2, "smoothness": [4, 5]}"#.utf8)
        #expect(
            try JSONDecoder().decode(Transform.self, from: short)
                == .elastic(ElasticDeformation(amplitude: 2, smoothness: .uniform(4, 5))))
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(
                Transform.self, from: Data(#"{"transform": "elastic", "amplitude": 2}"#.utf8))
        }
    }

    @Test(
        "numbers out of bounds are errors, and the sample stays",
        arguments: [
            ElasticDeformation(amplitude: -1, smoothness: 5),
            ElasticDeformation(amplitude: 1001, smoothness: 1000),
            ElasticDeformation(amplitude: 1, smoothness: 0.5),
            ElasticDeformation(amplitude: 1, smoothness: 1e9),
            ElasticDeformation(amplitude: .fixed(.nan), smoothness: 5),
            ElasticDeformation(amplitude: 1, smoothness: .uniform(2, .infinity)),
            ElasticDeformation(amplitude: 6, smoothness: 5),
            ElasticDeformation(amplitude: 1, smoothness: 5, fill: .constant(1e300)),
        ])
    func hostile(_ deformation: ElasticDeformation) throws {
        var random = RandomSource(seed: 1)
        var sample = AugmentationSample(
            extent: SampleExtent(rows: 5, columns: 7), image: picture, labels: labels)
        let before = sample
        let drawn = deformation.drawn(from: &random, extent: sample.extent)
        let error = #expect(throws: AugmentationError.self) { try drawn.apply(to: &sample) }
        guard case .parameter("elastic", _, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(sample == before)
    }

    @Test("a range or a missing seed is an error")
    func notDrawn() throws {
        var sample = AugmentationSample(extent: SampleExtent(rows: 5, columns: 7), image: picture)
        for open in [
            ElasticDeformation(amplitude: 1, smoothness: 5),
            ElasticDeformation(amplitude: .uniform(1, 2), smoothness: 5, seed: 1),
        ] {
            #expect(throws: AugmentationError.notDrawn(transform: "elastic")) {
                try open.apply(to: &sample)
            }
        }
        #expect(sample.image == picture)
    }

    @Test("points that are no numbers or far away stop nothing")
    func wildPoints() throws {
        var sample = AugmentationSample(
            extent: SampleExtent(rows: 5, columns: 7), image: picture,
            points: [
                .init(PointPrompt(x: .nan, y: 1)), .init(PointPrompt(x: 1, y: -.infinity)),
                .init(PointPrompt(x: 3e38, y: 2)), .init(PointPrompt(x: -5000, y: 9000)),
            ])
        try deformation.apply(to: &sample)
        #expect(sample.points[0].prompt.x.isNaN)
        #expect(sample.points[2].prompt.x == 3e38)
        #expect(abs(sample.points[3].prompt.x + 5000) < 5)
    }
}

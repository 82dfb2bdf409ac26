internal import CImageKernels
import MedicalImaging
import Testing

@testable import SampleAugmentation

/// The kernels beside their slow twin, on every level this machine has.
@Suite("Image kernels") struct KernelTests {
    static let levels = (0...2).map(Int32.init)

    /// Does something on one level.
    static func at<Result>(level: Int32, _ body: () throws -> Result) rethrows -> Result {
        ik_set_thread_level(level)
        defer { ik_set_thread_level(-1) }
        return try body()
    }

    /// One world: two channels, a label map and an instance map, read through a view and perhaps a map.
    struct Case {
        var twin: KernelTwin
        var image: [Float]
        var labels: [UInt8]
        var instances: [UInt32]

        init(from random: inout RandomSource, side: Int, longSide: Int? = nil, mapped: Bool) {
            let rows = 1 + random.index(below: side)
            let columns = 1 + random.index(below: longSide ?? side)
            var view = PlaneView(rows: rows, columns: columns)
            for _ in 0..<random.index(below: 4) { view.turnCounterClockwise() }
            if random.index(below: 2) == 0 { view.flipColumns() }
            twin = KernelTwin(view: view.kernelView)
            if mapped { twin.map = Self.map(from: &random, rows: view.rows, columns: view.columns) }
            for _ in 0..<random.index(below: 4) {
                let isClipped = random.index(below: 2) == 0
                twin.steps.append(
                    ik_linear(
                        scale: Float(random.unit() * 2), shift: Float(random.unit() - 0.5),
                        low: isClipped ? 0.25 : -.infinity, high: isClipped ? 0.75 : .infinity))
            }
            let count = rows * columns
            image = (0..<2 * count).map { _ in Float(random.unit()) }
            labels = (0..<count).map { _ in UInt8(random.index(below: 256)) }
            instances = (0..<count).map { _ in random.next() }
        }

        /// A rotation with a scale about some point; now and then a wild one or a whole shift.
        static func map(from random: inout RandomSource, rows: Int, columns: Int) -> ik_map {
            let angle = Double(random.index(below: 721) - 360)
            let scale = [1, 1, 1, 0.3, 3, 400][random.index(below: 6)]
            let c = DegreeTrigonometry.cosine(angle) * scale
            let s = DegreeTrigonometry.sine(angle) * scale
            let far = [1.0, 1, 1, 30, 1e7][random.index(below: 5)]
            let (x, y) = (Double(columns - 1) * random.unit(), Double(rows - 1) * random.unit())
            var map = ik_map(
                xx: c, xy: -s, x0: (x - c * x + s * y) * far, yx: s, yy: c,
                y0: (y - s * x - c * y) * far, fill: Int32(random.index(below: 3)),
                fill_value: Float(random.unit()), linear: Int32(random.index(below: 2)))
            if random.index(below: 8) == 0 {
                (map.xx, map.xy, map.yx, map.yy) = (1, 0, 0, 1)
                map.x0 = Double(random.index(below: 5) - 2) / 2
                map.y0 = Double(random.index(below: 5) - 2) / 2
            }
            return map
        }

        /// What the kernels make of it, between guards that must stay as they are.
        func run(level: Int32) -> (image: [Float], labels: [UInt8], instances: [UInt32]) {
            ik_set_thread_level(level)
            defer { ik_set_thread_level(-1) }
            let guardSize = 64
            var view = twin.view
            var newImage = [Float](repeating: -77, count: image.count + 2 * guardSize)
            var newLabels = [UInt8](repeating: 77, count: labels.count + 2 * guardSize)
            var newInstances = [UInt32](repeating: 77, count: labels.count + 2 * guardSize)
            image.withUnsafeBufferPointer { image in
                labels.withUnsafeBufferPointer { labels in
                    instances.withUnsafeBufferPointer { instances in
                        newImage.withUnsafeMutableBufferPointer { newImage in
                            newLabels.withUnsafeMutableBufferPointer { newLabels in
                                newInstances.withUnsafeMutableBufferPointer { newInstances in
                                    twin.steps.withUnsafeBufferPointer { steps in
                                        var planes = ik_planes(
                                            image: image.baseAddress,
                                            image_result: newImage.baseAddress.map {
                                                $0 + guardSize
                                            },
                                            channels: 2, image_step: labels.count,
                                            labels: labels.baseAddress,
                                            labels_result: newLabels.baseAddress.map {
                                                $0 + guardSize
                                            },
                                            instances: instances.baseAddress,
                                            instances_result: newInstances.baseAddress.map {
                                                $0 + guardSize
                                            },
                                            steps: steps.baseAddress, step_count: steps.count)
                                        if var map = twin.map {
                                            ik_warp(&view, &map, &planes)
                                        } else {
                                            ik_copy(&view, &planes)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            #expect(
                (newImage.prefix(guardSize) + newImage.suffix(guardSize)).allSatisfy { $0 == -77 })
            #expect(
                (newLabels.prefix(guardSize) + newLabels.suffix(guardSize)).allSatisfy { $0 == 77 })
            #expect(
                (newInstances.prefix(guardSize) + newInstances.suffix(guardSize)).allSatisfy {
                    $0 == 77
                })
            return (
                Array(newImage.dropFirst(guardSize).dropLast(guardSize)),
                Array(newLabels.dropFirst(guardSize).dropLast(guardSize)),
                Array(newInstances.dropFirst(guardSize).dropLast(guardSize))
            )
        }

        func check(_ note: Comment) {
            let size = labels.count
            let image = twin.image(Array(image[..<size])) + twin.image(Array(image[size...]))
            let labels = twin.nearest(labels, outside: 0)
            let instances = twin.nearest(instances, outside: 0)
            for level in KernelTests.levels {
                let result = run(level: level)
                let same = zip(result.image, image).allSatisfy { $0.bitPattern == $1.bitPattern }
                #expect(same, "image, level \(level), \(note)")
                #expect(result.labels == labels, "labels, level \(level), \(note)")
                #expect(result.instances == instances, "instances, level \(level), \(note)")
            }
        }
    }

    @Test(
        "affine maps of small pictures have the bits of the twin, whatever the view, fill and steps"
    )
    func smallWarps() {
        var random = RandomSource(seed: 1)
        for number in 0..<300 {
            Case(from: &random, side: 40, mapped: true).check("case \(number)")
        }
    }

    @Test("affine maps of pictures wider than a tile have the bits of the twin")
    func wideWarps() {
        var random = RandomSource(seed: 2)
        for number in 0..<40 {
            Case(from: &random, side: 24, longSide: 700, mapped: true).check("case \(number)")
        }
    }

    @Test("a position a hair before the last pixel is rounded to it and reads nothing behind it")
    func lastPixel() {
        var random = RandomSource(seed: 5)
        var world = Case(from: &random, side: 1, mapped: true)
        let (rows, columns) = (18, 64)
        let view = PlaneView(rows: rows, columns: columns)
        let hair = -0x1p-40
        world.twin = KernelTwin(
            view: view.kernelView,
            map: ik_map(
                xx: 1, xy: 0, x0: hair, yx: 0, yy: 1, y0: hair,
                fill: Int32(ik_fill_value), fill_value: 0, linear: 1))
        // what lies behind the last column and the last row in memory is no number
        let plane = (0..<rows * columns).map {
            $0 % columns == 0 || $0 < columns ? Float.nan : Float($0)
        }
        world.image = plane + plane
        world.labels = [UInt8](repeating: 1, count: rows * columns)
        world.instances = [UInt32](repeating: 1, count: rows * columns)
        for level in Self.levels {
            let image = world.run(level: level).image
            for (value, expected) in zip(image, world.image) where expected == expected {
                #expect(value == expected)
            }
        }
    }

    @Test("flips and turns have the bits of the twin")
    func copies() {
        var random = RandomSource(seed: 3)
        for number in 0..<100 {
            Case(from: &random, side: 50, mapped: false).check("case \(number)")
        }
    }

    @Test("linear steps round product and sum, clip, and leave what is not a number")
    func linear() {
        var random = RandomSource(seed: 4)
        for count in 0..<70 {
            var twin = Case(from: &random, side: 2, mapped: false).twin
            twin.steps.append(ik_linear(scale: 1.1, shift: -0.3, low: 0, high: 0.5))
            let values = (0..<count).map { _ in Float(random.unit()) }
            for level in Self.levels {
                ik_set_thread_level(level)
                var result = values
                ik_apply_linear(&result, result.count, twin.steps, twin.steps.count)
                #expect(result == values.map(twin.stepped))
                var strange: [Float] = [.nan, .infinity, -.infinity]
                ik_apply_linear(&strange, 3, [twin.steps[twin.steps.count - 1]], 1)
                #expect(strange[0].isNaN && strange[1] == 0.5 && strange[2] == 0)
                // equal to the bound, the bound is taken, as Swift.max does
                var zero: [Float] = [-0.0]
                ik_apply_linear(&zero, 1, [ik_linear(scale: 1, shift: -0.0, low: 0, high: 1)], 1)
                #expect(zero[0].sign == .plus)
            }
            ik_set_thread_level(-1)
        }
    }

    @Test("a thread can be held at every level below the highest")
    func levels() {
        for level in 0...ik_highest_level() {
            ik_set_thread_level(level)
            #expect(ik_level() == level)
        }
        ik_set_thread_level(99)
        #expect(ik_level() == ik_highest_level())
        ik_set_thread_level(-1)
        #expect(ik_level() == ik_highest_level())
    }
}

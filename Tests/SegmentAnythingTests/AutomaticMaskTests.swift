import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// Automatic masks on a small model with weights of the rule.
@Suite struct AutomaticMaskTests {
    /// Options under which every rule has something to do: random weights give logits of small spread, so the mask is cut high and
    /// its stability asked close by.
    static func options() -> AutomaticMaskOptions {
        var options = AutomaticMaskOptions()
        options.pointsPerSide = 5
        options.pointsPerBatch = 7
        options.maskThreshold = 0.9
        options.stabilityOffset = 0.1
        options.predictedIoUThreshold = 0
        options.stabilityThreshold = 0.05
        options.boxOverlap = 0.6
        return options
    }

    static func found(
        _ change: (inout AutomaticMaskOptions) -> Void = { _ in }
    ) throws -> [AutomaticMask] {
        var options = options()
        change(&options)
        return try AutomaticMaskGenerator(model: try PredictorTests.model(), options: options)
            .masks(of: PredictorTests.picture)
    }

    @Test func `the masks are those that single points give, filtered by rule`() throws {
        var options = Self.options()
        options.predictedIoUThreshold = 0.01
        let model = try PredictorTests.model()
        let encoded = try model.encode(PredictorTests.picture)
        let upscaling = MaskUpscaling(frame: encoded.frame, side: 64)
        var all: [AutomaticMask] = []
        var left: [AutomaticMask] = []
        let crop = PictureCrop(x0: 0, y0: 0, x1: 120, y1: 90)
        for n in 0..<25 {
            let point = PointPrompt(
                x: Float((Double(n % 5) + 0.5) / 5 * 120), y: Float((Double(n / 5) + 0.5) / 5 * 90))
            let answer = try encoded.predictLowResolution(
                [SAMPrompt(points: [point])], output: .multiple)[0]
            for mask in 0..<3 {
                let logits = upscaling.logits(answer.logits(of: mask)).values
                let slice = LabelSlice(
                    rows: 90, columns: 120, samples: logits.map { $0 > 0.9 ? 1 : 0 })
                let (inner, outer) = (
                    logits.count { $0 > Float(0.9) + 0.1 }, logits.count { $0 > Float(0.9) - 0.1 }
                )
                let runs = RunLengthMask(of: slice, label: 1)
                let found = AutomaticMask(
                    mask: runs, box: runs.inclusiveBox, predictedIoU: answer.predictedIoU[mask],
                    stability: Float(inner) / Float(outer), point: point, crop: crop)
                all.append(found)
                // Empty at both thresholds is no number and not at least anything.
                if found.predictedIoU > 0.01, found.stability >= 0.05 { left.append(found) }
            }
        }
        #expect(!left.isEmpty && left.count < all.count)
        var expected: [AutomaticMask] = []
        while let best = left.map(\.predictedIoU).max() {
            let one = left.remove(at: left.firstIndex { $0.predictedIoU == best } ?? 0)
            if !expected.contains(where: { BoxSuppression.overlap($0.box, one.box) > 0.6 }) {
                expected.append(one)
            }
        }
        let found = try AutomaticMaskGenerator(model: model, options: options)
            .masks(of: PredictorTests.picture)
        #expect(found == expected)
        #expect(expected.count > 2 && expected.count < all.count / 3)
    }

    @Test func `stricter thresholds give fewer masks, and those that stay pass them`() throws {
        let all = try Self.found {
            $0.predictedIoUThreshold = 0
            $0.stabilityThreshold = 0
            $0.boxOverlap = 1
        }
        // Nothing is filtered but equal boxes cannot be above 1.
        #expect(all.count == 75)
        var last = all.count
        #expect(all.filter { $0.stability < 0.3 }.count > 10)
        for threshold: Float in [0.05, 0.1, 0.2, 0.3] {
            let found = try Self.found {
                $0.predictedIoUThreshold = 0
                $0.stabilityThreshold = threshold
                $0.boxOverlap = 1
            }
            #expect(found.allSatisfy { $0.stability >= threshold })
            #expect(found.count <= last)
            last = found.count
        }
        let middle = all[10].predictedIoU
        let better = try Self.found {
            $0.predictedIoUThreshold = middle
            $0.stabilityThreshold = 0
            $0.boxOverlap = 1
        }
        #expect(better.allSatisfy { $0.predictedIoU > middle } && better.count == 10)
    }

    @Test func `neither batches, nor threads, nor a stored embedding change anything`() throws {
        let masks = try Self.found()
        #expect(!masks.isEmpty)
        for batch in [1, 3, 25, 64] {
            #expect(try Self.found { $0.pointsPerBatch = batch } == masks)
        }
        let model = try PredictorTests.model()
        let encoded = try model.encode(PredictorTests.picture)
        ParallelRange.threads = 1
        defer { ParallelRange.threads = 0 }
        #expect(
            try AutomaticMaskGenerator(model: model, options: Self.options())
                .masks(of: PredictorTests.picture, encoded: encoded) == masks)
    }

    @Test func `crops answer at their place, and the smaller ones win`() throws {
        var options = Self.options()
        options.cropLayers = 1
        options.cropPointsDivisor = 2
        options.pointsPerSide = 9
        options.maskThreshold = 1.1
        options.stabilityThreshold = 0
        let size = SliceSize(rows: 330, columns: 410)
        let picture = InputImage(
            rows: 330, columns: 410,
            rgb: (0..<330 * 410 * 3).map {
                UInt8(truncatingIfNeeded: $0 / 3 % 410 * ($0 % 3 + 1) / 2 + $0 / 4000)
            })
        var steps: [Int] = []
        let masks = try AutomaticMaskGenerator(
            model: try PredictorTests.model(), options: options
        ).masks(of: picture) { done, total in
            #expect(total == 81 + 4 * 16)
            steps.append(done)
        }
        #expect(steps.last == 145 && zip(steps, steps.dropFirst()).allSatisfy(<))
        let layers = masks.map(\.crop.layer)
        #expect(layers == layers.sorted(by: >) && Set(layers) == [0, 1])
        for mask in masks where mask.area > 0 {
            #expect(mask.mask.rows == 330 && mask.mask.columns == 410)
            #expect(mask.box == mask.mask.inclusiveBox)
            let crop = mask.crop
            #expect(mask.box.x0 >= Float(crop.x0) && mask.box.y0 >= Float(crop.y0))
            #expect(mask.box.x1 < Float(crop.x1) && mask.box.y1 < Float(crop.y1))
            #expect((Float(crop.x0)..<Float(crop.x1)).contains(mask.point.x))
            #expect((Float(crop.y0)..<Float(crop.y1)).contains(mask.point.y))
            let local = BoxPrompt(
                x0: mask.box.x0 - Float(crop.x0), y0: mask.box.y0 - Float(crop.y0),
                x1: mask.box.x1 - Float(crop.x0), y1: mask.box.y1 - Float(crop.y0))
            #expect(!crop.cuts(local, of: size))
        }
        for (n, a) in masks.enumerated() {
            for b in masks[(n + 1)...] {
                #expect(!(BoxSuppression.overlap(a.box, b.box) > 0.7))
            }
        }
        // One of a crop, asked there: the crop's own picture and point.
        let one = try #require(masks.first { $0.crop.layer == 1 && $0.area > 0 })
        let crop = try PredictorTests.model().encode(one.crop.cut(picture))
        let answers = try crop.predict(
            .point(x: one.point.x - Float(one.crop.x0), y: one.point.y - Float(one.crop.y0)),
            output: .multiple, threshold: 1.1)
        let answer = try #require(answers.first { $0.predictedIoU == one.predictedIoU })
        #expect(one.crop.place(answer.mask, in: size) == one.mask.slice())
    }

    @Test func `the clean-up leaves no small region`() throws {
        let masks = try Self.found { $0.smallestRegion = 12 }
        #expect(!masks.isEmpty)
        for mask in masks {
            #expect(SmallRegions.cleaned(mask.mask.slice(), below: 12) == nil || mask.area < 12)
            #expect(mask.box == mask.mask.inclusiveBox)
        }
        let plain = try Self.found()
        #expect(masks.map(\.mask) != plain.map(\.mask))
    }

    @Test func `a picture too thin for the model is refused`() throws {
        let thin = InputImage(
            grey: Slice(rows: 1, columns: 2000, samples: .init(repeating: 7, count: 2000)))
        #expect(throws: SAMError.self) {
            try AutomaticMaskGenerator(model: try PredictorTests.model(), options: Self.options())
                .masks(of: thin)
        }
    }
}

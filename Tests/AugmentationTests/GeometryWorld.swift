import Foundation
import MedicalImaging

@testable import SampleAugmentation

/// Small pictures for the tests of the geometry.
enum World {
    /// Pixels counted from 1 row by row, with the same numbers as labels and as instances.
    static func counting(
        channels: Int = 1, slices: Int = 1, rows: Int, columns: Int
    ) -> AugmentationSample {
        let extent = SampleExtent(channels: channels, slices: slices, rows: rows, columns: columns)
        return AugmentationSample(
            extent: extent, image: (1...extent.imageCount).map(Float.init),
            labels: (1...extent.labelCount).map { UInt8(truncatingIfNeeded: $0) },
            instances: (1...extent.labelCount).map(UInt32.init))
    }

    /// A picture given by its rows, its whole numbers also as labels.
    static func rows(_ rows: [[Float]]) -> AugmentationSample {
        let values = rows.flatMap { $0 }
        return AugmentationSample(
            extent: SampleExtent(rows: rows.count, columns: rows[0].count), image: values,
            labels: values.map { UInt8($0) }, instances: values.map { UInt32($0) })
    }

    /// Noise, a map with a few labels, points and boxes.
    static func random(from random: inout RandomSource, side: Int) -> AugmentationSample {
        let extent = SampleExtent(
            channels: 1 + random.index(below: 3), slices: 1 + random.index(below: 3),
            rows: 1 + random.index(below: side), columns: 1 + random.index(below: side))
        func pick(_ bound: Int) -> Int { random.index(below: bound) }
        var sample = AugmentationSample(
            extent: extent, image: (0..<extent.imageCount).map { _ in Float(random.unit()) },
            labels: pick(4) == 0 ? nil : (0..<extent.labelCount).map { _ in UInt8(pick(4)) },
            instances: pick(2) == 0
                ? nil : (0..<extent.labelCount).map { _ in UInt32(pick(3)) * 70_000 })
        for _ in 0..<3 {
            let (x, y) = (Float(pick(extent.columns)), Float(pick(extent.rows)))
            let (right, down) = (Float(pick(5)), Float(pick(5)))
            let slice = pick(extent.slices)
            sample.points.append(.init(PointPrompt(x: x, y: y), slice: slice))
            let objects: [AugmentationSample.Box.Object] = [
                .label(1), .label(UInt8(pick(6))), .instance(70_000), .unknown,
            ]
            sample.boxes.append(
                .init(
                    BoxPrompt(x0: x, y0: y, x1: x + right, y1: y + down),
                    around: objects[pick(4)], slice: slice))
        }
        return sample
    }

    /// The rows of a picture.
    static func rows(of sample: AugmentationSample) -> [[Float]] {
        stride(from: 0, to: sample.image.count, by: sample.extent.columns).map {
            Array(sample.image[$0..<($0 + sample.extent.columns)])
        }
    }

    /// The sample after one transform.
    static func after(
        _ transform: some SampleTransform, _ sample: AugmentationSample
    ) throws -> AugmentationSample {
        var result = sample
        try transform.apply(to: &result)
        return result
    }

    /// The lines of a fixture that are no comments, their columns apart.
    static func fixture(_ name: String) throws -> [[String]] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/augmentation/\(name)")
        let text = try String(contentsOf: file, encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: "\t").map(String.init)
        }
    }
}

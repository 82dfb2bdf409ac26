import Foundation
import MedicalImaging
import NIfTI

/// Volumes made for the tests.
enum Samples {
    static let affine = Affine(values: [0, 0.8, 0, -20, -0.7, 0, 0, 33.5, 0, 0, -2.5, 60])

    /// A volume of 5 x 4 x 3 whose bytes are a fixed mixture.
    static func volume<Sample: VoxelSample>(
        of _: Sample.Type, affine: Affine = affine
    ) -> Volume<Sample> {
        let shape = GridShape(5, 4, 3)
        var samples = [Sample](unsafeUninitializedCapacity: shape.count) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            for index in 0..<raw.count { raw[index] = UInt8(truncatingIfNeeded: index * 37 + 11) }
            count = shape.count
        }
        samples.sort()
        return Volume(grid: Grid(shape: shape, affine: affine), samples: samples)
    }

    static func write(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
}

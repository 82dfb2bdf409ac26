import Foundation
import HDF5
import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// Pictures on their way into the model, against Pillow and numpy.
@Suite struct PreprocessingTests {
    static let mean: [Float] = [123.675, 116.28, 103.53]
    static let deviation: [Float] = [58.395, 57.12, 57.375]

    @Test(
        .enabled(if: SAMOracle.isPresent),
        arguments: [
            "ct_slice", "down_odd", "extreme_values", "histology_1000", "noise_down", "one_pixel",
            "same_size", "tall", "thin", "up_wide",
        ])
    func `a picture is resized to the byte and normalised to the last bits`(name: String) throws {
        let file = try SAMOracle.open("preprocess.h5")
        let size = try file.integers("original_hw", at: name)
        let target = try file.integers("target", at: name)[0]
        let preprocessing = Preprocessing(
            modelSize: target, mean: Self.mean, deviation: Self.deviation)
        let image = InputImage(
            rows: size[0], columns: size[1],
            rgb: try file.readArray(name + "/image_u8", as: UInt8.self))
        let resized = try preprocessing.resized(image)
        #expect(
            [resized.size.rows, resized.size.columns]
                == (try file.integers("resized_hw", at: name)))
        #expect(resized.samples == (try file.readArray(name + "/resized_u8", as: UInt8.self)))

        let (input, frame) = try preprocessing(image)
        #expect(input.shape == [1, 3, target, target])
        #expect(frame.original == image.size && frame.resized == resized.size)
        let values = input.values
        if try file.exists(name + "/model_input") {
            try Self.expect(
                values, equalTo: file.readArray(name + "/model_input", as: Float.self))
        } else {
            let expected = try file.tensor(name + "/model_input_strided")
            let (rows, columns) = (expected.shape[1], expected.shape[2])
            let strided = (0..<expected.count).map { index in
                let (plane, cell) = (index / (rows * columns), index % (rows * columns))
                return values[
                    (plane * target + cell / columns * 16) * target + cell % columns * 16]
            }
            try Self.expect(strided, equalTo: expected.values)
        }
        let sum = values.reduce(into: 0.0) { $0 += Double($1) }
        let total = try file.number("model_input_sum_float64", at: name)
        #expect(
            abs(sum - total) <= 1e-7 * values.reduce(into: 0.0) { $0 += Double(abs($1)) } + 1e-6)

        let points = try file.readArray(name + "/points_xy", as: Double.self)
        let modelPoints = try file.readArray(name + "/points_model_frame", as: Double.self)
        let boxes = try file.readArray(name + "/boxes_xyxy", as: Double.self)
        let modelBoxes = try file.readArray(name + "/boxes_model_frame", as: Double.self)
        // A box is two positions.
        let pairs = zip(points + boxes, modelPoints + modelBoxes).map { ($0, $1) }
        for index in Swift.stride(from: 0, to: pairs.count, by: 2) {
            let found = frame.modelPosition(x: pairs[index].0, y: pairs[index + 1].0)
            #expect(abs(found.x - pairs[index].1) <= 1e-12 * max(1, abs(found.x)))
            #expect(abs(found.y - pairs[index + 1].1) <= 1e-12 * max(1, abs(found.y)))
        }
    }

    @Test(.enabled(if: SAMOracle.isPresent))
    func `the sizes after resizing are those of the reference's table`() throws {
        let file = try SAMOracle.open("preprocess.h5")
        let sizes = try file.readArray("/shape_table/h_w_target", as: Int64.self).map { Int($0) }
        let resized = try file.readArray("/shape_table/new_h_w", as: Int64.self).map { Int($0) }
        #expect(sizes.count / 3 == resized.count / 2)
        for row in 0..<sizes.count / 3 {
            let original = SliceSize(rows: sizes[3 * row], columns: sizes[3 * row + 1])
            let expected = SliceSize(rows: resized[2 * row], columns: resized[2 * row + 1])
            let target = sizes[3 * row + 2]
            #expect(original.longestSide(target) == expected)
            // A frame refuses what the reference would fail on later.
            let frame = try? InputFrame(original: original, modelSize: target)
            #expect(frame?.resized == (expected.isEmpty ? nil : expected))
        }
    }

    /// Within one unit in the last place of the larger terms of the subtraction.
    static func expect(_ found: [Float], equalTo expected: [Float]) throws {
        #expect(found.count == expected.count)
        let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(largest <= 2.4e-7)
    }

    @Test func `a grey picture is the same as three equal colours`() throws {
        let preprocessing = Preprocessing(
            modelSize: 32, mean: Self.mean, deviation: Self.deviation)
        let grey = (0..<20 * 11).map { UInt8(truncatingIfNeeded: $0 * 37) }
        let one = try preprocessing(
            InputImage(grey: Slice(rows: 20, columns: 11, samples: grey)))
        let three = try preprocessing(
            InputImage(rows: 20, columns: 11, rgb: grey.flatMap { [$0, $0, $0] }))
        #expect(one.input.values == three.input.values)
        #expect(one.frame == three.frame)
    }

    @Test func `padding is 0 after normalisation and black pixels are not`() throws {
        let preprocessing = Preprocessing(
            modelSize: 4, mean: Self.mean, deviation: Self.deviation)
        let (input, frame) = try preprocessing(
            InputImage(rows: 2, columns: 4, rgb: [UInt8](repeating: 0, count: 24)))
        #expect(frame.resized == SliceSize(rows: 2, columns: 4))
        let values = input.values
        for colour in 0..<3 {
            let plane = values[colour * 16..<colour * 16 + 16]
            let black = -Self.mean[colour] / Self.deviation[colour]
            #expect(plane.prefix(8).allSatisfy { $0 == black })
            #expect(plane.suffix(8).allSatisfy { $0 == 0 })
        }
    }

    @Test func `pictures without pixels and those too thin to keep any are refused`() {
        #expect(throws: SAMError.self) {
            try InputFrame(original: SliceSize(rows: 0, columns: 5), modelSize: 64)
        }
        let error = #expect(throws: SAMError.self) {
            try InputFrame(original: SliceSize(rows: 1, columns: 1000), modelSize: 64)
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("1 x 1000"))
    }

    @Test func `a frame is the same after it was written and read`() throws {
        let frame = try InputFrame(
            original: SliceSize(rows: 301, columns: 517), modelSize: 256)
        let data = try JSONEncoder().encode(frame)
        #expect(try JSONDecoder().decode(InputFrame.self, from: data) == frame)
        for text in [
            #"{"originalSize":[-1,4],"modelSize":64}"#, #"{"originalSize":[4],"modelSize":64}"#,
            #"{"originalSize":[4,4],"modelSize":0}"#,
            #"{"originalSize":[9223372036854775807,4],"modelSize":64}"#,
        ] {
            #expect(throws: (any Error).self) {
                try JSONDecoder().decode(InputFrame.self, from: Data(text.utf8))
            }
        }
    }
}

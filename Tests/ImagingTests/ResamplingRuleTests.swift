import MedicalImaging
import Testing

/// Vectors worked out by hand or published with the recipes, and laws that hold for every size.
@Suite struct ResamplingRuleTests {
    // MARK: - Sizes

    @Test(
        "SAM's longest side rounds the shorter one half up",
        arguments: [
            (512, 512, 1024, 1024), (600, 800, 768, 1024), (300, 200, 1024, 683),
            (1000, 1000, 1024, 1024), (2048, 3, 1024, 2), (5000, 1, 1024, 0), (0, 9, 0, 9),
        ])
    func longestSide(rows: Int, columns: Int, newRows: Int, newColumns: Int) {
        let size = SliceSize(rows: rows, columns: columns).longestSide(1024)
        #expect(size == SliceSize(rows: newRows, columns: newColumns))
    }

    @Test("A zoomed length is rounded with halves to even, as Python rounds")
    func zoomedLength() {
        let size = SliceSize(rows: 5, columns: 7)
        #expect(size.zoomed(rowFactor: 0.5, columnFactor: 0.5) == SliceSize(rows: 2, columns: 4))
        #expect(
            SliceSize(square: 512).zoomed(rowFactor: 224.0 / 512, columnFactor: 0.25)
                == SliceSize(rows: 224, columns: 128))
    }

    // MARK: - Zoom

    private static let powers = Slice<Float>(
        rows: 4, columns: 4, samples: (0..<16).map { Float($0) * Float($0).squareRoot() })

    @Test("A cubic zoom of 4 x 4 to 6 x 6 gives the published rows")
    func cubicVector() {
        let result = SplineZoom.zoom(Self.powers, to: SliceSize(square: 6)).samples
        let first: [Float] = [0, 0.443, 1.283, 2.3265, 4.0638, 5.1962]
        let last: [Float] = [41.5692, 44.083, 48.0473, 51.1427, 55.3751, 58.0948]
        // Half a unit of the fourth decimal, the precision of the published numbers.
        for column in 0..<6 {
            #expect(abs(result[column] - first[column]) <= 6e-5)
            #expect(abs(result[30 + column] - last[column]) <= 6e-5)
        }
    }

    @Test("A cubic zoom to 2 x 2 keeps the four corners")
    func corners() {
        let result = SplineZoom.zoom(Self.powers, to: SliceSize(square: 2)).samples
        for (value, index) in zip(result, [0, 3, 12, 15]) {
            #expect(abs(value - Self.powers.samples[index]) <= 1e-5)
        }
    }

    @Test("A label zoom of max(i, j) gives the published rows")
    func labelVector() {
        let labels = LabelSlice(
            rows: 4, columns: 4, samples: (0..<16).map { UInt8(max($0 / 4, $0 % 4)) })
        let result = SplineZoom.zoomLabels(labels, to: SliceSize(square: 6))
        let rows = (0..<6).map { row in (0..<6).map { "\(result[row, $0])" }.joined() }
        #expect(rows == ["011223", "111223", "111223", "222223", "222223", "333333"])
    }

    @Test("SciPy's nearest indices are the published ones")
    func zoomIndices() {
        let rule = NearestRule.scipyZoom
        #expect(
            rule.indices(from: 512, to: 224).prefix(12) == [
                0, 2, 5, 7, 9, 11, 14, 16, 18, 21, 23, 25,
            ])
        #expect(
            rule.indices(from: 224, to: 512).prefix(12) == [0, 0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5])
        #expect(rule.indices(from: 512, to: 128).prefix(4) == [0, 4, 8, 12])
        #expect(rule.indices(from: 512, to: 128).last == 511)
    }

    @Test("512 to 224 blanks the last row and column as SciPy does, unless told otherwise")
    func blankEdge() {
        let ones = Slice<Float>(
            rows: 512, columns: 512, samples: [Float](repeating: 1, count: 512 * 512))
        let labels = LabelSlice(
            rows: 512, columns: 512, samples: [UInt8](repeating: 7, count: 512 * 512))
        let size = SliceSize(square: 224)
        for order in [SplineZoom.Order.nearest, .linear, .cubic] {
            let scipy = SplineZoom.zoom(ones, to: size, order: order)
            let clamped = SplineZoom.zoom(ones, to: size, order: order, edge: .clamped)
            for index in 0..<224 {
                #expect(scipy[223, index] == 0 && scipy[index, 223] == 0)
                #expect(
                    abs(clamped[223, index] - 1) <= 1e-6 && abs(clamped[index, 223] - 1) <= 1e-6)
            }
            #expect(abs(scipy[222, 222] - 1) <= 1e-6)
        }
        #expect(SplineZoom.zoomLabels(labels, to: size)[223, 100] == 0)
        #expect(SplineZoom.zoomLabels(labels, to: size, edge: .clamped)[223, 223] == 7)
        #expect(NearestRule.scipyZoom.indices(from: 512, to: 224).last == .some(nil))
    }

    @Test("A cubic zoom by whole steps keeps every sample", arguments: [2, 3, 9, 40])
    func interpolates(length: Int) {
        let slice = Noise.real(SliceSize(rows: length, columns: length + 3), seed: 11)
        let fine = SplineZoom.zoom(
            slice, to: SliceSize(rows: 4 * (length - 1) + 1, columns: 2 * (length + 2) + 1),
            edge: .clamped)
        for row in 0..<length {
            for column in 0..<(length + 3) {
                #expect(abs(fine[4 * row, 2 * column] - slice[row, column]) <= 1e-6)
            }
        }
    }

    @Test("A zoom to the same size changes nothing")
    func sameSize() {
        let slice = Noise.real(SliceSize(rows: 6, columns: 9), seed: 2)
        let grey = Noise.grey(SliceSize(rows: 6, columns: 9), seed: 2)
        for rule in SliceResampling.allCases {
            #expect(slice.resized(to: slice.size, by: rule) == slice)
            #expect(grey.resized(to: slice.size, by: rule) == grey)
            #expect(grey.resizedLabels(to: slice.size, by: rule) == grey)
        }
    }

    // MARK: - Rules for labels

    @Test("Every image rule has the label rule of its own library")
    func labelRules() {
        #expect(SliceResampling.pillowBilinear.labelRule == .pillow)
        #expect(SliceResampling.splineZoom.labelRule == .scipyZoom)
        #expect(SliceResampling.scikit.labelRule == .scikit)
        #expect(SliceResampling.nearest.labelRule == .pillow)
    }

    @Test("The three nearest rules differ where they should")
    func threeRules() {
        // 4 to 2: centres lie at 1 and 3, corners at 0 and 3.
        #expect(NearestRule.pillow.indices(from: 4, to: 2) == [1, 3])
        #expect(NearestRule.scikit.indices(from: 4, to: 2) == [1, 3])
        #expect(NearestRule.scipyZoom.indices(from: 4, to: 2) == [0, 3])
        // 2 to 7: the centre of output pixel 3 is the border of the two input pixels.
        #expect(NearestRule.pillow.indices(from: 2, to: 7) == [0, 0, 0, 0, 1, 1, 1])
        #expect(NearestRule.scikit.indices(from: 2, to: 7) == [0, 0, 0, 1, 1, 1, 1])
        #expect(NearestRule.scipyZoom.indices(from: 2, to: 7) == [0, 0, 0, 1, 1, 1, 1])
    }

    @Test(
        "Centred rules pick the exact pixel, and may err only on an exact tie",
        arguments: [NearestRule.pillow, .scikit])
    func exactOrTie(rule: NearestRule) {
        for length in 1...90 {
            for newLength in 1...90 {
                for (index, picked) in rule.indices(from: length, to: newLength).enumerated() {
                    let product = (2 * index + 1) * length
                    let exact = product / (2 * newLength)
                    let isTie = product % (2 * newLength) == 0
                    let isRight = picked == exact || (isTie && picked == exact - 1)
                    if !isRight { Issue.record("\(length) to \(newLength) at \(index)") }
                }
            }
        }
    }

    @Test(
        "Every rule gives indices inside the image and in rising order",
        arguments: NearestRule.allCases)
    func indicesRise(rule: NearestRule) {
        for length in 1...60 {
            for newLength in 1...200 {
                let indices = rule.indices(from: length, to: newLength)
                let found = indices.compactMap { $0 }
                let isRising = zip(found, found.dropFirst()).allSatisfy { $0 <= $1 }
                let isInside = found.allSatisfy { $0 >= 0 && $0 < length }
                // Only SciPy's last position may fall outside.
                let isWhole = found.count >= newLength - (rule == .scipyZoom ? 1 : 0)
                if !(isRising && isInside && isWhole && indices.count == newLength) {
                    Issue.record("\(length) to \(newLength)")
                }
            }
        }
    }

    // MARK: - Laws

    @Test(
        "Empty slices give zeros and empty sizes give nothing",
        arguments: SliceResampling.allCases)
    func empty(rule: SliceResampling) {
        let none = Slice<Float>(rows: 0, columns: 5, samples: [])
        let noGrey = Slice<UInt8>(rows: 3, columns: 0, samples: [])
        let size = SliceSize(rows: 2, columns: 2)
        #expect(none.resized(to: size, by: rule).samples == [0, 0, 0, 0])
        #expect(noGrey.resized(to: size, by: rule).samples == [0, 0, 0, 0])
        #expect(noGrey.resizedLabels(to: size, by: rule).samples == [0, 0, 0, 0])
        let grey = Noise.grey(SliceSize(square: 4), seed: 1)
        #expect(grey.resized(to: SliceSize(rows: 0, columns: 3), by: rule).samples.isEmpty)
        #expect(grey.resizedLabels(to: SliceSize(rows: 3, columns: 0), by: rule).samples.isEmpty)
    }

    @Test(
        "Infinities and not-a-number do not stop the process", arguments: SliceResampling.allCases)
    func strangeValues(rule: SliceResampling) {
        var slice = Noise.real(SliceSize(square: 9), seed: 3)
        slice[4, 4] = .nan
        slice[2, 7] = .infinity
        for side in [5, 14] {
            let result = slice.resized(to: SliceSize(square: side), by: rule)
            #expect(result.samples.contains { !$0.isFinite })
        }
    }

    @Test(
        "A flat image stays flat in Pillow's rule, whatever the size",
        arguments: [0, 1, 127, 254, 255])
    func flat(level: Int) {
        let slice = Slice<UInt8>(
            rows: 37, columns: 53, samples: [UInt8](repeating: UInt8(level), count: 37 * 53))
        for side in [1, 7, 36, 37, 64, 201] {
            let result = PillowResize.bilinear(slice, to: SliceSize(rows: side, columns: 2 * side))
            #expect(result.samples.allSatisfy { $0 == UInt8(level) })
        }
    }

    @Test(
        "Pillow 13's order matters where height shrinks by over twice what width does"
    )
    func passOrder() {
        let slice = Noise.grey(SliceSize(rows: 42, columns: 28), seed: 8)
        func differs(_ rows: Int, _ columns: Int) -> Bool {
            let size = SliceSize(rows: rows, columns: columns)
            return PillowResize.bilinear(slice, to: size)
                != PillowResize.bilinear(slice, to: size, order: .pillow13)
        }
        #expect(differs(5, 10))
        #expect(!differs(6, 10))
        #expect(!differs(80, 10))
        #expect(!differs(5, 28))
    }

    @Test("Each channel of an RGB image is resized like a grey image")
    func channels() {
        let size = SliceSize(rows: 19, columns: 26)
        let target = SliceSize(rows: 31, columns: 11)
        for channels in [2, 3, 4] {
            let planes = (0..<channels).map { Noise.grey(size, seed: UInt32($0 + 50)) }
            var interleaved = [UInt8](repeating: 0, count: size.count * channels)
            for (channel, plane) in planes.enumerated() {
                for index in 0..<size.count {
                    interleaved[index * channels + channel] = plane.samples[index]
                }
            }
            let result = PillowResize.bilinear(
                interleaved: interleaved, size: size, channels: channels, to: target)
            for (channel, plane) in planes.enumerated() {
                let expected = PillowResize.bilinear(plane, to: target).samples
                let found = (0..<target.count).map { result[$0 * channels + channel] }
                #expect(found == expected)
            }
        }
    }

    @Test("scikit-image's rule stays within the range of the input, zero outside included")
    func clipped() {
        let bright = Slice<UInt8>(
            rows: 20, columns: 20, samples: (0..<400).map { UInt8(100 + $0 % 101) })
        let result = ScikitResize.resize(bright, to: SliceSize(square: 50)).samples
        #expect(result.allSatisfy { $0 >= 0 && $0 <= 200 })
        let rounded = bright.resized(to: SliceSize(square: 50), by: .scikit).samples
        #expect(zip(result, rounded).allSatisfy { abs($0 - Double($1)) <= 0.5 })
    }
}

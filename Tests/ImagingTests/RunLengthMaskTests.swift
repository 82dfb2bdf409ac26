import MedicalImaging
import Testing

/// Strings, areas and boxes of the oracle are those of pycocotools 2.0 (`encode`, `area`, `toBbox`).
@Suite("Run-length masks")
struct RunLengthMaskTests {
    struct Oracle: Sendable {
        let rows: Int
        let columns: Int
        let text: String
        let area: Int
        let box: [Int]
        let isObject: @Sendable (_ row: Int, _ column: Int) -> Bool
    }

    static let random = [
        "11100000", "01100111", "00101010", "11011010", "10001001", "01001110",
    ].map { Array($0.utf8) }

    static let oracles: [Oracle] = [
        Oracle(rows: 3, columns: 4, text: "<", area: 0, box: [0, 0, 0, 0]) { _, _ in false },
        Oracle(rows: 3, columns: 4, text: "0<", area: 12, box: [0, 0, 4, 3]) { _, _ in true },
        Oracle(rows: 5, columns: 5, text: "0150000000", area: 5, box: [0, 0, 5, 5]) { $0 == $1 },
        Oracle(rows: 7, columns: 9, text: "g03400000005", area: 15, box: [3, 2, 5, 3]) {
            (2..<5).contains($0) && (3..<8).contains($1)
        },
        Oracle(
            rows: 6, columns: 8, text: "0121O00O035MN3MM20N20N0010O", area: 23, box: [0, 0, 8, 6]
        ) { random[$0][$1] == UInt8(ascii: "1") },
        Oracle(rows: 512, columns: 512, text: "ooo71", area: 1, box: [511, 511, 1, 1]) {
            $0 == 511 && $1 == 511
        },
        Oracle(
            rows: 512, columns: 512, text: "01[YT3c6QPlL0dfj4", area: 425, box: [0, 0, 202, 512]
        ) { ($0 == 0 && $1 == 0) || ($0 >= 300 && (200..<202).contains($1)) },
        Oracle(
            rows: 200, columns: 300,
            text: "Zn=a0c58I6K4L4L4L4M2M4M2N2N2M4M2N2N2N2O0O2N2N2N2N2O0O2N2O0O2N2O0O2O0O2O0"
                + "O2O0O2O0O2O0O2O0O2O000O2O0O2O000O2O00000O2O000O2O00000O2O0000000O2O00000"
                + "000000O2O000000000000000000000000000000000000000000000000000000000000000"
                + "1N1000000000001N100000001N1000001N10001N1000001N10001N101N10001N101N101N"
                + "101N101N101N101N101N2N101N2N101N2N2N2N2N101N2N2N2N3L3N2N2N3L3N3L4L4L4L5J"
                + "7HRf9",
            area: 16941, box: [71, 31, 179, 119]
        ) { row, column in
            let (y, x) = (Double(row - 90), Double(column - 160))
            return y * y / 3600 + x * x / 8100 < 1
        },
    ]

    static func slice(_ oracle: Oracle, label: UInt8 = 1) -> LabelSlice {
        var samples: [UInt8] = []
        for row in 0..<oracle.rows {
            for column in 0..<oracle.columns {
                samples.append(oracle.isObject(row, column) ? label : 0)
            }
        }
        return LabelSlice(rows: oracle.rows, columns: oracle.columns, samples: samples)
    }

    @Test("A mask has the string, area and box pycocotools gives it", arguments: oracles.indices)
    func encodes(index: Int) throws {
        let oracle = Self.oracles[index]
        let mask = RunLengthMask(of: Self.slice(oracle, label: 9), label: 9)
        #expect(mask.cocoString == oracle.text)
        #expect(mask.area == oracle.area)
        let box = mask.box.map { [$0.x, $0.y, $0.width, $0.height] }
        #expect(box == (oracle.area == 0 ? nil : oracle.box))
    }

    @Test("A string of pycocotools gives the mask back", arguments: oracles.indices)
    func decodes(index: Int) throws {
        let oracle = Self.oracles[index]
        let mask = try RunLengthMask(
            rows: oracle.rows, columns: oracle.columns, cocoString: oracle.text)
        #expect(mask.slice() == Self.slice(oracle))
    }

    @Test("Every mask of a 3 x 3 grid survives both ways")
    func roundTrip() throws {
        for bits in 0..<512 {
            let slice = LabelSlice(
                rows: 3, columns: 3, samples: (0..<9).map { UInt8(bits >> $0 & 1) })
            let mask = RunLengthMask(of: slice, label: 1)
            let read = try RunLengthMask(rows: 3, columns: 3, cocoString: mask.cocoString)
            #expect(read == mask)
            #expect(read.slice() == slice)
            #expect(mask.area == bits.nonzeroBitCount)
            #expect(try RunLengthMask(rows: 3, columns: 3, counts: mask.counts) == mask)
        }
    }

    @Test("The masks of all labels are those of each label")
    func allLabels() {
        let samples: [UInt8] = [0, 1, 1, 2, 255, 1, 0, 2, 2, 2, 2, 1]
        let slice = LabelSlice(rows: 3, columns: 4, samples: samples)
        let masks = RunLengthMask.masks(of: slice)
        #expect(masks.keys.sorted() == [1, 2, 255])
        for (label, mask) in masks {
            #expect(mask == RunLengthMask(of: slice, label: label))
            #expect(mask.slice(label: label).samples == samples.map { $0 == label ? label : 0 })
        }
    }

    @Test("A slice without pixels is the single run 0")
    func empty() throws {
        let mask = RunLengthMask(of: LabelSlice(rows: 0, columns: 4, samples: []), label: 1)
        #expect(mask.counts == [0])
        #expect(mask.cocoString == "0")
        #expect(mask.box == nil)
        #expect(try RunLengthMask(rows: 0, columns: 4, cocoString: "0") == mask)
    }

    @Test(
        "Impossible counts are refused with their place",
        arguments: [
            ([3, 4], "2 runs: found 7 pixels in all, expected 12"),
            ([3, -1, 10], "run 1: found length -1"),
            ([13], "run 0: found length 13, expected at most the 12 pixels"),
            ([6, .max], "run 1: found length"),
            ([], "0 runs: found 0 pixels"),
        ])
    func refusesCounts(counts: [Int], text: String) {
        let error = #expect(throws: RunLengthError.self) {
            try RunLengthMask(rows: 3, columns: 4, counts: counts)
        }
        #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    }

    @Test(
        "Impossible strings are refused with their place",
        arguments: [
            ("!", "character 0: found byte 33"), ("pp", "character 0: found byte 112"),
            ("T", "the end: found a number that is cut off"),
            ("oooooooooooooo", "more than 60 bits"), ("O", "run length -1"),
            ("ooooooooooo7", "at most the 12 pixels"), ("", "0 runs: found 0 pixels"),
            ("1", "found 1 pixels"),
        ])
    func refusesStrings(text: String, message: String) {
        let error = #expect(throws: RunLengthError.self) {
            try RunLengthMask(rows: 3, columns: 4, cocoString: text)
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("A size that cannot be counted is refused")
    func refusesSizes() {
        #expect(throws: RunLengthError.self) {
            try RunLengthMask(rows: .max, columns: 2, counts: [0])
        }
        #expect(throws: RunLengthError.self) {
            try RunLengthMask(rows: -1, columns: -1, counts: [1])
        }
    }
}

import MedicalImaging
import Testing

@Suite struct VolumeTests {
    private let grid = Grid(shape: GridShape(2, 3, 4), affine: Affine(.ras))

    @Test("Samples lie i fastest, then j, then k")
    func subscripts() {
        let volume = Volume(grid: grid, samples: (0..<24).map { Int32($0) })
        #expect(volume[1, 0, 0] == 1)
        #expect(volume[0, 1, 0] == 2)
        #expect(volume[0, 0, 1] == 6)
        #expect(volume[1, 2, 3] == 23)
    }

    @Test("Every sample type is reordered alike")
    func widths() {
        func check<Sample: VoxelSample>(_ make: (Int) -> Sample) {
            let volume = Volume(grid: grid, samples: (0..<24).map(make))
            let flipped = volume.reordered(to: .lps)
            #expect(flipped.grid.orientation == .lps)
            for (i, j, k) in grid.positions {
                #expect(flipped[i, j, k] == volume[1 - i, 2 - j, k])
            }
            let turned = volume.reordered(
                by: AxisReordering(sourceAxes: [2, 0, 1], flips: [true, false, false]))
            #expect(turned.shape == GridShape(4, 2, 3))
            for (i, j, k) in grid.positions { #expect(turned[3 - k, i, j] == volume[i, j, k]) }
        }
        check { Int8($0 - 12) }
        check { UInt8($0 * 10) }
        check { Int16($0 * 1000) }
        check { UInt16($0 * 2000) }
        check { Int32($0) - 1_000_000 }
        check { UInt32($0) + 3_000_000_000 }
        check { Int64($0) << 40 }
        check { UInt64($0) << 58 }
        check { Float($0) / 3 }
        check { Double($0) / 3 }
    }

    @Test("The range leaves out what is not a number; without voxels there is none")
    func range() {
        let empty = Grid(shape: GridShape(0, 1, 1), affine: .identity)
        func grid(_ count: Int) -> Grid {
            Grid(shape: GridShape(count, 1, 1), affine: .identity)
        }
        #expect(ImageVolume.int16(Volume(grid: empty, samples: [])).range == nil)
        #expect(ImageVolume.int32(Volume(grid: empty, samples: [])).range == nil)
        #expect(ImageVolume.float32(Volume(grid: empty, samples: [])).range == nil)
        #expect(
            ImageVolume.int16(Volume(grid: grid(3), samples: [5, -32_768, 32_767])).range
                == -32_768...32_767)
        #expect(
            ImageVolume.int32(Volume(grid: grid(2), samples: [.max, .min])).range
                == -2_147_483_648...2_147_483_647)
        let mixed: [Float] = [.nan, 2, -.infinity, -1.5, .infinity]
        #expect(ImageVolume.float32(Volume(grid: grid(5), samples: mixed)).range == -1.5...2)
        #expect(
            ImageVolume.float32(Volume(grid: grid(2), samples: [.nan, .infinity])).range == nil)
    }

    @Test("An image volume knows its type, its grid and its bytes")
    func imageVolume() {
        let volume = ImageVolume.int16(
            Volume(grid: grid, samples: [Int16](repeating: 258, count: 24)))
        #expect(volume.sampleType == .int16)
        #expect(volume.grid == grid)
        let bytes = withUnsafeBytes(of: Int16(258)) { Array($0) }
        #expect(
            volume.withSampleBytes { Array($0) }
                == Array([[UInt8]](repeating: bytes, count: 24).joined()))
        #expect(PixelType.allCases.map(\.byteCount) == [1, 2, 4, 4])
    }

    @Test("Slices are row by row")
    func slices() {
        var slice = LabelSlice(rows: 2, columns: 3, samples: [0, 1, 2, 3, 4, 5])
        #expect(slice[1, 0] == 3)
        slice[0, 2] = 9
        #expect(slice.samples == [0, 1, 9, 3, 4, 5])
    }

    @Test(
        "Colours are read from #RRGGBB and are grey otherwise",
        arguments: [
            ("#ff8000", 255, 128, 0), ("#FF8000", 255, 128, 0), ("#000001", 0, 0, 1),
            ("ff8000", 128, 128, 128), ("#ff800", 128, 128, 128), ("#ff80000", 128, 128, 128),
            ("#+f8000", 128, 128, 128), ("#-00001", 128, 128, 128), ("#gg8000", 128, 128, 128),
            ("", 128, 128, 128), ("#é1234", 128, 128, 128),
        ])
    func colours(text: String, red: Int, green: Int, blue: Int) {
        let rgb = LabelClass(id: 1, name: "liver", color: text).rgb
        #expect([Int(rgb.0), Int(rgb.1), Int(rgb.2)] == [red, green, blue])
    }
}

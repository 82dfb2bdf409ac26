import Foundation
import MedicalDatasets
import MedicalImaging
import NIfTI
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// Pixels, labels, prompts and geometry against sums done by hand on volumes whose every voxel has a known value.
@Suite("Preparation: contents")
struct PrepareContentTests {
    /// All 48 stored orders of axes times the ways to cut: a pixel carries the value of the voxel its geometry names.
    @Test(
        "pixel_to_voxel names the very voxel of every pixel, for all axis orders", arguments: 0..<48
    )
    func geometry(number: Int) throws {
        let stored = Orientation.all[number]
        let base = Grid(shape: TinyDataset.shape, affine: TinyDataset.affine)
        let affine = AxisReordering(from: base.orientation, to: stored).grid(of: base).affine
        let data = try TinyDataset([])
        try data.write("a", affine: affine)
        let axes = SliceAxis.allCases
        let recipes = [
            SliceRecipe(axis: axes[number % 3], selection: SliceSelection(.all)),
            SliceRecipe(
                axis: axes[(number + 1) % 3], orientation: .stored, rowAxis: .first,
                selection: SliceSelection(.all)),
            SliceRecipe(
                axis: axes[(number + 2) % 3], orientation: .reordered(Orientation.all[47 - number]),
                selection: SliceSelection(.all)),
        ]
        let world = Grid(shape: TinyDataset.shape, affine: affine)
        for recipe in recipes {
            let reader = try data.reader(recipe, prompts: PromptRecipe(kinds: []))
            let about = reader.description
            #expect(about.source == world)
            #expect(about.pixelToWorld == affine.composed(with: about.pixelToVoxel))
            var seen = 0
            for (position, slice) in reader.sliceIndices.enumerated() {
                let image = try reader.image(at: position)
                let label = try reader.label(at: position)
                for y in 0..<about.rows {
                    for x in 0..<about.columns {
                        let at = about.pixelToVoxel.world(
                            at: VoxelPosition(i: Double(x), j: Double(y), k: Double(slice)))
                        let (i, j, k) = (Int(at.x), Int(at.y), Int(at.z))
                        let value = Float(TinyDataset.intensity(i, j, k))
                        let id = TinyDataset.id(i, j, k)
                        if image[y, x] == value, label[y, x] == id { seen += 1 }
                    }
                }
            }
            #expect(seen == TinyDataset.shape.count, "\(stored) \(recipe)")
        }
    }

    @Test("the term project's preset gives its frame, slices, bytes, records and prompts")
    func termProject() throws {
        let data = try TinyDataset(["a"])
        let reader = try data.reader(SlicePreset.termProject.recipe)
        #expect(reader.sliceIndices == Array(1...5))
        #expect(reader.description.rows == 14 && reader.description.columns == 11)
        var expected: [StoredRecord] = []
        for (position, k) in reader.sliceIndices.enumerated() {
            let image = try reader.image(at: position)
            var areas = [0, 0, 0]
            for row in 0..<14 {
                for column in 0..<11 {
                    // LPS in the file, RAS in the store: both axes turned round
                    let (i, j) = (13 - row, 10 - column)
                    let value = Float(TinyDataset.intensity(i, j, k))
                    let unit = (min(max(value, -175), 250) + 175) / 425
                    #expect(image[row, column] == Float(UInt8(unit * 255)))
                    areas[Int(TinyDataset.id(i, j, k))] += 1
                }
            }
            for label in 1...2 where areas[label] > 0 {
                expected.append(
                    StoredRecord(
                        slice: position, label: UInt8(label), component: 0, area: areas[label]))
            }
            #expect(reader.organAreas[position] == [areas[1], areas[2]])
        }
        #expect(try reader.records() == expected)
        #expect(try reader.promptNames() == ["box", "box+5", "centre", "random1", "random3"])
        // slice 3 (position 2): the box 8...11 x 3...4 of the file
        let n = try #require(expected.firstIndex { $0.slice == 2 && $0.label == 2 })
        guard case .boxes(let tight) = try reader.prompts("box").values,
            case .boxes(let wide) = try reader.prompts("box+5").values
        else { throw Problem.notBoxes }
        #expect(tight[n] == BoxPrompt(x0: 6, y0: 2, x1: 7, y1: 5))
        #expect(wide[n] == BoxPrompt(x0: 1, y0: 0, x1: 10, y1: 10))
        for (name, count) in [("centre", 1), ("random1", 1), ("random3", 3)] {
            guard case .points(let points) = try reader.prompts(name).values else {
                throw Problem.notPoints
            }
            for (record, of) in zip(expected, points) {
                #expect(of.count == count)
                let label = try reader.label(at: record.slice)
                for point in of { #expect(label[Int(point.y), Int(point.x)] == record.label) }
            }
        }
    }

    private enum Problem: Error { case notBoxes, notPoints }

    @Test("TransUNet's preset keeps all slices as stored, windowed to 0...1 in single precision")
    func transUNet() throws {
        let data = try TinyDataset(["a"])
        let reader = try data.reader(SlicePreset.transunet.recipe)
        #expect(reader.sliceIndices == Array(0..<7))
        #expect(reader.description.pixelType == .float32)
        #expect(reader.description.window == -125...275)
        for k in 0..<7 {
            let image = try reader.image(at: k)
            for j in 0..<11 {
                for i in 0..<14 {
                    let value = Float(TinyDataset.intensity(i, j, k))
                    #expect(image[j, i] == (min(max(value, -125), 275) + 125) / 400)
                }
            }
        }
    }

    @Test("MedSAM's preset stretches the clipped volume to 0...255 and drops small parts of labels")
    func medSAM() throws {
        let data = try TinyDataset([])
        // intensities from -40: the lowest lies inside the window and becomes 0
        var recipe = SlicePreset.medsam.recipe
        try data.write("a", seed: 40)
        #expect(try data.reader(recipe).count == 0)
        recipe.cleanup = LabelCleanup(minimumVoxels: 0, minimumPixels: 6)
        let reader = try data.reader(recipe)
        let low = -200.0 + 280
        for (position, k) in reader.sliceIndices.enumerated() {
            let image = try reader.image(at: position)
            let label = try reader.label(at: position)
            for j in 0..<11 {
                for i in 0..<14 {
                    let value = Double(TinyDataset.intensity(i, j, k, seed: 40))
                    let byte = UInt8((min(value, 240) - low) / (240 - low) * 255)
                    #expect(image[j, i] == Float(byte), "\(i) \(j) \(k)")
                    // the ball has 1 pixel in slices 1 and 3 only where its radius is small
                    #expect(
                        label[j, i] == 0 || reader.organAreas[position][Int(label[j, i]) - 1] >= 6)
                }
            }
        }
        #expect(!reader.sliceIndices.isEmpty)
    }

    @Test("the original integers come back whatever the window, and the window lies beside them")
    func original() throws {
        let data = try TinyDataset(["a"])
        let reader = try data.reader(SliceRecipe(window: .range(low: -175, high: 250)))
        #expect(reader.description.pixelType == .int16)
        #expect(reader.description.pixelFormat == "original")
        #expect(reader.description.window == -175...250)
        #expect(try reader.image(at: 0)[0, 0] == Float(TinyDataset.intensity(0, 0, 1)))
    }

    @Test(
        "random points of Python's stream are those CPython draws, cases in split order",
        arguments: [nil, ["a"]])
    func pythonStreams(only cases: [String]?) throws {
        let data = try TinyDataset(["a", "b", "c"])
        let split = try data.split(#""train": ["c", "a"], "test": ["b"]"#)
        let prompts = PromptRecipe(
            kinds: [.randomPoints(1), .box, .randomPoints(3)], randomness: .python)
        let configuration = data.configuration(
            SlicePreset.termProject.recipe, prompts: prompts, split: split)
        var planner = PreparePlanner(card: data.card, split: split)
        planner.cases = cases ?? []
        let plan = try planner.plan(root: data.root, configuration: configuration).plan
        let layout = StoreLayout(root: data.output)
        _ = try PrepareRun(plan: plan, card: data.card, root: data.root, layout: layout).run()
        // random.seed(0) per kind and part, then `pixels[random.randint(0, n - 1)]` over cases, slices, labels,
        // computed with CPython 3.11 on the same label function; (x, y) in RAS slices with rows along x
        let oracle: [String: [String: [[Float]]]] = [
            "random1": [
                "a": [[4, 11, 5, 3, 6, 11, 4, 3, 4, 9, 6, 3, 6, 2, 4, 4]],
                "b": [[7, 10, 5, 5, 6, 7, 4, 5, 6, 11, 7, 6, 5, 5, 5, 5, 7, 6]],
            ],
            "random3": [
                "a": [
                    [7, 10, 5, 10, 4, 10, 7, 4, 6, 3, 5, 2, 5, 12, 4, 6, 5, 7, 4, 5, 4, 2, 7, 5],
                    [5, 9, 7, 8, 5, 9, 7, 2, 7, 3, 7, 3, 5, 3, 7, 2, 7, 4, 6, 5, 6, 2, 6, 2],
                ],
                "b": [
                    [7, 10, 3, 11, 5, 8, 6, 4, 7, 5, 6, 5, 5, 11, 6, 10, 4, 12, 7, 5, 6, 4, 4, 4],
                    [4, 10, 4, 9, 3, 9, 6, 5, 6, 4, 6, 5, 6, 3, 7, 6, 6, 3, 6, 5, 7, 6, 7, 3],
                    [7, 5, 6, 6, 7, 5],
                ],
            ],
        ]
        for id in cases ?? ["a", "b"] {
            let reader = try CaseFileReader(path: layout.caseFile(id))
            for (name, expected) in oracle {
                guard case .points(let points) = try reader.prompts(name).values else {
                    throw Problem.notPoints
                }
                let found = points.flatMap { $0.flatMap { [$0.x, $0.y] } }
                #expect(found == expected[id]?.flatMap { $0 }, "\(name) of \(id)")
            }
        }
    }

    @Test("kinds the term project does not draw at random are refused for Python's stream")
    func pythonRefusal() throws {
        let data = try TinyDataset(["a"])
        let prompts = PromptRecipe(kinds: [.jitteredBox(20)], randomness: .python)
        let found = failure { _ = try data.run(data.configuration(prompts: prompts)) }
        #expect(found.kind == .usage)
        #expect(found.text.contains("`box~20`"), "\(found.text)")
    }

    @Test("2.5-D samples hold the neighbours as channels, repeated at the ends")
    func channels() throws {
        let data = try TinyDataset(["a"])
        let reader = try data.reader(
            SliceRecipe(orientation: .stored, selection: SliceSelection(.all), neighbours: 2))
        #expect(reader.description.channels == 5)
        for k in 0..<7 {
            for channel in 0..<5 {
                let from = min(max(k + channel - 2, 0), 6)
                let image = try reader.image(at: k, channel: channel)
                #expect(image[3, 4] == Float(TinyDataset.intensity(4, 3, from)))
                #expect(image[10, 13] == Float(TinyDataset.intensity(13, 10, from)))
            }
            #expect(try reader.image(at: k) == reader.image(at: k, channel: 2))
        }
    }

    @Test("slices are kept by labelled area and with their neighbours")
    func selection() throws {
        let data = try TinyDataset(["a"])
        var areas = [Int](repeating: 0, count: 7)
        for k in 0..<7 {
            for j in 0..<11 { areas[k] += (0..<14).count { TinyDataset.id($0, j, k) > 0 } }
        }
        for area in [1, 9, 12, 20, 1000] {
            for margin in 0...3 {
                let reader = try data.reader(
                    SliceRecipe(
                        selection: SliceSelection(.labelled(minimumArea: area), margin: margin)))
                let expected = (0..<7).filter { k in
                    (0..<7).contains { abs($0 - k) <= margin && areas[$0] >= area }
                }
                #expect(reader.sliceIndices == expected, "area \(area), margin \(margin): \(areas)")
            }
        }
    }

    @Test("a case without a labelled slice gives an empty file of the usual shapes, and a warning")
    func emptyCase() throws {
        let data = try TinyDataset(["a"])
        let labels = LabelMap(
            grid: Grid(shape: TinyDataset.shape, affine: TinyDataset.affine),
            samples: [UInt8](repeating: 0, count: TinyDataset.shape.count))
        try NIfTIWriter.write(labels, as: .labels, to: data.root + "/labela.nii.gz")
        let prompts = PromptRecipe(kinds: [.box, .randomPoints(3), .backgroundPoints(2)])
        let run = try data.run(data.configuration(SliceRecipe(neighbours: 1), prompts: prompts))
        let manifest = try #require(try run.run().manifest)
        #expect(manifest.cases[0].slices == 0)
        #expect(manifest.cases[0].shape == [0, 3, 11, 14])
        #expect(manifest.cases[0].warnings == ["no slice is kept: the label map is empty"])
        let reader = try CaseFileReader(path: run.layout.caseFile("a"))
        #expect(reader.count == 0)
        #expect(try reader.records() == [])
        let empty = try reader.prompts("background2")
        #expect(empty.pointsPerRecord == 2)
        #expect(!empty.isForeground)
        #expect(try reader.prompts("random3").pointsPerRecord == 3)
        #expect(try VerifyRun(layout: run.layout).run().problems == [])
        #expect(CaseSheet(reader).defaultPositions() == [])
    }

    @Test("nearest resizing keeps 32-bit integers whole, to the last unit")
    func largeIntegers() throws {
        let data = try TinyDataset(["a"])
        let starts: [Int32] = [.max - 2000, .min + 1, 16_777_217]
        let values: [Int32] = (0..<TinyDataset.shape.count).map { starts[$0 % 3] + Int32($0) }
        let grid = Grid(shape: TinyDataset.shape, affine: TinyDataset.affine)
        let image = Volume<Int32>(grid: grid, samples: values)
        try NIfTIWriter.write(image, to: data.root + "/imga.nii.gz")
        let reader = try data.reader(
            SliceRecipe(
                orientation: .stored, selection: SliceSelection(.all),
                size: SliceSize(rows: 22, columns: 7), resampling: .nearest))
        #expect(reader.description.pixelType == .int32)
        for k in 0..<7 {
            let bytes = try reader.imageBytes(at: k)
            let found = bytes.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) }
            // 11 rows doubled, 14 columns halved: the pixel centre lies on a border, the right one is taken
            var expected: [Int32] = []
            for row in 0..<22 {
                for column in 0..<7 { expected.append(image[2 * column + 1, row / 2, k]) }
            }
            #expect(found == expected)
        }
    }

    @Test(
        "resized slices name the position of every pixel in the source",
        arguments: [SliceSize(rows: 33, columns: 28), SliceSize(rows: 5, columns: 9)])
    func resizedGeometry(size: SliceSize) throws {
        let data = try TinyDataset(["a"])
        for resampling in SliceResampling.allCases {
            let reader = try data.reader(
                SliceRecipe(
                    orientation: .stored, selection: SliceSelection(.all), pixels: .float32,
                    size: size, resampling: resampling))
            let map = reader.description.pixelToVoxel
            let corners = resampling == .splineZoom ? 1 : 0
            let scales: [Double] = [
                Double(14 - corners) / Double(size.columns - corners),
                Double(11 - corners) / Double(size.rows - corners),
            ]
            let spacing = reader.description.pixelToWorld.spacing
            #expect(abs(spacing.i - 0.75 * scales[0]) < 1e-12)
            #expect(abs(spacing.j - 1.5 * scales[1]) < 1e-12)
            #expect(abs(spacing.k - 3) < 1e-12)
            for k in [0, 3] {
                let image = try reader.image(at: k)
                let label = try reader.label(at: k)
                for y in 0..<size.rows {
                    for x in 0..<size.columns {
                        let at = map.world(
                            at: VoxelPosition(i: Double(x), j: Double(y), k: Double(k)))
                        #expect(at.z == Double(k))
                        #expect((-0.5...13.5).contains(at.x) && (-0.5...10.5).contains(at.y))
                        // half-way between two voxels the rule decides; no such place in these sizes but the middle
                        let (u, v) = (at.x + 0.5, at.y + 0.5)
                        let tie = abs(u - u.rounded()) < 1e-9 || abs(v - v.rounded()) < 1e-9
                        if !tie {
                            let (i, j) = (Int(u.rounded(.down)), Int(v.rounded(.down)))
                            #expect(label[y, x] == TinyDataset.id(i, j, k))
                            let value = Float(TinyDataset.intensity(i, j, k))
                            if resampling == .nearest { #expect(image[y, x] == value) }
                        }
                        // the intensities are linear in i and j, and the triangle filter keeps linear functions
                        // wherever it does not reach beyond the border
                        let reach = max(1, max(scales[0], scales[1]))
                        let inside =
                            at.x >= reach && at.x <= 13 - reach && at.y >= reach
                            && at.y <= 10 - reach
                        if resampling == .pillowBilinear, inside {
                            let inPlane: Double = 31 * at.x + 17 * at.y
                            let value: Double = inPlane + Double(53 * k - 200)
                            // growing: single precision, a few terms of up to 1000, 1e-3 is 16 ulps; shrinking:
                            // the centre of mass of the sampled triangle is off by less than a tenth of a voxel
                            let tolerance = reach > 1 ? 0.1 * (31 + 17) : 1e-3
                            #expect(abs(Double(image[y, x]) - value) < tolerance)
                        }
                    }
                }
            }
        }
    }

    @Test("the record counts what the file holds")
    func counts() throws {
        let data = try TinyDataset(["a"])
        let run = try data.run(data.configuration(SliceRecipe(axis: .coronal)))
        let unit = try #require(try run.run().manifest).cases[0]
        let reader = try CaseFileReader(path: run.layout.caseFile("a"))
        #expect(unit.slices == reader.count)
        let records = try reader.records()
        #expect(unit.records == records.count)
        #expect(unit.shape == [reader.count, reader.description.rows, reader.description.columns])
        #expect(unit.sourceShape == [14, 11, 7])
        #expect(unit.spacing == [0.75, 3, 1.5])
        #expect(unit.pixels == "int16")
        for (n, label) in unit.labels.enumerated() {
            #expect(label.id == n + 1)
            #expect(label.pixels == reader.organAreas.reduce(0) { $0 + $1[n] })
            #expect(label.slices == reader.organAreas.count { $0[n] > 0 })
        }
        #expect(unit.inputs.map(\.path) == ["imga.nii.gz", "labela.nii.gz"])
        #expect(unit.inputs.map(\.role) == ["image", "label"])
        let summary = try StoreSummary(of: run.layout)
        #expect(summary.slices == unit.slices)
        #expect(summary.cases.map(\.id) == ["a"])
        #expect(summary.labels.map(\.name) == ["ball", "box"])
    }

    @Test("volumes of one voxel, one row and one slice are prepared along every axis")
    func thinVolumes() throws {
        for shape in [
            GridShape(1, 1, 1), GridShape(1, 9, 1), GridShape(5, 1, 2), GridShape(300, 1, 1),
        ] {
            let data = try TinyDataset([])
            let grid = Grid(shape: shape, affine: TinyDataset.affine)
            try NIfTIWriter.write(
                Volume(grid: grid, samples: (0..<shape.count).map { Int16($0) }),
                to: data.root + "/imga.nii")
            try NIfTIWriter.write(
                LabelMap(grid: grid, samples: [UInt8](repeating: 1, count: shape.count)),
                as: .labels,
                to: data.root + "/labela.nii")
            for axis in SliceAxis.allCases {
                let reader = try data.reader(SliceRecipe(axis: axis, neighbours: 1))
                #expect(reader.organAreas.reduce(0) { $0 + $1[0] } == shape.count)
                #expect(try reader.records().count == reader.count)
            }
        }
    }
}

import MedicalImaging

/// Draws the prompts of label slices.
public struct PromptDrawer: Sendable {
    /// Which prompts are drawn.
    public let recipe: PromptRecipe
    /// The seed of the case; see `RandomSource`.
    public let caseSeed: UInt64

    /// Makes a drawer for one case.
    ///
    /// - Parameters:
    ///   - recipe: Which prompts are drawn.
    ///   - caseSeed: The seed derived from the user's seed, the case id and the purpose `prompts`.
    public init(recipe: PromptRecipe, caseSeed: UInt64) {
        self.recipe = recipe
        self.caseSeed = caseSeed
    }

    /// Draws all prompts of one slice with keyed random numbers.
    ///
    /// - Parameters:
    ///   - slice: The label ids.
    ///   - sliceIndex: Index of the slice along the sliced axis; part of the key of every draw.
    /// - Returns: Records, labels and components ascending; none for a slice without labels.
    /// - Complexity: O(*n*) in the pixels of the slice and of the regions' boxes.
    public func records(of slice: LabelSlice, sliceIndex: Int) -> [PromptRecord] {
        keyedRecords(
            of: RegionFinder.regions(
                of: slice, unit: recipe.unit, minimumArea: recipe.minimumArea),
            in: slice, sliceIndex: sliceIndex)
    }

    /// Draws all prompts of one slice with an instance map, with keyed random numbers.
    ///
    /// - Parameters:
    ///   - slice: The label ids.
    ///   - instances: The objects, of the same size. Each has the label that most of its labelled pixels have; objects
    ///     without any get no record.
    ///   - sliceIndex: Index of the slice or patch; part of the key of every draw.
    /// - Returns: Records, numbers of objects ascending, each in the record's `component`; whatever the unit of the recipe.
    /// - Complexity: O(*n*) in the pixels of the slice and of the objects' boxes.
    public func records(
        of slice: LabelSlice, instances: InstanceMap, sliceIndex: Int
    ) -> [PromptRecord] {
        keyedRecords(
            of: RegionFinder.regions(
                of: slice, instances: instances, minimumArea: recipe.minimumArea),
            in: slice, sliceIndex: sliceIndex)
    }

    private func keyedRecords(
        of regions: [Region], in slice: LabelSlice, sliceIndex: Int
    ) -> [PromptRecord] {
        regions.map { region in
            record(of: region, in: slice) { kind in
                .keyed(
                    RandomSource(
                        seed: caseSeed,
                        stream: (
                            UInt32(truncatingIfNeeded: sliceIndex),
                            UInt32(region.label) | UInt32(truncatingIfNeeded: region.component)
                                << 8,
                            kind.streamCode
                        )))
            }
        }
    }

    /// Draws all prompts of one slice from Python streams, which move on.
    ///
    /// - Parameters:
    ///   - slice: The label ids.
    ///   - streams: The streams of the kinds; slices must come in order.
    /// - Returns: Records, labels and components ascending.
    public func records(
        of slice: LabelSlice, streams: inout PythonPromptStreams
    ) -> [PromptRecord] {
        var records: [PromptRecord] = []
        for region in RegionFinder.regions(
            of: slice, unit: recipe.unit, minimumArea: recipe.minimumArea)
        {
            records.append(
                record(of: region, in: slice) { kind in
                    .listed(streams.draw(kind, area: region.area))
                })
        }
        return records
    }

    /// The areas of the regions that would get records, in order; no prompt is drawn.
    ///
    /// - Parameter slice: The label ids.
    /// - Returns: Pixels of each region, labels and components ascending.
    public func regionAreas(of slice: LabelSlice) -> [Int] {
        RegionFinder.regions(of: slice, unit: recipe.unit, minimumArea: recipe.minimumArea)
            .map(\.area)
    }

    private enum Numbers {
        case keyed(RandomSource)
        case listed([Int])

        mutating func index(below bound: Int) -> Int {
            switch self {
            case .keyed(var source):
                let value = source.index(below: bound)
                self = .keyed(source)
                return value
            case .listed(var list):
                let value = list.isEmpty ? 0 : list.removeFirst()
                self = .listed(list)
                return min(value, bound - 1)
            }
        }
    }

    private func record(
        of region: Region, in slice: LabelSlice, numbers: (PromptKind) -> Numbers
    ) -> PromptRecord {
        let prompts = recipe.kinds.map { kind -> PromptRecord.Prompt in
            switch kind {
            case .centre:
                let centre = CentrePoint.exact(of: region)
                return .points([PointPrompt(x: Float(centre.x), y: Float(centre.y))])
            case .chamferCentre:
                let centre = ChamferPoint.centre(
                    of: region, rows: slice.rows, columns: slice.columns)
                return .points([PointPrompt(x: Float(centre.x), y: Float(centre.y))])
            case .randomPoints(let count):
                var source = numbers(kind)
                return .points(
                    (0..<count).map { _ in
                        let pixel = region.pixel(number: source.index(below: region.area))
                        return PointPrompt(x: Float(pixel.x), y: Float(pixel.y))
                    })
            case .box:
                return .box(box(of: region, in: slice, outward: (0, 0, 0, 0)))
            case .exclusiveBox:
                return .box(
                    BoxPrompt(
                        x0: Float(region.x0), y0: Float(region.y0), x1: Float(region.x1 + 1),
                        y1: Float(region.y1 + 1)))
            case .enlargedBox(let n):
                return .box(box(of: region, in: slice, outward: (n, n, n, n)))
            case .jitteredBox(let n):
                var source = numbers(kind)
                let left = source.index(below: n + 1)
                let top = source.index(below: n + 1)
                let right = source.index(below: n + 1)
                let bottom = source.index(below: n + 1)
                return .box(box(of: region, in: slice, outward: (left, top, right, bottom)))
            case .nucleusPoint:
                var source = numbers(kind)
                let inner = region.eroded(rows: slice.rows, columns: slice.columns)
                let pixel = (inner ?? region).pixel(
                    number: source.index(below: (inner ?? region).area))
                return .points([PointPrompt(x: Float(pixel.x), y: Float(pixel.y))])
            case .backgroundPoints(let count):
                var source = numbers(kind)
                return .points(background(of: region, in: slice, count: count, &source))
            }
        }
        return PromptRecord(
            label: region.label, component: region.component, area: region.area, prompts: prompts)
    }

    private func box(
        of region: Region, in slice: LabelSlice, outward: (Int, Int, Int, Int)
    ) -> BoxPrompt {
        BoxPrompt(
            x0: Float(max(0, region.x0 - outward.0)),
            y0: Float(max(0, region.y0 - outward.1)),
            x1: Float(min(slice.columns - 1, region.x1 + outward.2)),
            y1: Float(min(slice.rows - 1, region.y1 + outward.3)))
    }

    /// Uniform pixels beside the region, near it when there are any.
    private func background(
        of region: Region, in slice: LabelSlice, count: Int, _ source: inout Numbers
    ) -> [PointPrompt] {
        let reach = 20
        let near = (
            max(0, region.x0 - reach), max(0, region.y0 - reach),
            min(slice.columns - 1, region.x1 + reach), min(slice.rows - 1, region.y1 + reach)
        )
        let whole = (0, 0, slice.columns - 1, slice.rows - 1)
        for (x0, y0, x1, y1) in [near, whole] {
            let free = (x1 - x0 + 1) * (y1 - y0 + 1) - region.area
            guard free > 0 else { continue }
            return (0..<count).map { _ in
                var left = source.index(below: free)
                for y in y0...y1 {
                    for x in x0...x1 where !region.contains(x: x, y: y) {
                        if left == 0 {
                            return PointPrompt(x: Float(x), y: Float(y), isForeground: false)
                        }
                        left -= 1
                    }
                }
                return PointPrompt(x: -1, y: -1, isForeground: false)
            }
        }
        return (0..<count).map { _ in PointPrompt(x: -1, y: -1, isForeground: false) }
    }
}

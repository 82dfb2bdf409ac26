import ArgumentParser
import MedicalDatasets
import MedicalImaging
import SamplePreparation

/// How volumes become slices; what is not given comes from the preset.
struct SliceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A published recipe: term-project, transunet or medsam. The options below change single parts of it.",
            valueName: "name"))
    var preset: String?

    @Option(help: ArgumentHelp("axial, coronal or sagittal.", valueName: "axis"))
    var axis: String?

    @Option(
        help: ArgumentHelp(
            "Order of axes to cut in: stored (as in the file) or letters such as RAS or LPS.",
            valueName: "stored|RAS|..."))
    var orientation: String?

    @Option(
        help: ArgumentHelp(
            "Axis that runs down the rows: second (as pictures are stored) or first (NumPy slice of the term project).",
            valueName: "first|second"))
    var rows: String?

    @Option(
        help: ArgumentHelp(
            "Slices to keep: labelled (any organ) or all.", valueName: "labelled|all"))
    var select: String?

    @Option(
        help: ArgumentHelp("Labelled pixels a slice needs to be kept.", valueName: "pixels"))
    var minArea: Int?

    @Option(help: ArgumentHelp("Neighbours kept on each side of a kept slice.", valueName: "k"))
    var margin: Int?

    @Option(
        help: ArgumentHelp(
            "Neighbours on each side stored as channels (2.5-D).", valueName: "k"))
    var neighbours: Int?

    // Most windows begin with a minus sign.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Intensity window: none, LOW,HIGH (raw values), extremes:LOW,HIGH (MedSAM), p:LOW,HIGH or "
                + "p-nonzero:LOW,HIGH (percentiles).", valueName: "window"))
    var window: String?

    @Option(
        help: ArgumentHelp(
            "Stored pixels: original (lossless), uint8 or float32 (windowed).",
            valueName: "original|uint8|float32"))
    var pixels: String?

    @Option(
        help: ArgumentHelp(
            "Size of every slice, N or ROWSxCOLUMNS; native keeps the size of the volume.",
            valueName: "size"))
    var size: String?

    @Option(
        help: ArgumentHelp(
            "Interpolation under --size: pillow-bilinear, spline-zoom, scikit or nearest.",
            valueName: "rule"))
    var resampling: String?

    @Option(
        help: ArgumentHelp(
            "Remove parts of labels with fewer voxels (26-connected).", valueName: "n"))
    var minPartVoxels: Int?

    @Option(
        help: ArgumentHelp(
            "Remove parts of labels with fewer pixels per slice (8-connected).", valueName: "n"))
    var minPartPixels: Int?

    /// The options that were given, by name.
    var given: [String] {
        let all: [(String, Bool)] = [
            ("--preset", preset != nil), ("--axis", axis != nil),
            ("--orientation", orientation != nil), ("--rows", rows != nil),
            ("--select", select != nil), ("--min-area", minArea != nil),
            ("--margin", margin != nil),
            ("--neighbours", neighbours != nil), ("--window", window != nil),
            ("--pixels", pixels != nil), ("--size", size != nil),
            ("--resampling", resampling != nil), ("--min-part-voxels", minPartVoxels != nil),
            ("--min-part-pixels", minPartPixels != nil),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// The preset and the recipe for a data set; without one, what can be said before the card is known.
    func resolve(card: DatasetCard?) throws -> (preset: SlicePreset?, recipe: SliceRecipe) {
        let named = try preset.map { text in
            try word(
                SlicePreset(rawValue: text), "--preset", text, SlicePreset.allCases.map(\.rawValue))
        }
        var recipe = named?.recipe ?? Self.standard(for: card)
        if let axis {
            recipe.axis = try word(
                SliceAxis(rawValue: axis), "--axis", axis, SliceAxis.allCases.map(\.rawValue))
        }
        if let orientation {
            recipe.orientation = try word(
                SliceOrientation(orientation), "--orientation", orientation,
                ["stored", "one of 48 orientations such as RAS or LPS"])
        }
        if let rows {
            recipe.rowAxis = try word(
                RowAxis(rawValue: rows), "--rows", rows, RowAxis.allCases.map(\.rawValue))
        }
        try applySelection(to: &recipe)
        if let neighbours {
            recipe.neighbours = try number(neighbours, "--neighbours", 0...32)
        }
        if let window {
            recipe.window = try word(
                Self.window(window), "--window", window,
                [
                    "none", "LOW,HIGH with LOW below HIGH", "extremes:LOW,HIGH", "p:LOW,HIGH",
                    "p-nonzero:LOW,HIGH",
                ])
        }
        if let pixels {
            recipe.pixels = try word(
                PixelFormat(rawValue: pixels), "--pixels", pixels,
                PixelFormat.allCases.map(\.rawValue))
        }
        try applySize(to: &recipe)
        if let minPartVoxels {
            recipe.cleanup.minimumVoxels = try number(
                minPartVoxels, "--min-part-voxels", 0...1 << 40)
        }
        if let minPartPixels {
            recipe.cleanup.minimumPixels = try number(
                minPartPixels, "--min-part-pixels", 0...1 << 40)
        }
        if recipe.window == .none, recipe.pixels == .uint8 {
            throw ValidationError(
                "--pixels uint8: needs a window to map values to 0...255; give --window LOW,HIGH")
        }
        return (named, recipe)
    }

    /// What is prepared when no preset is named: the term project's frame and window with the original integers for BTCV
    /// and its like, TransUNet's recipe for Synapse.
    private static func standard(for card: DatasetCard?) -> SliceRecipe {
        guard let card else { return SliceRecipe(window: .range(low: -160, high: 240)) }
        if card.name == "synapse" { return SlicePreset.transunet.recipe }
        if ["btcv", "sample"].contains(card.name) {
            var recipe = SlicePreset.termProject.recipe
            recipe.pixels = .original
            return recipe
        }
        var recipe = SliceRecipe()
        if card.units == "HU" { recipe.window = .range(low: -160, high: 240) }
        return recipe
    }

    private func applySelection(to recipe: inout SliceRecipe) throws {
        let area = try minArea.map { try number($0, "--min-area", 1...1 << 40) }
        if let select {
            switch select {
            case "all":
                if area != nil {
                    throw ValidationError("--min-area: has no meaning with --select all")
                }
                recipe.selection.rule = .all
            case "labelled": recipe.selection.rule = .labelled(minimumArea: area ?? 1)
            default:
                throw ValidationError("--select: found `\(select)`, expected labelled or all")
            }
        } else if let area {
            recipe.selection.rule = .labelled(minimumArea: area)
        }
        if let margin { recipe.selection.margin = try number(margin, "--margin", 0...10_000) }
    }

    private func applySize(to recipe: inout SliceRecipe) throws {
        if let size, size != "native" {
            let words = size.lowercased().split(separator: "x", omittingEmptySubsequences: false)
            let parts = words.compactMap { Int($0) }
            guard parts.count == words.count, parts.count == 1 || parts.count == 2,
                parts.allSatisfy({ (1...16_384).contains($0) })
            else {
                throw ValidationError(
                    "--size: found `\(size)`, expected N, ROWSxCOLUMNS (1 to 16384) or native")
            }
            recipe.size = SliceSize(rows: parts[0], columns: parts[parts.count - 1])
        }
        if let resampling {
            recipe.resampling = try word(
                SliceResampling(rawValue: resampling), "--resampling", resampling,
                SliceResampling.allCases.map(\.rawValue))
        }
        if recipe.size != nil, recipe.pixels == .original, recipe.resampling != .nearest {
            throw ValidationError(
                "--size: interpolation gives new values, which --pixels original would not keep; "
                    + "use --pixels uint8 or float32, or --resampling nearest")
        }
    }

    private static func window(_ text: String) -> IntensityWindow? {
        if text == "none" { return IntensityWindow.none }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let words = (parts.last ?? "").split(separator: ",", omittingEmptySubsequences: false)
        let limits = words.compactMap { Double($0) }
        guard parts.count <= 2, words.count == 2, limits.count == 2, limits[0] < limits[1],
            limits.allSatisfy(\.isFinite)
        else { return nil }
        switch parts.count == 2 ? parts[0] : "" {
        case "": return .range(low: limits[0], high: limits[1])
        case "extremes": return .rangeThenExtremes(low: limits[0], high: limits[1])
        case "p" where limits[0] >= 0 && limits[1] <= 100:
            return .percentiles(lower: limits[0], upper: limits[1], nonZeroOnly: false)
        case "p-nonzero" where limits[0] >= 0 && limits[1] <= 100:
            return .percentiles(lower: limits[0], upper: limits[1], nonZeroOnly: true)
        default: return nil
        }
    }
}

/// The value of a word, or a usage error with the words that are understood.
func word<Value>(
    _ value: Value?, _ option: String, _ found: String, _ expected: [String]
) throws -> Value {
    guard let value else {
        let near = Spelling.suggestion(for: found, among: expected)
        throw ValidationError(
            "\(option): found `\(found)`, expected \(expected.joined(separator: ", "))"
                + (near.map { "; \($0)" } ?? ""))
    }
    return value
}

/// A number in its range, or a usage error.
func number(_ value: Int, _ option: String, _ range: ClosedRange<Int>) throws -> Int {
    guard range.contains(value) else {
        throw ValidationError(
            "\(option): found \(value), expected \(range.lowerBound) to \(range.upperBound)")
    }
    return value
}

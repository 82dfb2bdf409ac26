import FoundationEssentials
import MedicalImaging
import SampleAugmentation
import SamplePreparation
import SampleStore

/// A picture of what a recipe does to a prepared case: a slice at the left, its augmented copies beside it.
public struct AugmentSheet: Sendable {
    /// The case file.
    public let reader: CaseFileReader
    /// The plan of its store.
    public let configuration: PrepareConfiguration
    /// What is drawn and applied.
    public let recipe: AugmentationRecipe
    /// Copies of each slice.
    public var copies = 3
    /// Whether slices are shown in the frame they are stored in.
    public var showsStoredFrame = false

    /// Makes a sheet.
    ///
    /// - Parameters:
    ///   - reader: The case file.
    ///   - configuration: The configuration of its store; its seed is the seed of the draws.
    ///   - recipe: What is drawn and applied.
    public init(
        _ reader: CaseFileReader, configuration: PrepareConfiguration, recipe: AugmentationRecipe
    ) {
        self.reader = reader
        self.configuration = configuration
        self.recipe = recipe
    }

    /// Draws slices and their copies, exactly as `samdata augment` would make them.
    ///
    /// - Parameter positions: Positions in the file.
    /// - Returns: The picture; every slice is a row.
    /// - Throws: An `AugmentationError` when a transform does not fit, `StoreError` or `HDF5Error` when the file is damaged.
    public func render(positions: [Int]) throws -> RGBCanvas {
        let about = reader.description
        try configuration.refusePictures("augmenting")
        let extent = SampleExtent(
            channels: about.channels, rows: about.rows, columns: about.columns)
        let augmenter = try SliceAugmenter(
            pixelType: about.pixelType, format: try configuration.sliceRecipe().pixels,
            window: about.window, caseID: about.caseID)
        var tiles: [SheetTile] = []
        for position in positions {
            let planes = SliceAugmenter.Planes(
                channels: try (0..<about.channels).map {
                    try reader.imageBytes(
                        at: position, channel: about.channels == 1 ? nil : $0)
                }, label: try reader.label(at: position))
            let index = reader.sliceIndices[position]
            tiles.append(tile(planes, caption: "slice \(index)\nas prepared"))
            for copy in 1...max(1, copies) {
                let draws = CopyDraws(
                    recipe: recipe, copy: copy,
                    caseSeed: configuration.caseSeed(about.caseID, purpose: "augmentation"))
                // Drawn among all slices, so that a recipe over volumes shows what it does to this one.
                let place = draws.places(
                    of: reader.sliceIndices, count: about.sliceCount, extent: extent
                ).first { $0.source == index }
                let drawn = place?.drawn ?? DrawnAugmentation(transforms: [])
                let text = drawn.caption
                tiles.append(
                    tile(
                        try augmenter.apply(drawn, to: planes),
                        caption: "copy \(copy)\n\(text)"))
            }
        }
        return CaseSheet.sheet(
            tiles, of: about,
            title: [
                about.dataset, about.caseID, "augmented: \(recipe.name)",
                "seed \(configuration.prompts.seed)",
                showsStoredFrame ? "stored frame" : "",
            ],
            columns: 1 + max(1, copies))
    }

    private func tile(_ planes: SliceAugmenter.Planes, caption: String) -> SheetTile {
        let about = reader.description
        let map = about.pixelToWorld
        let frame = CaseFrame(
            rows: planes.label.rows, columns: planes.label.columns, pixelToWorld: map,
            spacing: map.spacing)
        let display =
            showsStoredFrame ? DisplayFrame(stored: frame) : DisplayFrame(radiological: frame)
        let middle = planes.channels[planes.channels.count / 2]
        let values: [Float] =
            switch about.pixelType {
            case .uint8: middle.map(Float.init)
            case .int16: (Samples.values(of: middle) as [Int16]).map(Float.init)
            case .int32: (Samples.values(of: middle) as [Int32]).map(Float.init)
            case .float32: Samples.values(of: middle)
            }
        let grey = PictureIntensities(about).grey(values)
        return SheetTile(
            grey: display.turned(grey, storedColumns: planes.label.columns),
            width: display.columns, height: display.rows,
            labels: display.turned(planes.label.samples, storedColumns: planes.label.columns),
            caption: caption, displayAspect: display.aspect)
    }
}

extension DrawnAugmentation {
    /// The transforms with their numbers, for people: `rotation 12.4, intensity-shift -0.03`.
    public var summary: String {
        transforms.map { transform in
            guard let data = try? JSONEncoder().encode(transform),
                let members = try? JSONDecoder().decode([String: Member].self, from: data)
            else { return transform.name }
            let keys = members.keys.sorted().filter { $0 != "transform" && $0 != "seed" }
            let numbers = keys.compactMap { key in
                if case .number(let number)? = members[key] { (key, number) } else { nil }
            }
            var words = numbers.filter { numbers.count == 1 || $0.1 != 0 }.map { key, number in
                (numbers.count == 1 ? "" : key + " ") + ReadableNumber.text(number)
            }
            if case .word(let axis)? = members["axis"] { words.append(axis) }
            return ([transform.name] + words).joined(separator: " ")
        }.joined(separator: ", ")
    }

    /// The summary of one transform, or the names of several.
    var caption: String {
        switch transforms.count {
        case 0: "unchanged"
        case 1: summary
        default: transforms.map(\.name).joined(separator: ", ")
        }
    }

    private enum Member: Decodable {
        case number(Double)
        case word(String)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let word = try? container.decode(String.self) {
                self = .word(word)
            } else {
                self = .other
            }
        }
    }
}

/// Numbers with two decimals at most.
private enum ReadableNumber {
    static func text(_ number: Double) -> String {
        guard number.isFinite, number.magnitude < 1e9 else { return "\(number)" }
        let hundredths = Int((number * 100).rounded())
        let magnitude = abs(hundredths)
        var text = "\(magnitude / 100)"
        if magnitude % 100 != 0 {
            let rest = magnitude % 100
            text += "." + (rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)")
        }
        return (hundredths < 0 ? "-" : "") + text
    }
}

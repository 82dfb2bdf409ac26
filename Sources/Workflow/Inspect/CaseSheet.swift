import MedicalImaging
import SampleStore

/// A picture of a prepared case: slices with mask contours, boxes and points.
public struct CaseSheet: Sendable {
    /// The case file.
    public let reader: CaseFileReader
    /// Prompts that are drawn, by name; `nil` for all but the enlarged and jittered copies of a box that is drawn anyway, and for
    /// none where objects are outlined.
    public var prompts: [String]?
    /// Whether slices are shown in the frame they are stored in, instead of as radiologists look at them.
    public var showsStoredFrame = false
    /// The most slices of a sheet when none is named.
    public var limit = 12

    /// Makes a sheet of a case.
    ///
    /// - Parameter reader: The case file.
    public init(_ reader: CaseFileReader) { self.reader = reader }

    /// The positions shown when none is named: evenly spread over the slices with labels.
    ///
    /// - Returns: At most ``limit`` positions, ascending; slices without labels only when there is no other.
    public func defaultPositions() -> [Int] {
        let labelled = (0..<reader.count).filter { reader.organAreas[$0].contains { $0 > 0 } }
        let candidates = labelled.isEmpty ? Array(0..<reader.count) : labelled
        guard candidates.count > limit else { return candidates }
        // the middle of each of `limit` equal parts
        return (0..<limit).map { candidates[(2 * $0 + 1) * candidates.count / (2 * limit)] }
    }

    /// The position of a slice index of the volume.
    ///
    /// - Parameter sliceIndex: Index along the sliced axis.
    /// - Returns: The position in the file.
    /// - Throws: `StoreError` when the slice was not kept.
    public func position(ofSlice sliceIndex: Int) throws -> Int {
        guard let position = reader.sliceIndices.firstIndex(of: sliceIndex) else {
            let kept = reader.sliceIndices
            throw StoreError.notFound(
                path: reader.path, what: "slice \(sliceIndex)",
                available: kept.isEmpty
                    ? "none" : "\(kept.count) slices from \(kept[0]) to \(kept[kept.count - 1])")
        }
        return position
    }

    /// Draws slices.
    ///
    /// - Parameter positions: Positions in the file.
    /// - Returns: The picture.
    /// - Throws: `StoreError` or `HDF5Error` when the file is damaged.
    public func render(positions: [Int]) throws -> RGBCanvas {
        let about = reader.description
        return Self.sheet(
            try positions.map { position in
                var tile = try tile(at: position)
                // Nuclei of a whole picture are small.
                if about.channelMeaning == .rgb, positions.count <= 2 { tile.largestSide = 1024 }
                return tile
            }, of: about,
            title: [
                about.dataset, about.caseID, about.part, about.axis,
                "\(about.columns)x\(about.rows) px",
            ])
    }

    /// Lays out tiles of a case under a title, with the labels that occur on them.
    static func sheet(
        _ tiles: [SheetTile], of about: CaseDescription, title: [String], columns: Int? = nil
    ) -> RGBCanvas {
        let shown = Set(tiles.flatMap { Set($0.labels) })
        let legend = about.labels.filter { shown.contains(UInt8(clamping: $0.id)) }.map { entry in
            let (red, green, blue) = entry.rgb
            return SheetLegendEntry(
                label: UInt8(clamping: entry.id), name: entry.name,
                color: RGBColor(red: red, green: green, blue: blue))
        }
        return ContactSheet(
            title: title.filter { !$0.isEmpty }.joined(separator: "  "), tiles: tiles,
            legend: legend, columns: columns
        ).render()
    }

    private func defaultPrompts() throws -> [String] {
        let names = try reader.promptNames()
        guard names.contains("box") else { return names }
        // Boxes and points would cover the hundreds of nuclei of a picture, whose outlines are drawn.
        if reader.description.instances != nil { return [] }
        return names.filter { $0 == "box" || !$0.hasPrefix("box") }
    }

    private func color(of label: UInt8) -> RGBColor {
        guard let entry = reader.description.labels.first(where: { $0.id == Int(label) }) else {
            return .standard(forLabel: label)
        }
        let (red, green, blue) = entry.rgb
        return RGBColor(red: red, green: green, blue: blue)
    }

    private func tile(at position: Int) throws -> SheetTile {
        let about = reader.description
        let map = about.pixelToWorld
        let frame = CaseFrame(
            rows: about.rows, columns: about.columns, pixelToWorld: map, spacing: map.spacing)
        let isPicture = about.channelMeaning == .rgb
        let display =
            showsStoredFrame || isPicture
            ? DisplayFrame(stored: frame) : DisplayFrame(radiological: frame)
        let channels =
            isPicture
            ? try (0..<3).map { try reader.imageBytes(at: position, channel: $0) }
            : [PictureIntensities(about).grey(try reader.image(at: position).samples)]
        let label = try reader.label(at: position)
        let records = try reader.records()
        var boxes: [SheetBox] = []
        var points: [SheetPoint] = []
        for name in try prompts ?? defaultPrompts() {
            let stored = try reader.prompts(name)
            for (n, record) in records.enumerated() where record.slice == position {
                switch stored.values {
                case .boxes(let all):
                    let a = display.shown(x: Int(all[n].x0), y: Int(all[n].y0))
                    let b = display.shown(x: Int(all[n].x1), y: Int(all[n].y1))
                    boxes.append(
                        SheetBox(
                            x0: min(a.x, b.x), y0: min(a.y, b.y), x1: max(a.x, b.x),
                            y1: max(a.y, b.y), color: color(of: record.label)))
                case .points(let all):
                    for point in all[n] where point.x >= 0 {
                        let place = display.shown(x: Int(point.x), y: Int(point.y))
                        points.append(
                            SheetPoint(
                                x: place.x, y: place.y,
                                symbol: name.hasPrefix("centre")
                                    ? .centre : point.isForeground ? .random : .background))
                    }
                }
            }
        }
        let organs = reader.organAreas[position].count { $0 > 0 }
        var tile = SheetTile(
            channels: channels.map { display.turned($0, storedColumns: about.columns) },
            width: display.columns, height: display.rows,
            labels: display.turned(label.samples, storedColumns: about.columns),
            caption: caption(at: position, organs: organs),
            boxes: boxes, points: points, displayAspect: display.aspect)
        if isPicture { tile.instances = try reader.instances(at: position) ?? [] }
        return tile
    }

    private func caption(at position: Int, organs: Int) -> String {
        guard let patches = reader.description.patches else {
            return "slice \(reader.sliceIndices[position])\n"
                + (organs == 1 ? "1 label" : "\(organs) labels")
        }
        func percent(_ value: Float) -> String { "\(Int((value * 100).rounded())) %" }
        let origin = patches.origins[position]
        return "patch \(position) at (\(origin.x), \(origin.y))\n"
            + "label \(percent(patches.foreground[position]))"
            + (patches.tissue.map { ", tissue \(percent($0[position]))" } ?? "")
    }
}

/// Stored pixels as grey values to look at.
struct PictureIntensities {
    let low: Float
    let high: Float

    init(_ description: CaseDescription) {
        switch (description.pixelType, description.pixelFormat) {
        case (.uint8, _): (low, high) = (0, 255)
        case (.float32, "float32") where description.window != nil: (low, high) = (0, 1)
        default:
            let window = description.window ?? (-160...240)
            (low, high) = (Float(window.lowerBound), Float(window.upperBound))
        }
    }

    func grey(_ values: [Float]) -> [UInt8] {
        let scale = high > low ? 255 / (high - low) : 0
        return values.map { value in
            let scaled = (value - low) * scale
            return scaled > 0 ? UInt8(min(255, scaled + 0.5)) : 0
        }
    }
}

import MedicalDatasets
import MedicalImaging
import SafeFiles
import SamplePreparation
import SampleStore
import SlideAnnotations
import TIFF

/// Where the labels of a picture come from, ready to be asked for any window.
///
/// Label ids are those of the card. Under ``PatchConfiguration/Instances`` every pixel also has the number of its object.
struct PictureLabels: Sendable {
    /// The labels of a window.
    struct Window: Sendable {
        /// Label ids, row by row.
        var labels: [UInt8]
        /// Numbers of objects; `nil` when there are none.
        var instances: [UInt32]?
        /// Pixels that more than one region claims.
        var contested = 0
    }

    private enum Source: Sendable {
        case none
        /// Regions of slides: for each label what is covered and what is taken away.
        case regions([(label: UInt8, mask: OutlineMask)])
        /// Objects: every outline is one, with the number of its place in the file.
        case objects(OutlineRasteriser, numbers: [UInt32], label: UInt8)
        /// A label picture of the size of level 0, in memory.
        case map(labels: [UInt8], instances: [UInt32]?, width: Int, height: Int)
        /// A label picture with levels, read window by window.
        case slide(LabelSlide)
    }

    private let source: Source
    /// Columns and rows of level 0.
    private let picture: (width: Int, height: Int)
    /// The files that were read.
    let inputs: [UnitRecord.Input]
    /// What a reader should know.
    let warnings: [String]
    /// How outlines became pixels; empty when there were none.
    let rule: String
    /// Micrometres per pixel as the annotation says.
    let micronsPerPixel: Double?

    /// The instances of the label files, for choosing the type of the stored map.
    var largestInstance: UInt32 {
        switch source {
        case .objects(_, let numbers, _): numbers.max() ?? 0
        case .map(_, let instances, _, _): instances?.max() ?? 0
        default: 0
        }
    }

    /// Whether pixels have numbers of objects.
    var hasInstances: Bool {
        switch source {
        case .objects: true
        case .map(_, let instances, _, _): instances != nil
        default: false
        }
    }

    /// Reads the label files of a case.
    ///
    /// - Parameters:
    ///   - unit: The case.
    ///   - root: The input folder.
    ///   - card: Labels, groups, values.
    ///   - plan: What to take and how.
    ///   - picture: Columns and rows of level 0.
    ///   - maxBytes: The most bytes of a label picture.
    /// - Throws: ``WorkflowError`` when labels and picture do not fit, and the errors of the files' formats.
    init(
        _ unit: PreparePlan.Unit, root: String, card: DatasetCard, plan: PrepareConfiguration,
        picture: (width: Int, height: Int), maxBytes: Int
    ) throws {
        guard let configuration = plan.patches else {
            throw WorkflowError(.internalError, "a plan without patches came to pictures")
        }
        self.picture = picture
        var warnings: [String] = []
        let wantsOutlines = configuration.labelSource != .mask
        let wantsMask = configuration.labelSource != .outlines
        if wantsOutlines, let annotation = unit.annotation {
            let path = try FilePath.join(root, annotation)
            let bytes = try FileReading.contents(of: path, limit: AnnotationLimits.standard.bytes)
            let read = try SlideAnnotation.read(bytes: bytes, named: annotation)
            micronsPerPixel = Self.plausible(read.micronsPerPixel)
            inputs = [
                UnitRecord.Input(
                    role: "annotation", path: annotation, bytes: bytes.count,
                    sha256: ContentDigest.sha256(of: bytes))
            ]
            try Self.check(
                read, annotation, picture: picture, allowOutside: configuration.allowOutside,
                &warnings)
            if !read.skipped.isEmpty {
                warnings.append(
                    "\(annotation): \(read.skipped.count == 1 ? "1 region encloses nothing and is" : "\(read.skipped.count) regions enclose nothing and are") left out: "
                        + read.skipped.prefix(5).map(\.description).joined(separator: "; ")
                        + (read.skipped.count > 5 ? "; ..." : ""))
            }
            rule = configuration.rule.rawValue
            source =
                PatchConfiguration.describesSlides(card)
                ? try Self.regions(read, annotation, card, configuration, &warnings)
                : Self.objects(read, card, configuration, picture: picture)
            self.warnings = warnings
            return
        }
        rule = ""
        micronsPerPixel = nil
        if wantsMask, !unit.label.isEmpty {
            let path = try FilePath.join(root, unit.label)
            let digest = try FileReading.sha256(of: path)
            inputs = [
                UnitRecord.Input(
                    role: "label", path: unit.label, bytes: Folders.size(of: path) ?? 0,
                    sha256: digest)
            ]
            let lookup = card.labelLookup(plan.labelValues == "card-ids" ? .cardIDs : .raw)
            let ignored = Set(plan.ignoredLabelValues)
            let translate: @Sendable (UInt32) throws -> UInt8 = { value in
                guard let id = lookup[Int(value)] ?? (ignored.contains(Int(value)) ? 0 : nil)
                else {
                    throw WorkflowError(
                        .data,
                        "\(unit.label): found the value \(value), which the card \(card.name) does not list; add it "
                            + "to the card, or read it as background with --ignore-label \(value)")
                }
                return UInt8(clamping: id)
            }
            if PatchConfiguration.describesSlides(card) {
                source = .slide(
                    try LabelSlide(
                        path: path, name: unit.label, picture: picture, translate: translate))
            } else {
                source = try Self.map(
                    path, unit.label, picture: picture, instances: configuration.instances,
                    label: card.labels.first?.id ?? 1, maxBytes: maxBytes, translate: translate)
            }
            self.warnings = warnings
            return
        }
        if configuration.labelSource != .automatic {
            throw WorkflowError(
                .missingInput,
                "\(unit.image): found no \(configuration.labelSource == .mask ? "label picture" : "annotation"), "
                    + "expected one under --labels \(configuration.labelSource.rawValue); use --labels automatic"
            )
        }
        inputs = []
        source = .none
        self.warnings = warnings
    }

    /// The labels of a window of stored pixels; there are none beyond the picture, wherever outlines reach.
    func window(_ window: PatchWindow) throws -> Window {
        let count = window.area
        switch source {
        case .none:
            return Window(labels: [UInt8](repeating: 0, count: count))
        case .regions(let regions):
            var labels = [UInt8](repeating: 0, count: count)
            for (n, region) in regions.enumerated() {
                if n == 0 {
                    _ = labels.withUnsafeMutableBufferPointer {
                        region.mask.fill(window, into: $0)
                    }
                    if region.label != 1 { for i in labels.indices { labels[i] *= region.label } }
                    continue
                }
                let more = region.mask.mask(window)
                for i in labels.indices where labels[i] == 0 && more[i] != 0 {
                    labels[i] = region.label
                }
            }
            forEachPixelBeyond(window) { labels[$0] = 0 }
            return Window(labels: labels)
        case .objects(let rasteriser, let numbers, let label):
            var ids = [UInt32](repeating: 0, count: count)
            var claims = [UInt8](repeating: 0, count: count)
            var contested = ids.withUnsafeMutableBufferPointer { ids in
                claims.withUnsafeMutableBufferPointer {
                    rasteriser.fillInstances(window, into: ids, contested: $0)
                }
            }
            forEachPixelBeyond(window) {
                ids[$0] = 0
                contested -= Int(claims[$0])
            }
            var labels = [UInt8](repeating: 0, count: count)
            for i in ids.indices where ids[i] != 0 {
                ids[i] = numbers[Int(ids[i]) - 1]
                labels[i] = label
            }
            return Window(labels: labels, instances: ids, contested: contested)
        case .map(let labels, let instances, let width, let height):
            return Window(
                labels: Self.crop(labels, width, height, window),
                instances: instances.map { Self.crop($0, width, height, window) })
        case .slide(let slide):
            return Window(labels: try slide.window(window))
        }
    }

    /// The pixels of a window whose centres lie beyond the picture.
    private func forEachPixelBeyond(_ window: PatchWindow, _ body: (Int) -> Void) {
        func inside(_ places: [Int], _ size: Int) -> Range<Int> {
            guard let first = places.firstIndex(where: { (0..<size).contains($0) }),
                let last = places.lastIndex(where: { (0..<size).contains($0) })
            else { return 0..<0 }
            return first..<last + 1
        }
        let columns = inside(window.levelZeroColumns, picture.width)
        let rows = inside(window.levelZeroRows, picture.height)
        if columns.count == window.width, rows.count == window.height { return }
        for row in 0..<window.height {
            let start = row * window.width
            guard rows.contains(row) else {
                for column in 0..<window.width { body(start + column) }
                continue
            }
            for column in 0..<columns.lowerBound { body(start + column) }
            for column in columns.upperBound..<window.width { body(start + column) }
        }
    }

    /// The pixel size an annotation names, for pictures that do not say it.
    static func micronsPerPixel(_ unit: PreparePlan.Unit, root: String) throws -> Double? {
        guard let annotation = unit.annotation else { return nil }
        return plausible(
            try SlideAnnotation.read(path: try FilePath.join(root, annotation)).micronsPerPixel)
    }

    // MARK: - Parts

    private static func plausible(_ size: Double?) -> Double? {
        size.flatMap { $0 > 0.01 && $0 < 20 ? $0 : nil }
    }

    /// Refuses the annotation of another slide.
    private static func check(
        _ annotation: SlideAnnotation, _ name: String, picture: (width: Int, height: Int),
        allowOutside: Bool, _ warnings: inout [String]
    ) throws {
        let outside = annotation.regionsOutside(
            width: picture.width, height: picture.height)
        guard !outside.isEmpty else { return }
        let text =
            "\(name): \(outside.count) of \(annotation.regions.count) outlines lie outside of the picture of "
            + "\(picture.width) x \(picture.height) pixels"
        // A few strays are drawing mistakes; the outlines of another slide are many.
        guard allowOutside || outside.count * 10 <= annotation.regions.count else {
            throw WorkflowError(
                .data,
                text
                    + ", expected them inside; the annotation belongs to another slide or level, fetch the right "
                    + "one, or go on with --allow-outside")
        }
        warnings.append(text)
    }

    private static func regions(
        _ annotation: SlideAnnotation, _ name: String, _ card: DatasetCard,
        _ configuration: PatchConfiguration, _ warnings: inout [String]
    ) throws -> Source {
        var regions: [(label: UInt8, mask: OutlineMask)] = []
        // A region that no label wants is of a group the card does not know.
        var unwanted: [Int: AnnotatedRegion] = [:]
        for (n, label) in card.labels.enumerated() {
            let selected = annotation.selection(
                groups: label.groups, backgroundGroups: card.backgroundGroups)
            let unlisted = Set(selected.unlisted.map(\.index))
            if n == 0 {
                for region in selected.unlisted { unwanted[region.index] = region }
            } else {
                unwanted = unwanted.filter { unlisted.contains($0.key) }
            }
            regions.append(
                (
                    label.id,
                    OutlineMask(
                        areas: selected.foregroundPolygons,
                        exclusions: selected.backgroundPolygons, rule: configuration.rule)
                ))
        }
        let strange = Set(unwanted.values.map(\.group)).subtracting([""]).sorted()
        guard strange.isEmpty else {
            throw WorkflowError(
                .data,
                "\(name): found outlines of the groups \(strange.joined(separator: ", ")), which the card "
                    + "\(card.name) lists neither under labels nor under backgroundGroups; add them to a card of your "
                    + "own (--card)")
        }
        if !unwanted.isEmpty {
            warnings.append("\(name): \(unwanted.count) outlines without a group are left out")
        }
        return .regions(regions)
    }

    private static func objects(
        _ annotation: SlideAnnotation, _ card: DatasetCard, _ configuration: PatchConfiguration,
        picture: (width: Int, height: Int)
    ) -> Source {
        let label = card.labels.first?.id ?? 1
        let rasteriser = OutlineRasteriser(
            annotation.regions.map(\.polygon), rule: configuration.rule)
        // Numbers count all regions of the file, also those that enclose nothing, so that they stay the same.
        let numbers = annotation.regions.map { UInt32(clamping: $0.index + 1) }
        switch configuration.instances {
        case .outlines, .numbers:
            return .objects(rasteriser, numbers: numbers, label: label)
        case .none:
            return .regions([
                (
                    label,
                    OutlineMask(areas: annotation.regions.map(\.polygon), rule: configuration.rule)
                )
            ])
        case .components:
            let window = PatchWindow(width: picture.width, height: picture.height)
            let mask = rasteriser.mask(window)
            return .map(
                labels: mask.map { $0 * label },
                instances: InstanceMap(
                    componentsOf: LabelSlice(
                        rows: picture.height, columns: picture.width, samples: mask)
                ).ids, width: picture.width, height: picture.height)
        }
    }

    private static func map(
        _ path: String, _ name: String, picture: (width: Int, height: Int),
        instances: PatchConfiguration.Instances, label: UInt8, maxBytes: Int,
        translate: (UInt32) throws -> UInt8
    ) throws -> Source {
        let picked = try PictureFile.labels(path: path, name: name, maxBytes: maxBytes)
        guard picked.width == picture.width, picked.height == picture.height else {
            throw WorkflowError(
                .data,
                "\(name): found a label picture of \(picked.width) x \(picked.height) pixels, expected "
                    + "\(picture.width) x \(picture.height) as the picture has; fetch the right one"
            )
        }
        let holdsNumbers =
            instances == .numbers
            || instances == .outlines && isNumberMap(picked.values, translate)
        let labels: [UInt8] =
            holdsNumbers
            ? picked.values.map { $0 == 0 ? 0 : label } : try picked.values.map(translate)
        let numbers: [UInt32]?
        if instances == .none {
            numbers = nil
        } else if holdsNumbers {
            numbers = picked.values
        } else {
            numbers = components(of: labels, width: picked.width, height: picked.height)
        }
        return .map(
            labels: labels, instances: numbers, width: picked.width, height: picked.height)
    }

    /// Numbers the 8-connected components of each label, labels ascending.
    private static func components(of labels: [UInt8], width: Int, height: Int) -> [UInt32] {
        var result = [UInt32](repeating: 0, count: labels.count)
        var last: UInt32 = 0
        for label in Set(labels).subtracting([0]).sorted() {
            let part = InstanceMap(
                componentsOf: LabelSlice(
                    rows: height, columns: width, samples: labels.map { $0 == label ? 1 : 0 }))
            var most = last
            for (n, id) in part.ids.enumerated() where id != 0 {
                result[n] = last + id
                most = max(most, last + id)
            }
            last = most
        }
        return result
    }

    /// Whether most of the labelled pixels have values that are no classes: then they number objects.
    ///
    /// A few strays among classes are an error of the file, which the translation names.
    private static func isNumberMap(
        _ values: [UInt32], _ translate: (UInt32) throws -> UInt8
    ) -> Bool {
        var counts: [UInt32: Int] = [:]
        for value in values where value != 0 { counts[value, default: 0] += 1 }
        let listed = counts.reduce(0) { sum, entry in
            (try? translate(entry.key)) == nil ? sum : sum + entry.value
        }
        return 2 * listed < counts.values.reduce(0, +)
    }

    /// The nearest values of a window; 0 beyond the picture.
    private static func crop<Value: BinaryInteger>(
        _ values: [Value], _ width: Int, _ height: Int, _ window: PatchWindow
    ) -> [Value] {
        var result: [Value] = []
        result.reserveCapacity(window.area)
        let columns = window.levelZeroColumns
        for y in window.levelZeroRows {
            for x in columns {
                result.append(
                    x >= 0 && x < width && y >= 0 && y < height ? values[y * width + x] : 0)
            }
        }
        return result
    }
}

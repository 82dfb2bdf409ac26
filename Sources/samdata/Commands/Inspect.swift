import ArgumentParser
import SafeFiles
import SamdataWorkflow
import SampleStore

/// `samdata inspect`: what a store or a slide holds.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a store or a slide holds.",
        discussion: """
            Of a store: cases, slices, labels, spacings, prompts. Of a TIFF: levels, tiles, compression, pixel size, associated \
            pictures, and the outlines of --annotations.

            Examples:
              samdata inspect OUT
              samdata inspect slide.tif --annotations slide.xml
            """)

    @Argument(
        help: ArgumentHelp(
            "The folder of a prepared store, or a slide (TIFF, SVS).", valueName: "OUT|slide.tif"),
        completion: .file())
    var store: String

    @Option(
        help: ArgumentHelp(
            "The outlines of the slide: Aperio or ASAP XML, GeoJSON, NCRF JSON.", valueName: "FILE"),
        completion: .file(extensions: ["xml", "json", "geojson"]))
    var annotations: String?

    @OptionGroup(title: "Output") var output: OutputOptions

    private var layout: StoreLayout { StoreLayout(root: store) }

    func run() throws {
        guard Folders.isFile(store) else {
            guard annotations == nil else {
                throw ValidationError(
                    "--annotations: belongs to a slide, found the folder \(store)")
            }
            try showStore()
            return
        }
        try show(SlideReport(path: store, annotation: annotations))
    }

    private func show(_ report: SlideReport) throws {
        if output.json {
            try Terminal.json(report)
            return
        }
        let size = report.levels[0]
        var facts = ["\(size.width) x \(size.height) pixels", report.vendor]
        if let pixel = report.pixelSize, let source = report.pixelSizeSource {
            facts.append(
                "\(Terminal.decimals(pixel[0], 4)) x \(Terminal.decimals(pixel[1], 4)) um per pixel (\(source))"
            )
        } else {
            facts.append("pixel size unknown")
        }
        if let power = report.objectivePower { facts.append("\(Terminal.decimals(power, 0))x") }
        facts.append(Terminal.bytes(report.bytes))
        Terminal.result("\(store): " + facts.joined(separator: ", "))
        Terminal.result("")
        var levels = TextTable([
            "#level", "#columns x rows", "#downsample", "#um/px", "#tile", "compression",
            "#missing", "#directory",
        ])
        for (n, level) in report.levels.enumerated() {
            levels.add([
                "\(n)", "\(level.width) x \(level.height)", Terminal.decimals(level.downsample, 3),
                level.micronsPerPixel.map { Terminal.decimals($0, 4) } ?? "-",
                (level.isTiled ? "" : "strip ")
                    + level.tile.map(String.init).joined(separator: " x "),
                level.compression, "\(level.missingTiles)", "\(level.directory)",
            ])
        }
        levels.lines.forEach(Terminal.result)
        for picture in report.associated {
            Terminal.result("\(picture.name) picture: \(picture.width) x \(picture.height)")
        }
        if let outlines = report.annotation {
            let groups = outlines.groups.keys.sorted().map {
                "\(outlines.groups[$0] ?? 0) \($0.isEmpty ? "without a group" : "`\($0)`")"
            }
            Terminal.result("")
            Terminal.result(
                "\(outlines.format): \(outlines.regions) outlines (\(groups.joined(separator: ", "))), "
                    + "\(outlines.vertices) vertices, \(outlines.skipped.count) left out, "
                    + "\(outlines.outside) outside of the slide")
            if !output.quiet {
                if outlines.outside * 10 > outlines.regions {
                    Terminal.warn("many outlines lie outside of the slide; do they belong to it?")
                }
                for skipped in outlines.skipped.prefix(20) { Terminal.warn(skipped) }
            }
        }
        if !output.quiet { report.notes.forEach(Terminal.warn) }
    }

    private func showStore() throws {
        let summary = try StoreSummary(of: layout)
        if output.json {
            try Terminal.json(summary)
            return
        }
        let recipe = summary.recipe
        Terminal.result(
            "\(layout.root): data set \(summary.dataset)"
                + (summary.split.isEmpty ? "" : ", split \(summary.split)")
                + (summary.preset.isEmpty ? "" : ", preset \(summary.preset)"))
        Terminal.result(
            "\(summary.caseCount) cases\(summary.caseCount == summary.cases.count ? "" : " in \(summary.cases.count) parts"), "
                + "\(summary.slices) \(summary.patches == nil ? "slices" : "patches"), \(summary.records) records, "
                + Terminal.bytes(summary.bytes))
        if let patches = summary.patches {
            Terminal.result(patches.summary)
        } else {
            showSlices(recipe)
        }
        Terminal.result(
            "prompts: \(summary.prompts.isEmpty ? "none" : summary.prompts.joined(separator: " "))")
        Terminal.result("")
        try showCases(summary)
    }

    private func showSlices(_ recipe: PrepareConfiguration.Slices) {
        Terminal.result(
            "\(recipe.axis) slices, axes \(recipe.orientation), rows `\(recipe.rows)`, pixels \(recipe.pixels)"
                + (recipe.window == "none"
                    ? ""
                    : ", window \(recipe.window) \(plain(recipe.windowLow))...\(plain(recipe.windowHigh))")
        )
    }

    private func showCases(_ summary: StoreSummary) throws {
        let noun = summary.patches == nil ? "slices" : "patches"
        var cases = TextTable([
            "case", "part", "#\(noun)", "#records", "#rows x columns", "pixels",
            summary.patches == nil ? "#spacing mm (column row slice)" : "#um per pixel", "#size",
            "without",
        ])
        for entry in summary.cases {
            cases.add([
                entry.id, entry.part, "\(entry.slices)", "\(entry.records)",
                entry.size.map(String.init).joined(separator: " x "), entry.pixels,
                spacing(entry, isPicture: summary.patches != nil),
                Terminal.bytes(entry.bytes),
                entry.absentLabels.count > 4
                    ? "\(entry.absentLabels.count) labels"
                    : entry.absentLabels.joined(separator: ", "),
            ])
        }
        cases.lines.forEach(Terminal.result)
        Terminal.result("")
        var labels = TextTable(["#id", "label", "#cases", "#\(noun)", "#pixels"])
        for label in summary.labels {
            labels.add([
                "\(label.id)", label.name, "\(label.cases)", "\(label.slices)", "\(label.pixels)",
            ])
        }
        labels.lines.forEach(Terminal.result)
        let warnings = summary.cases.flatMap { entry in entry.warnings.map { "\(entry.id): \($0)" }
        }
        if !output.quiet { warnings.forEach(Terminal.warn) }
        if !summary.missing.isEmpty {
            Terminal.warn("missing from this store: \(summary.missing.joined(separator: " "))")
        }
    }

    private func spacing(_ entry: StoreSummary.Case, isPicture: Bool) -> String {
        guard isPicture else {
            return entry.spacing.map { Terminal.decimals($0, 3) }.joined(separator: " ")
        }
        // Without a pixel size the grid counts pixels.
        guard let first = entry.spacing.first, first < 0.5 else { return "unknown" }
        return entry.spacing.prefix(2).map { Terminal.decimals($0 * 1000, 4) }
            .joined(separator: " ")
    }

    private func plain(_ value: Double?) -> String {
        guard let value else { return "" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}

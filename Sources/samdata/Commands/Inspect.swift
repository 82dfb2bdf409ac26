import ArgumentParser
import SamdataWorkflow

/// `samdata inspect`: what a store holds.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a store holds: cases, slices, labels, spacings, prompts.")

    @OptionGroup var store: StoreArgument
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let summary = try StoreSummary(of: store.layout)
        if output.json {
            try Terminal.json(summary)
            return
        }
        let recipe = summary.recipe
        Terminal.result(
            "\(store.layout.root): data set \(summary.dataset)"
                + (summary.split.isEmpty ? "" : ", split \(summary.split)")
                + (summary.preset.isEmpty ? "" : ", preset \(summary.preset)"))
        Terminal.result(
            "\(summary.cases.count) cases, \(summary.slices) slices, \(summary.records) records, "
                + Terminal.bytes(summary.bytes))
        Terminal.result(
            "\(recipe.axis) slices, axes \(recipe.orientation), rows `\(recipe.rows)`, pixels \(recipe.pixels)"
                + (recipe.window == "none"
                    ? ""
                    : ", window \(recipe.window) \(plain(recipe.windowLow))...\(plain(recipe.windowHigh))")
        )
        Terminal.result(
            "prompts: \(summary.prompts.isEmpty ? "none" : summary.prompts.joined(separator: " "))")
        Terminal.result("")
        var cases = TextTable([
            "case", "part", "#slices", "#records", "#rows x columns", "pixels",
            "#spacing mm (column row slice)", "#size", "without",
        ])
        for entry in summary.cases {
            cases.add([
                entry.id, entry.part, "\(entry.slices)", "\(entry.records)",
                entry.size.map(String.init).joined(separator: " x "), entry.pixels,
                entry.spacing.map { Terminal.decimals($0, 3) }.joined(separator: " "),
                Terminal.bytes(entry.bytes),
                entry.absentLabels.count > 4
                    ? "\(entry.absentLabels.count) labels"
                    : entry.absentLabels.joined(separator: ", "),
            ])
        }
        cases.lines.forEach(Terminal.result)
        Terminal.result("")
        var labels = TextTable(["#id", "label", "#cases", "#slices", "#pixels"])
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

    private func plain(_ value: Double?) -> String {
        guard let value else { return "" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}

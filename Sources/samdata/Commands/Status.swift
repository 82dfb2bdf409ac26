import ArgumentParser
import SamdataWorkflow

/// `samdata status`: how far a preparation is.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how far a preparation is: done, missing, failed, temporary.")

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Report on each of N shards.", valueName: "N"))
    var shards = 0

    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws { _ = try number(shards, "--shards", 0...100_000) }

    func run() throws {
        let status = try StoreStatus(of: store.layout, shards: shards)
        if output.json {
            try Terminal.json(status)
            return
        }
        Terminal.result(
            "\(store.layout.root): \(status.done) of \(status.units) cases done, "
                + (status.hasManifest ? "manifest written" : "no manifest yet"))
        if !status.missing.isEmpty {
            Terminal.result("missing: \(status.missing.joined(separator: " "))")
        }
        for (unit, reason) in status.failed.sorted(by: { $0.key < $1.key }) {
            Terminal.result("failed: \(unit): \(reason)")
        }
        if !status.stale.isEmpty {
            Terminal.result("made by another plan: \(status.stale.joined(separator: " "))")
        }
        for (unit, reason) in status.damaged.sorted(by: { $0.key < $1.key }) {
            Terminal.result("damaged: \(unit): \(reason)")
        }
        if !status.temporaries.isEmpty {
            Terminal.result(
                "\(status.temporaries.count) temporary files of interrupted runs; "
                    + "`samdata gc` removes them")
        }
        if shards > 0 {
            var table = TextTable(["#shard", "#done", "#cases"])
            for (index, counts) in status.shards.enumerated() {
                table.add(["\(index)/\(shards)", "\(counts[0])", "\(counts[1])"])
            }
            table.lines.forEach(Terminal.result)
        }
    }
}

import ArgumentParser
import SamdataWorkflow

/// `samdata merge`: checks that all shards are done and writes the manifest.
struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that every case is prepared, and write the manifest.")

    @OptionGroup var store: StoreArgument

    @Flag(name: .customLong("verify"), help: "Hash every case file again.")
    var rehashes = false

    @Flag(help: "List missing and failed cases in the manifest instead of stopping.")
    var allowMissing = false

    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        var merge = MergeRun(layout: store.layout)
        merge.rehashes = rehashes
        merge.allowsMissing = allowMissing
        let manifest = try merge.run()
        if output.json {
            try Terminal.json(manifest)
        } else {
            Terminal.result(
                "\(store.layout.root): \(manifest.cases.count) cases in the manifest"
                    + (manifest.missing.isEmpty
                        ? "" : ", \(manifest.missing.count) listed as missing"))
        }
    }
}

import ArgumentParser
import SafeFiles
import SamdataWorkflow
import SampleAugmentation
import SampleStore

/// `samdata augment`: a prepared store in, a store with augmented copies out.
struct Augment: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make augmented copies of a prepared store.",
        discussion: """
            Every copy is a case of its own (`0001.copy0001`); the transforms of each slice, with their numbers, are stored \
            in it, so that they can be replayed. Draws depend on seed, case, slice and copy alone: jobs, shards and order \
            change no byte. Prompts are drawn anew on the augmented labels.

            Axes are those of the stored slice: in a store of rows `first` (btcv), horizontal runs along the patient's front and \
            back. Black and white are the limits of the intensity window; gamma, window-jitter and whatever clips limit a \
            slice to it.

            Without --augment, a store of the recipe term-project, transunet or medsam gets the augmentation of the same name.

            Examples:
              samdata augment STORE --to OUT --augment transunet --copies 4
              samdata augment --show strong > mine.json      (edit it)
              samdata augment STORE --to OUT --augment mine.json
              samdata augment --image patch.png --label nuclei.png --to OUT --augment histology --copies 8
              samdata view STORE --case 0001 --augment mine.json -o sheet.png
            """)

    @Argument(
        help: ArgumentHelp("The folder of a prepared store.", valueName: "STORE"),
        completion: .directory)
    var store: String?

    @Option(
        help: ArgumentHelp("The folder of the store to make.", valueName: "OUT"),
        completion: .directory)
    var to: String?

    @Option(
        help: ArgumentHelp(
            "Augment this picture instead of a store: 8-bit grey or RGB; OUT gets PNG copies.",
            valueName: "FILE.png"),
        completion: .file(extensions: ["png"]))
    var image: String?

    @Option(
        help: ArgumentHelp(
            "The mask of --image: label ids of 8 bits or instance numbers of 16.",
            valueName: "FILE.png"),
        completion: .file(extensions: ["png"]))
    var label: String?

    @OptionGroup(title: "Copies") var copies: AugmentOptions

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("Augment this case only; may be repeated.", valueName: "id"))
    var cases: [String] = []

    @Option(
        help: ArgumentHelp("Seed of the draws (default: that of the store).", valueName: "number"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Where parameters come from: keyed (by seed, case, slice and copy) or reference (the very stream of the "
                + "preset's program under this seed, where samdata knows it).",
            valueName: "keyed|reference"))
    var augmentRandom = "keyed"

    @Flag(help: "List the presets and stop.")
    var list = false

    @Option(help: ArgumentHelp("Print the recipe of a preset as JSON and stop.", valueName: "name"))
    var show: String?

    @OptionGroup(title: "Work") var jobs: JobOptions

    @Option(
        help: ArgumentHelp(
            "Augment one shard, i from 0 to N-1; `samdata merge` finishes the store.",
            valueName: "i/N"))
    var shard: String?

    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        _ = try Shard.parse(shard)
        guard ["keyed", "reference"].contains(augmentRandom) else {
            throw ValidationError(
                "--augment-random: found `\(augmentRandom)`, expected keyed or reference")
        }
        if let show { _ = try AugmentOptions.recipe(show) }
        if image != nil {
            guard store == nil, shard == nil, cases.isEmpty, augmentRandom == "keyed" else {
                throw ValidationError(
                    "--image: found options of a store beside it, expected a picture alone")
            }
            guard copies.augmentPart.isEmpty, !copies.onlyCopies else {
                throw ValidationError(
                    "--image: found --augment-part or --only-copies beside it, which belong to a store"
                )
            }
            guard to != nil, copies.augment != nil else {
                throw ValidationError("--image: found no --to or no --augment, expected both")
            }
            return
        }
        if label != nil { throw ValidationError("--label: found no --image, which it belongs to") }
        if !list, show == nil, store == nil || to == nil {
            throw ValidationError(
                "found no \(store == nil ? "STORE" : "--to OUT"), expected the store to augment and the folder to make"
            )
        }
    }

    func run() throws {
        if list {
            try printList()
            return
        }
        if let show {
            Terminal.result(
                String(
                    decoding: try CanonicalJSON.pretty(try AugmentOptions.recipe(show)),
                    as: UTF8.self
                ).trimmingNewline)
            return
        }
        guard let to else { return }
        if let image {
            try augment(image, to: to)
            return
        }
        guard let store else { return }
        let planner = try StoreAugmentPlanner(source: StoreLayout(root: store))
        let hasParts = planner.manifest.cases.contains { !$0.part.isEmpty }
        let standard = AugmentationPreset(rawValue: planner.plan.configuration.preset)
        guard var augmentation = try copies.resolve(standard: standard, hasParts: hasParts) else {
            throw ValidationError(
                "found no --augment, and the recipe of the store names none; expected "
                    + AugmentationPreset.allCases.map(\.rawValue).joined(separator: ", ")
                    + " or FILE.json")
        }
        augmentation.randomness = augmentRandom
        let plan = try planner.plan(augmentation, seed: seed, cases: cases)
        let layout = StoreLayout(root: to)
        var run = PrepareRun(plan: plan, card: nil, root: store, layout: layout)
        run.threads = jobs.count
        run.shard = try Shard.parse(shard)
        try PrepareReporting(layout: layout, output: output, command: "augment").carryOut(run)
    }

    private func augment(_ image: String, to folder: String) throws {
        guard let recipe = try copies.augment.map(AugmentOptions.recipe) else { return }
        var augmenter = PictureAugmenter(image: image, label: label, recipe: recipe)
        augmenter.copies = try copies.copyCount()
        augmenter.seed = seed ?? 0
        let record = try augmenter.run(to: folder)
        if output.json {
            try Terminal.json(record)
            return
        }
        for copy in record.copies {
            let summary = copy.transforms.summary
            Terminal.result("\(folder)/\(copy.image): \(summary.isEmpty ? "unchanged" : summary)")
        }
    }

    private struct Entry: Encodable {
        var name: String
        var summary: String
        var source: String
        var note: String
    }

    private struct ListReport: Encodable {
        var schema = "samdata.augment-list/1"
        var presets: [Entry]
    }

    private func printList() throws {
        if output.json {
            try Terminal.json(
                ListReport(
                    presets: AugmentationPreset.allCases.map {
                        Entry(
                            name: $0.rawValue, summary: $0.summary, source: $0.source,
                            note: $0.note)
                    }))
            return
        }
        for preset in AugmentationPreset.allCases {
            Terminal.result(preset.rawValue)
            Terminal.result("    \(preset.summary)")
            Terminal.result("    \(preset.source)")
            if !preset.note.isEmpty { Terminal.result("    note: \(preset.note)") }
        }
    }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}

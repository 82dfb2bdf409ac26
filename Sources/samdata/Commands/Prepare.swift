import ArgumentParser
import MedicalDatasets
import SafeFiles
import SamdataWorkflow
import SampleStore

/// `samdata prepare`: volumes, pictures or slides in; slices or patches with masks and prompts out.
struct Prepare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn a data set into slices or patches with masks and prompts.",
        discussion: """
            Cases are written one by one; a second run goes on where the first stopped. The same input, plan and seed give \
            the same bytes for any number of jobs and shards.

            Without --preset: btcv and sample keep the term project's frame, slices and window with the original integers; \
            synapse is prepared as TransUNet does (all slices, float32); other cards give LPS slices with any label.

            Examples:
              samdata prepare btcv --from DIR --to OUT
              samdata prepare synapse --from DIR --to OUT --size 224 --resampling spline-zoom
              samdata prepare --card mine.json --split none --from DIR --to OUT --axis coronal
              samdata prepare synapse --from DIR --to OUT --augment transunet --copies 4
              samdata prepare btcv --from DIR --to OUT --shard 3/8      (then: samdata merge OUT)
              samdata prepare monuseg --from DIR --to OUT --patch 250 --label-budget 4%
              samdata prepare camelyon16 --from DIR --to OUT --mpp 0.5 --patch 256 --tissue-min 0.1
            """)

    @Option(
        help: ArgumentHelp("The folder of the store to make.", valueName: "OUT"),
        completion: .directory)
    var to: String

    @OptionGroup(title: "Data set options") var dataset: DatasetOptions

    @Option(
        help: ArgumentHelp(
            "Prepare this part only; may be repeated.", valueName: "train|validation|test"))
    var part: [String] = []

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("Prepare this case only; may be repeated.", valueName: "id"))
    var cases: [String] = []

    @Flag(help: "Go on when cases of the split are not in the folder.")
    var allowMissing = false

    @Option(
        help: ArgumentHelp(
            "Refuse to prepare cases for evaluation that a model trained under this split has seen.",
            valueName: "name|FILE"))
    var trainedUnder: String?

    @Option(
        help: ArgumentHelp(
            "Read this label value as background although the card does not list it; may be repeated.",
            valueName: "value"))
    var ignoreLabel: [Int] = []

    @Option(
        help: ArgumentHelp(
            "Which affine of a NIfTI file to use: automatic, sform or qform.", valueName: "which"))
    var affine = "automatic"

    @Flag(help: "Go on when image and label differ in spacing, direction or origin.")
    var allowGridMismatch = false

    @OptionGroup(title: "Slices") var slices: SliceOptions
    @OptionGroup(title: "Patches of pictures and slides") var patchOptions: PatchOptions
    @OptionGroup(title: "Prompts") var promptOptions: PromptOptions
    @OptionGroup(title: "Augmented copies") var augmentOptions: AugmentOptions
    @OptionGroup(title: "Work") var jobs: JobOptions

    @Option(
        help: ArgumentHelp(
            "The most memory the voxels of one file may take, in GiB.", valueName: "GiB"))
    var maxMemory = 4

    @Option(
        help: ArgumentHelp(
            "Prepare one shard, i from 0 to N-1; `samdata merge` finishes the store.",
            valueName: "i/N"))
    var shard: String?

    @Option(
        help: ArgumentHelp(
            "What a bad case does: stop, or skip (recorded; the exit code still says so).",
            valueName: "stop|skip"))
    var onError = "stop"

    @Flag(help: "Print the plan, the counts and the expected size; write nothing.")
    var dryRun = false

    @Flag(help: "Write the plan and stop.")
    var planOnly = false

    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard ["automatic", "sform", "qform"].contains(affine) else {
            throw ValidationError(
                "--affine: found `\(affine)`, expected automatic, sform or qform")
        }
        guard ["stop", "skip"].contains(onError) else {
            throw ValidationError("--on-error: found `\(onError)`, expected stop or skip")
        }
        for part in part where SplitPart(rawValue: part) == nil {
            throw ValidationError(
                "--part: found `\(part)`, expected train, validation or test")
        }
        _ = try number(maxMemory, "--max-memory", 1...1 << 20)
        _ = try Shard.parse(shard)
        _ = try augmentOptions.resolve(hasParts: true)
        _ = try slices.resolve(card: nil)
        _ = try promptOptions.resolve()
    }

    mutating func run() throws {
        let card = try dataset.resolveCard()
        let chosen = try dataset.resolveSplit(card: card)
        var configuration = try configuration(card: card, split: chosen)
        configuration.labelValues = dataset.labelValues
        configuration.ignoredLabelValues = Set(ignoreLabel).sorted()
        configuration.affine = affine
        configuration.allowGridMismatch = allowGridMismatch
        configuration.augmentation = try augmentOptions.resolve(hasParts: chosen != nil)

        var planner = PreparePlanner(card: card, split: chosen)
        planner.parts = part.compactMap(SplitPart.init(rawValue:))
        planner.cases = cases
        planner.maxBytes = maxMemory << 30
        planner.stages = patchOptions.stages
        planner.threads = jobs.count
        planner.skipsErrors = onError == "skip"
        if !output.quiet {
            let progress = Progress(noun: "slide", isQuiet: false)
            planner.survey = { id, done, total in
                progress.step("\(id) looked at", done: done, of: total, worked: done)
            }
        }
        let trained = try trainedUnder.map(DatasetOptions.split)
        configuration.trainedUnder = trained?.name ?? ""
        let planned = try planner.plan(
            root: dataset.from, configuration: configuration, allowMissing: allowMissing)
        if let trained { try planner.refuseOverlap(planned.plan, trainedUnder: trained) }
        if !output.quiet { tell(planned) }

        let layout = StoreLayout(root: to)
        if dryRun {
            try printPlan(planned)
            return
        }
        if planOnly {
            try PrepareRun(plan: planned.plan, card: card, root: dataset.from, layout: layout)
                .establishPlan()
            try printPlan(planned)
            return
        }
        if !card.licence.redistribution, !output.quiet {
            Terminal.say(
                "licence: \(card.licence.name); prepared files of this data set may not be passed on"
            )
        }
        try work(planned.plan, card: card, layout: layout)
    }

    // MARK: - Parts

    /// What was asked for, by the modality of the card.
    private func configuration(
        card: DatasetCard, split: DatasetSplit?
    ) throws -> PrepareConfiguration {
        guard PatchConfiguration.applies(to: card) else {
            guard patchOptions.given.isEmpty else {
                throw ValidationError(
                    "\(patchOptions.given.joined(separator: ", ")): \(card.name) holds volumes, expected a data set of "
                        + "pictures or slides; see `samdata datasets`")
            }
            let (preset, recipe) = try slices.resolve(card: card)
            return PrepareConfiguration(
                card: card, split: split, preset: preset, recipe: recipe,
                prompts: try promptOptions.resolve(), seed: promptOptions.seed)
        }
        let misplaced = slices.given + (augmentOptions.augment == nil ? [] : ["--augment"])
        guard misplaced.isEmpty else {
            throw ValidationError(
                "\(misplaced.joined(separator: ", ")): \(card.name) holds pictures, expected a data set of volumes; "
                    + "patches are cut with --patch, --mpp and their neighbours, and augmented with `samdata augment`"
            )
        }
        guard promptOptions.promptRandom == "keyed" else {
            throw ValidationError(
                "--prompt-random python: the term project's stream knows volumes only; use keyed")
        }
        let parts =
            split == nil ? [""] : part.isEmpty ? SplitPart.allCases.map(\.rawValue) : part
        let patches = try patchOptions.resolve(card: card, parts: parts)
        let prompts = try promptOptions.resolve(
            unit: patches.instances == .none ? .component8 : .instance)
        guard prompts.unit != .instance || patches.instances != .none else {
            throw ValidationError(
                "--region instance: needs objects; use --instances components, or --region component8"
            )
        }
        return PrepareConfiguration(
            card: card, split: split, patches: patches, prompts: prompts, seed: promptOptions.seed)
    }

    private func tell(_ planned: PreparePlanner.Outcome) {
        for finding in planned.findings {
            if finding.severity == .warning {
                Terminal.warn(finding.line)
            } else {
                Terminal.say("\(finding)")
            }
        }
    }

    private struct PlanReport: Encodable {
        var schema = "samdata.prepare-plan/1"
        var layout: String
        var expectedBytes: Int
        var cases: Int
        var parts: [String: Int]
        var plan: PreparePlan
    }

    private func printPlan(_ planned: PreparePlanner.Outcome) throws {
        let plan = planned.plan
        let estimate = try PrepareEstimate(plan: plan, root: dataset.from)
        let parts = Dictionary(grouping: plan.units) { $0.part }.mapValues(\.count)
        if output.json {
            try Terminal.json(
                PlanReport(
                    layout: planned.layout, expectedBytes: estimate.bytes, cases: plan.units.count,
                    parts: parts, plan: plan))
            return
        }
        let patches = plan.configuration.patches
        var table = TextTable([
            "case", "part", patches == nil ? "#slices of the volume" : "#places", "image", "label",
        ])
        for unit in plan.units {
            table.add([
                unit.id, unit.part, "\(estimate.slices[unit.id] ?? 0)", unit.image,
                unit.annotation ?? (unit.label.isEmpty ? "none" : unit.label),
            ])
        }
        table.lines.forEach(Terminal.result)
        let names = parts.keys.sorted().map {
            "\(parts[$0] ?? 0) \($0.isEmpty ? "without a part" : $0)"
        }
        Terminal.result("")
        Terminal.result(
            "\(plan.units.count) \(plan.units.contains { $0.pieceOf != nil } ? "units of work" : "cases") (\(names.joined(separator: ", "))), layout `\(planned.layout)`"
        )
        let slices = plan.configuration.slices
        if let augmentation = plan.configuration.augmentation {
            Terminal.result(
                "\(plan.units.count { $0.copy != nil }) of them augmented copies by `\(augmentation.recipe.name)`"
            )
        }
        if let patches {
            Terminal.result(
                "\(patches.summary); prompts: "
                    + "\(plan.configuration.prompts.kinds.joined(separator: " "))")
            Terminal.result(
                "at most \(estimate.slices.values.reduce(0, +)) patches, about \(Terminal.bytes(estimate.bytes)) "
                    + "if all have tissue")
            return
        }
        Terminal.result(
            "\(slices.axis) slices in \(slices.orientation) order, rows `\(slices.rows)`, keep "
                + "`\(slices.select)`, pixels `\(slices.pixels)`; prompts: "
                + "\(plan.configuration.prompts.kinds.joined(separator: " "))")
        Terminal.result(
            "at most \(estimate.slices.values.reduce(0, +)) slices, about \(Terminal.bytes(estimate.bytes)) "
                + "if all are kept")
    }

    private func work(_ plan: PreparePlan, card: DatasetCard, layout: StoreLayout) throws {
        var run = PrepareRun(plan: plan, card: card, root: dataset.from, layout: layout)
        run.threads = jobs.count
        run.maxBytes = maxMemory << 30
        run.shard = try Shard.parse(shard)
        run.skipsErrors = onError == "skip"
        try PrepareReporting(layout: layout, output: output, command: "prepare").carryOut(run)
    }
}

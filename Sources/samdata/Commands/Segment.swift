import ArgumentParser
import SafeFiles
import SamdataWorkflow
import SampleStore
import SegmentAnything
import Tensors

/// `samdata segment`: masks by Segment Anything, for a prepared store or for one picture.
struct Segment: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Segment a prepared store, or one picture, with Segment Anything.",
        discussion: """
            A store is segmented with the prompts that are stored in it: one mask for each record. Cases are written one by \
            one; a second run goes on where the first stopped. Label maps lie on the voxels of the source volume; where masks of \
            different labels overlap, the best predicted IoU decides. The files never depend on --jobs or --shard.

            The checkpoint comes from `samdata checkpoint import`; `samdata checkpoint random` makes one for a first try, \
            whose masks mean nothing.

            Examples:
              samdata segment --checkpoint sam.h5 --from STORE --prompts box --to PRED --part test
              samdata score --reference STORE --prediction PRED
              samdata segment --checkpoint sam.h5 --image x.png --point 120,80 -o mask.png --overlay o.png
              samdata segment --checkpoint sam.h5 --image x.png --everything -o masks.json
            """)

    @Option(
        help: ArgumentHelp("The model.", valueName: "sam.h5"),
        completion: .file(extensions: ["h5"]))
    var checkpoint: String?

    @OptionGroup(title: "A store") var store: SegmentStoreOptions
    @OptionGroup(title: "One picture") var picture: SegmentPictureOptions

    @Flag(
        help:
            "Take the best of the masks for prompts that may mean several things, by predicted IoU."
    )
    var multimask = false

    @Option(
        help: ArgumentHelp(
            "The factors of the image encoder's products: float32, or bfloat16 (half the memory of the weights, masks that differ "
                + "a little).", valueName: "float32|bfloat16"))
    var precision = "float32"

    @Flag(name: .shortAndLong, help: "Say which kernels and which OpenBLAS are at work.")
    var verbose = false

    @Option(
        help: ArgumentHelp(
            "Keep embeddings here, and use those that are there already.", valueName: "DIR"),
        completion: .directory)
    var embeddings: String?

    @OptionGroup(title: "Work") var jobs: JobOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    private func encoderPrecision() throws -> EncoderPrecision {
        try word(
            EncoderPrecision(rawValue: precision), "--precision", precision,
            EncoderPrecision.allCases.map(\.rawValue))
    }

    func validate() throws {
        _ = try encoderPrecision()
        switch (store.from, picture.image) {
        case (nil, nil):
            throw ValidationError(
                "found neither --from STORE nor --image x.png, expected one of them")
        case (.some, .some):
            throw ValidationError("found --from and --image, expected one of them")
        case (.some, nil):
            if let stray = picture.strayOption {
                throw ValidationError("\(stray): found no --image, which it belongs to")
            }
            if store.to == nil {
                throw ValidationError("--from: found no --to, expected the folder of the masks")
            }
        case (nil, .some):
            if let stray = store.strayOption {
                throw ValidationError("\(stray): found no --from, which it belongs to")
            }
            if picture.everything, multimask {
                throw ValidationError(
                    "--multimask: found --everything, which always takes all masks")
            }
        }
    }

    func run() throws {
        let model = try SegmentationModel.load(checkpoint, precision: try encoderPrecision())
        if verbose { for line in NumericsBackend.current.lines { Terminal.say(line) } }
        if model.isRandom, !output.quiet { Terminal.warn(SegmentationModel.randomNote) }
        if let from = store.from, let to = store.to {
            try segment(StoreLayout(root: from), to, model)
        } else if let image = picture.image {
            try segment(picture: image, model)
        }
    }

    // MARK: - A store

    private struct StoreReport: Encodable {
        var schema = "samdata.segment/1"
        var prediction: String
        var model: String
        var weights: String
        var segmented: Int
        var skipped: Int
        var failures: [String: String]
        var embeddingsComputed: Int
        var embeddingsFound: Int
        var wroteManifest: Bool
        var cases: Int?
        var slices: Int?
        var masks: Int?
        var meanPredictedIoU: Double?
    }

    private func segment(
        _ layout: StoreLayout, _ target: String, _ model: SegmentationModel
    ) throws {
        var run = SegmentRun(store: layout, model: model, output: target)
        run.prompts = store.kinds
        run.masks = multimask ? .best : .single
        run.parts = store.part
        run.cases = store.cases
        run.shard = try Shard.parse(store.shard)
        run.embeddings = embeddings
        run.threads = jobs.count
        run.maxBytes = (store.maxMemory ?? 4) << 30
        run.skipsErrors = store.onError == "skip"
        if store.dryRun {
            try tell(try run.preview())
            return
        }
        let progress = Progress(noun: "case", isQuiet: output.quiet)
        var worked = 0
        let outcome = try run.run { event in
            switch event {
            case .started(let cases, let finished):
                if !output.quiet, finished > 0 {
                    Terminal.say("\(finished) of \(cases) cases are already finished")
                }
            case .slice(let id, let done, let total):
                // A case takes minutes: on a terminal its slices are counted too.
                if Terminal.isInteractive, !output.quiet {
                    Terminal.write("\r\u{1B}[K\(id): slice \(done) of \(total)")
                }
            case .segmented(let unit, let done, let total):
                worked += 1
                progress.step(
                    "\(unit.id)  \(unit.slices) slices, \(unit.records) masks, "
                        + Terminal.bytes(unit.bytes), done: done, of: total, worked: worked)
            case .skipped: break
            case .failed(_, let message, _, _):
                progress.interrupt()
                Terminal.error(message)
            }
        }
        try report(outcome, target, model, seconds: progress.seconds)
        if !outcome.failures.isEmpty { throw ExitCode(FailureKind.data.rawValue) }
    }

    private struct PlanReport: Encodable {
        var schema = "samdata.segment-plan/1"
        var plan: SegmentationPlan
        var cases: Int
        var finished: Int
        var slices: Int
        var masks: Int
    }

    private func tell(_ preview: SegmentRun.Preview) throws {
        let (plan, cases) = (preview.plan, preview.cases)
        let slices = cases.reduce(0) { $0 + $1.slices }
        let records = cases.reduce(0) { $0 + $1.records }
        if output.json {
            try Terminal.json(
                PlanReport(
                    plan: plan, cases: cases.count, finished: preview.finished.count,
                    slices: slices, masks: records))
            return
        }
        var table = TextTable(["case", "part", "#slices", "#masks", "state"])
        for unit in cases {
            table.add([
                unit.id, unit.part, "\(unit.slices)", "\(unit.records)",
                preview.finished.contains(unit.id) ? "finished" : "to do",
            ])
        }
        table.lines.forEach(Terminal.result)
        Terminal.result("")
        Terminal.result(
            "\(counted(cases.count)), at most \(slices) slices to embed, \(records) masks by "
                + "\(plan.model); prompts: \(plan.prompts.joined(separator: " + ")), masks: "
                + plan.masks.rawValue)
    }

    private func counted(_ cases: Int) -> String { cases == 1 ? "1 case" : "\(cases) cases" }

    private func report(
        _ outcome: SegmentRun.Outcome, _ target: String, _ model: SegmentationModel,
        seconds: Double
    ) throws {
        let cases = outcome.manifest?.cases
        let masks = cases?.reduce(0) { $0 + $1.records }
        let means = (cases ?? []).map { ($0.meanPredictedIoU ?? 0) * Double($0.records) }
        let mean = masks.flatMap { $0 > 0 ? means.reduce(0, +) / Double($0) : nil }
        if output.json {
            try Terminal.json(
                StoreReport(
                    prediction: target, model: model.name,
                    weights: model.isRandom ? "random" : "imported",
                    segmented: outcome.segmented, skipped: outcome.skipped,
                    failures: outcome.failures, embeddingsComputed: outcome.embeddingsComputed,
                    embeddingsFound: outcome.embeddingsFound, wroteManifest: cases != nil,
                    cases: cases?.count, slices: cases?.reduce(0) { $0 + $1.slices },
                    masks: masks, meanPredictedIoU: mean))
            return
        }
        guard let cases, let masks else {
            Terminal.result(
                "\(target): \(outcome.segmented) segmented, \(outcome.skipped) found finished, "
                    + "\(outcome.failures.count) failed; other cases are not finished, no manifest yet"
            )
            return
        }
        Terminal.result(
            "\(target): \(counted(cases.count)), \(masks) masks by \(model.name)"
                + (model.isRandom ? " (random weights: they mean nothing)" : "")
                + (mean.map { ", mean predicted IoU \(Terminal.decimals($0, 3))" } ?? "")
                + " (\(outcome.segmented) segmented now in \(Terminal.decimals(seconds, 1)) s, "
                + "\(outcome.skipped) found finished)")
    }

    // MARK: - One picture

    private func segment(picture path: String, _ model: SegmentationModel) throws {
        let image = try PictureSegmenter.read(path)
        var segmenter = PictureSegmenter(model: model)
        segmenter.embeddings = embeddings
        segmenter.threads = jobs.count
        let result: PictureSegmenter.Result
        if picture.everything {
            let progress = Progress(noun: "point", isQuiet: output.quiet)
            result = try segmenter.everything(
                image, options: picture.automaticOptions, name: path
            ) { done, total in
                progress.step("points of \(path)", done: done, of: total, worked: done)
            }
        } else {
            result = try segmenter.answer(
                image, try picture.prompt(), isMultiple: multimask, name: path)
        }
        let document = PictureMaskDocument(result, model: model)
        if let target = picture.output {
            let bytes =
                if target.lowercased().hasSuffix(".json") {
                    try CanonicalJSON.pretty(document)
                } else {
                    picture.everything ? try result.numbersPNG() : try result.maskPNG()
                }
            try AtomicFile.write(bytes, to: target)
        }
        if let target = picture.overlay {
            let canvas = result.overlay(
                on: image, prompt: picture.everything ? nil : try picture.prompt(),
                title: model.isRandom ? "random weights" : nil)
            try AtomicFile.write(try canvas.png(), to: target)
        }
        if output.json {
            try Terminal.json(document)
        } else {
            tell(path, result, model)
        }
    }

    private func tell(
        _ path: String, _ result: PictureSegmenter.Result, _ model: SegmentationModel
    ) {
        let name = model.name + (model.isRandom ? " (random weights: they mean nothing)" : "")
        Terminal.result(
            "\(path): \(result.masks.count) \(result.masks.count == 1 ? "mask" : "masks") by \(name)"
        )
        for (index, mask) in result.masks.prefix(20).enumerated() {
            let box = mask.mask.box
            let place =
                box.map { "box \($0.x),\($0.y),\($0.x + $0.width - 1),\($0.y + $0.height - 1)" }
                ?? "empty"
            Terminal.result(
                "  \(index + 1)  \(mask.mask.area) pixels, \(place), predicted IoU "
                    + "\(Terminal.decimals(Double(mask.predictedIoU), 3)), stability "
                    + Terminal.decimals(Double(mask.stability), 3))
        }
        if result.masks.count > 20 { Terminal.result("  and \(result.masks.count - 20) more") }
    }
}

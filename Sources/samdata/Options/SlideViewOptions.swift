import ArgumentParser
import JPEGCodec
import SafeFiles
import SamdataWorkflow
import SamplePreparation
import SlideAnnotations
import WholeSlides

/// What is drawn on the picture of a slide.
struct SlideViewOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Outlines to draw: Aperio or ASAP XML, GeoJSON, NCRF JSON.", valueName: "FILE"),
        completion: .file(extensions: ["xml", "json", "geojson"]))
    var annotations: String?

    @Option(
        help: ArgumentHelp("Draw the grid of patches of this side, in pixels.", valueName: "N"))
    var patch: Int?

    @Option(
        help: ArgumentHelp(
            "Micrometres per pixel of the patches (default: those of level 0).", valueName: "um"))
    var mpp: Double?

    @Option(
        help: ArgumentHelp(
            "The fraction of tissue a patch needs (default: 0.1).", valueName: "fraction"))
    var tissueMin: Double?

    @Option(
        help: ArgumentHelp(
            "How tissue is found, as for `prepare`; none draws none.", valueName: "recipe"))
    var tissue: String?

    @Option(
        help: ArgumentHelp(
            "The longest side of the slide in the picture, 64 to 8192 (default: 1600).",
            valueName: "pixels"))
    var side: Int?

    @Option(
        help: ArgumentHelp(
            "What the JPEG tiles hold, when they say something else: rgb or ycbcr.",
            valueName: "rgb|ycbcr"))
    var jpegColour: String?

    /// The options that were given, by name.
    var given: [String] {
        [
            ("--annotations", annotations != nil), ("--patch", patch != nil), ("--mpp", mpp != nil),
            ("--tissue-min", tissueMin != nil), ("--tissue", tissue != nil),
            ("--side", side != nil),
            ("--jpeg-colour", jpegColour != nil),
        ].filter(\.1).map(\.0)
    }

    private struct Report: Encodable {
        var schema = "samdata.view-slide/1"
        var path: String
        var width: Int
        var height: Int
        var tissueFraction: Double?
        var patches: Int
        var regions: Int
    }

    /// Draws a slide.
    func draw(_ path: String, to output: String, json: Bool) throws {
        let colour = try jpegColour.map {
            try word(
                ["rgb": JPEGColour.rgb, "ycbcr": .yCbCr][$0], "--jpeg-colour", $0, ["rgb", "ycbcr"])
        }
        let slide = try WholeSlide(path: path, options: WholeSlideOptions(jpegColour: colour))
        var overview = SlideOverview()
        overview.side = try number(side ?? 1600, "--side", 64...8192)
        overview.annotation = try annotations.map { try SlideAnnotation.read(path: $0) }
        if let tissue {
            overview.tissue =
                tissue == "none" ? nil : try reading("--tissue") { try TissueRecipe(tissue) }
        }
        if let patch {
            let least = tissueMin ?? 0.1
            guard least >= 0, least <= 1 else {
                throw ValidationError("--tissue-min: found \(least), expected 0 to 1")
            }
            overview.lattice = PatchRecipe(
                patch: try number(patch, "--patch", 1...16_384),
                tissue: least == 0 || overview.tissue == nil ? .any : .fraction(least))
        } else if mpp != nil || tissueMin != nil {
            throw ValidationError(
                "--mpp and --tissue-min: need --patch N, whose grid they describe")
        }
        if let mpp {
            guard mpp > 0.01, mpp < 100 else {
                throw ValidationError("--mpp: found \(mpp), expected 0.01 to 100")
            }
            let choice = try slide.level(micronsPerPixel: mpp, tolerance: 0.05)
            overview.downsample = choice.downsampleX
        }
        if let annotation = overview.annotation {
            let outside = annotation.regionsOutside(
                width: slide.levels[0].width, height: slide.levels[0].height)
            if !outside.isEmpty {
                Terminal.warn(
                    "\(outside.count) of \(annotation.regions.count) outlines lie outside of the slide; do they belong to it?"
                )
            }
        }
        let result = try overview.render(slide)
        try AtomicFile.write(try result.canvas.png(), to: output)
        if json {
            try Terminal.json(
                Report(
                    path: output, width: result.canvas.width, height: result.canvas.height,
                    tissueFraction: result.tissue, patches: result.patches,
                    regions: result.regions))
            return
        }
        var facts: [String] = []
        if let tissue = result.tissue {
            facts.append("tissue \(Terminal.decimals(tissue * 100, 1)) %")
        }
        if annotations != nil { facts.append("\(result.regions) outlines") }
        if patch != nil { facts.append("\(result.patches) patches") }
        facts.append("\(result.canvas.width) x \(result.canvas.height) pixels")
        Terminal.result("\(output): " + facts.joined(separator: ", "))
    }
}

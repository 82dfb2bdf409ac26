import ArgumentParser
import MedicalDatasets
import SamdataWorkflow
import SamplePreparation

/// How pictures and slides become patches; for cards of histology.
struct PatchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Side of a patch in pixels, or whole (default: whole pictures for nuclei, 256 for slides).",
            valueName: "N|whole"))
    var patch: String?

    @Option(
        help: ArgumentHelp(
            "Distance of neighbouring patches (default: the side of a patch).", valueName: "N"))
    var stride: Int?

    @Option(
        help: ArgumentHelp(
            "At the right and lower edge: inside (whole patches only), cover (the last patch is moved inwards), pad (it "
                + "shows the background beyond the picture).", valueName: "inside|cover|pad"))
    var edge: String?

    @Option(
        help: ArgumentHelp(
            "grid, or ep-sam: EP-SAM's candidates with a second lattice shifted by half a patch.",
            valueName: "grid|ep-sam"))
    var lattice = "grid"

    @Option(
        help: ArgumentHelp(
            "Micrometres per pixel of the patches; the nearest level within --mpp-tolerance is read, or the next finer one "
                + "averaged down.", valueName: "um"))
    var mpp: Double?

    @Option(
        help: ArgumentHelp(
            "How far a level's pixel size may be from --mpp, as a fraction.", valueName: "fraction")
    )
    var mppTolerance = 0.05

    @Option(
        help: ArgumentHelp(
            "Read this level of the pyramid; 0 is the largest.", valueName: "K"))
    var level: Int?

    @Option(
        help: ArgumentHelp(
            "Micrometres per pixel of level 0, where the files do not say it.", valueName: "um"))
    var slideMpp: Double?

    @Option(
        help: ArgumentHelp(
            "The fraction of tissue a patch needs, 0 to 1; 0 keeps every patch (default: 0.1 for slides).",
            valueName: "fraction"))
    var tissueMin: Double?

    @Option(
        help: ArgumentHelp(
            "How tissue is found: standard, or pairs such as threshold=30,close=off,median=7 (downsample, floor and close too).",
            valueName: "recipe"))
    var tissue: String?

    @Option(
        help: ArgumentHelp(
            "Keep a choice of patches by tumour fraction: ep-sam (its table for the card and part), or pairs such as "
                + "bins=430,range=20..90,negatives=6000.", valueName: "rule"))
    var choose: String?

    @Option(
        help: ArgumentHelp(
            "Keep image and labels of a few training regions only: 4%, 0.5% (All-in-SAM) or regions=R,side=S,images=K.",
            valueName: "budget"))
    var labelBudget: String?

    @Option(
        help: ArgumentHelp(
            "How outlines become pixels: pixel-centre, asap, asap-program, poly2mask, skimage or opencv.",
            valueName: "rule"))
    var outlineRule: String?

    @Option(
        help: ArgumentHelp(
            "Where labels come from: automatic (outlines, else label pictures), outlines or mask.",
            valueName: "source"))
    var labels: String?

    @Option(
        help: ArgumentHelp(
            "What becomes an object: outlines, numbers (of a label picture), components (8-connected parts of the mask) or none (default: outlines for "
                + "nuclei, none for slides).", valueName: "what"))
    var instances: String?

    @Option(
        help: ArgumentHelp(
            "Colour of missing tiles and of what lies beyond the picture.", valueName: "R,G,B"))
    var background: String?

    @Option(
        help: ArgumentHelp(
            "What the JPEG tiles of slides hold, when they say something else: rgb or ycbcr.",
            valueName: "rgb|ycbcr"))
    var jpegColour: String?

    @Flag(
        help: ArgumentHelp(
            "Store the original JPEG tiles of slides in place of pixels; every patch must be one tile, for example "
                + "--patch 512 --level 0 where tiles have 512 pixels."))
    var keepJpeg = false

    @Option(
        help: ArgumentHelp(
            "A table of stages of slides and patients (default: stages.csv in the folder, if there is one).",
            valueName: "FILE"), completion: .file(extensions: ["csv"]))
    var stages: String?

    @Option(
        help: ArgumentHelp(
            "Places of the lattice in one unit of work; slides with more are cut into parts (default: 512).",
            valueName: "N"))
    var pieceBudget: Int?

    @Flag(help: "Go on when many outlines lie outside of their picture.")
    var allowOutside = false

    /// The options that were given, by name.
    var given: [String] {
        let all: [(String, Bool)] = [
            ("--patch", patch != nil), ("--stride", stride != nil), ("--edge", edge != nil),
            ("--lattice", lattice != "grid"), ("--mpp", mpp != nil),
            ("--mpp-tolerance", mppTolerance != 0.05), ("--level", level != nil),
            ("--slide-mpp", slideMpp != nil), ("--tissue-min", tissueMin != nil),
            ("--tissue", tissue != nil), ("--choose", choose != nil),
            ("--label-budget", labelBudget != nil), ("--outline-rule", outlineRule != nil),
            ("--labels", labels != nil), ("--instances", instances != nil),
            ("--background", background != nil), ("--jpeg-colour", jpegColour != nil),
            ("--keep-jpeg", keepJpeg),
            ("--stages", stages != nil),
            ("--piece-budget", pieceBudget != nil), ("--allow-outside", allowOutside),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// The configuration for a data set.
    func resolve(card: DatasetCard, parts: [String]) throws -> PatchConfiguration {
        var result = PatchConfiguration(card: card)
        try applyLattice(to: &result, card: card)
        try applyScale(to: &result)
        if let outlineRule {
            result.rule = try word(
                PolygonRule(rawValue: outlineRule), "--outline-rule", outlineRule,
                PolygonRule.allCases.map(\.rawValue))
        }
        if let labels {
            result.labelSource = try word(
                PatchConfiguration.LabelSource(rawValue: labels), "--labels", labels,
                PatchConfiguration.LabelSource.allCases.map(\.rawValue))
        }
        if let instances {
            result.instances = try word(
                PatchConfiguration.Instances(rawValue: instances), "--instances", instances,
                PatchConfiguration.Instances.allCases.map(\.rawValue))
        }
        if PatchConfiguration.describesSlides(card),
            [.outlines, .numbers].contains(result.instances)
        {
            throw ValidationError(
                "--instances \(result.instances.rawValue): the labels of \(card.name) are regions of slides, expected none or components"
            )
        }
        if let labelBudget {
            result.labelBudget = try reading("--label-budget") { try LabelBudget(labelBudget) }
        }
        if let choose { result.selection = try selections(choose, card: card, parts: parts) }
        if let pieceBudget {
            result.pieceBudget = try number(pieceBudget, "--piece-budget", 1...65_536)
        }
        result.allowOutside = allowOutside
        // Absent unless asked for, so that other configurations stay as they were.
        if keepJpeg { result.keepsJPEG = true }
        return result
    }

    // MARK: - Parts

    private func applyLattice(to result: inout PatchConfiguration, card: DatasetCard) throws {
        let isEPSAM = lattice == "ep-sam"
        guard isEPSAM || lattice == "grid" else {
            throw ValidationError("--lattice: found `\(lattice)`, expected grid or ep-sam")
        }
        if isEPSAM {
            guard let recipe = PatchRecipe.epSAM(dataset: card.name) else {
                throw ValidationError(
                    "--lattice ep-sam: it is defined for camelyon16 and camelyon17, not for \(card.name)"
                )
            }
            result.lattice = recipe
        }
        if let patch {
            if patch == "whole" {
                guard !isEPSAM else { throw ValidationError("--patch whole: has no lattice") }
                result.lattice = nil
            } else {
                guard let side = Int(patch), (1...16_384).contains(side) else {
                    throw ValidationError(
                        "--patch: found `\(patch)`, expected whole or a side of 1 to 16384 pixels")
                }
                var recipe = result.lattice ?? PatchRecipe(patch: side)
                recipe.patch = side
                if !isEPSAM { recipe.stride = side }
                result.lattice = recipe
            }
        }
        for (option, isGiven) in [("--stride", stride != nil), ("--edge", edge != nil)]
        where isGiven && result.lattice == nil {
            throw ValidationError("\(option): needs --patch N; whole pictures have no lattice")
        }
        if let stride { result.lattice?.stride = try number(stride, "--stride", 1...1_048_576) }
        if let edge {
            result.lattice?.edge = try word(
                PatchRecipe.Edge(rawValue: edge), "--edge", edge, ["inside", "cover", "pad"])
        }
        if let tissue { result.tissue = try reading("--tissue") { try TissueRecipe(tissue) } }
        if let tissueMin {
            guard tissueMin >= 0, tissueMin <= 1 else {
                throw ValidationError("--tissue-min: found \(tissueMin), expected 0 to 1")
            }
            guard result.lattice != nil else {
                throw ValidationError("--tissue-min: needs --patch N; whole pictures are kept")
            }
            result.lattice?.tissue = tissueMin == 0 ? .any : .fraction(tissueMin)
            if tissueMin > 0, result.tissue == nil { result.tissue = .standard }
            if tissueMin == 0, tissue == nil { result.tissue = nil }
        }
        try reading("--lattice") { try result.lattice?.validate() }
    }

    private func applyScale(to result: inout PatchConfiguration) throws {
        if mpp != nil, level != nil {
            throw ValidationError("--mpp and --level: found both, expected one of them")
        }
        for (option, value) in [("--mpp", mpp), ("--slide-mpp", slideMpp)] {
            if let value, !(value > 0.01 && value < 100) {
                throw ValidationError(
                    "\(option): found \(value), expected micrometres per pixel from 0.01 to 100")
            }
        }
        guard mppTolerance >= 0, mppTolerance <= 0.5 else {
            throw ValidationError("--mpp-tolerance: found \(mppTolerance), expected 0 to 0.5")
        }
        result.micronsPerPixel = mpp
        result.tolerance = mppTolerance
        if let level { result.level = try number(level, "--level", 0...64) }
        result.slideMicronsPerPixel = slideMpp
        if let jpegColour {
            result.jpegColour = try word(
                ["rgb", "ycbcr"].contains(jpegColour) ? jpegColour : nil, "--jpeg-colour",
                jpegColour, ["rgb", "ycbcr"])
        }
        if let background {
            let parts = background.split(separator: ",").map { Int($0) ?? -1 }
            guard parts.count == 3, parts.allSatisfy({ (0...255).contains($0) }) else {
                throw ValidationError(
                    "--background: found `\(background)`, expected three numbers of 0 to 255")
            }
            result.background = parts
        }
    }

    /// The rule of each part; that of no part is named by nothing.
    private func selections(
        _ text: String, card: DatasetCard, parts: [String]
    ) throws -> [String: PatchSelection] {
        guard text == "ep-sam" else {
            return ["": try reading("--choose") { try PatchSelection(text) }]
        }
        var result: [String: PatchSelection] = [:]
        for part in parts {
            guard let selection = PatchSelection.epSAM(dataset: card.name, part: part) else {
                throw ValidationError(
                    "--choose ep-sam: it is defined for the parts of camelyon16 and camelyon17, found the part "
                        + "`\(part)` of \(card.name)")
            }
            result[part] = selection
        }
        return result
    }
}

/// What the text of an option says; one that is not understood is wrong usage of the option.
///
/// - Parameters:
///   - option: The option's name.
///   - body: Reads the text.
/// - Returns: What `body` returns.
/// - Throws: `ValidationError` that begins with the option's name.
func reading<Value>(_ option: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { throw ValidationError("\(option): \(error)") }
}

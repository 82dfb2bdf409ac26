import MedicalDatasets
import SamplePreparation

/// How pictures and slides are cut into patches; part of a ``PrepareConfiguration``.
public struct PatchConfiguration: Codable, Hashable, Sendable {
    /// Where the labels of a picture come from.
    public enum LabelSource: String, Codable, Hashable, Sendable, CaseIterable {
        /// Outlines where the case has them, else the label picture; a case with neither is background.
        case automatic
        /// Outlines only.
        case outlines
        /// Label pictures only.
        case mask
    }

    /// What becomes an object of its own.
    public enum Instances: String, Codable, Hashable, Sendable, CaseIterable {
        /// None: label masks only, as for tumour regions.
        case none
        /// Every outline. Of a label picture every number, when most of its labelled pixels have values the card does not list; else
        /// every component of the mask.
        case outlines
        /// Every 8-connected component of the mask.
        case components
        /// Every number of a label picture, whatever the card says of its values.
        case numbers
    }

    /// The lattice of patches; `nil` keeps every picture whole.
    public var lattice: PatchRecipe?
    /// Micrometres per stored pixel; `nil` reads ``level``.
    public var micronsPerPixel: Double?
    /// The pyramid level that is read when no pixel size is asked for.
    public var level: Int
    /// How far a level may be from ``micronsPerPixel`` to be taken as it is, as a fraction.
    public var tolerance: Double
    /// Micrometres per level-0 pixel, given because the files do not say it.
    public var slideMicronsPerPixel: Double?
    /// Colour of missing tiles and of what lies beyond the picture: red, green, blue.
    public var background: [Int]
    /// `rgb` or `ycbcr` when the JPEG tiles of the slides hold something else than they say; `nil` believes them.
    public var jpegColour: String?
    /// Whether the original JPEG tiles are stored in place of pixels; `nil` stores pixels without loss.
    ///
    /// Every patch must be one tile: the level read as it is, patches of the tile's size inside of the picture, a stride that
    /// is a multiple of it, no label budget.
    public var keepsJPEG: Bool?
    /// The rule by which outlines are filled.
    public var rule: PolygonRule
    /// Where labels come from.
    public var labelSource: LabelSource
    /// What becomes an object of its own.
    public var instances: Instances
    /// How tissue is found; `nil` does not look for tissue.
    public var tissue: TissueRecipe?
    /// Which patches are kept by their tumour fraction, by part of the split, an empty name for any; `nil` keeps all.
    public var selection: [String: PatchSelection]?
    /// Which regions of which cases keep their image and labels; `nil` keeps everything.
    public var labelBudget: LabelBudget?
    /// The most places of the lattice in one unit.
    public var pieceBudget: Int
    /// Whether outlines of another slide, far outside of the picture, are taken as they are.
    public var allowOutside: Bool

    /// The places of the lattice in one unit unless told: 100 MB of pixels at 256 x 256.
    public static let standardPieceBudget = 512

    /// Makes the configuration for a data set: whole pictures with every nucleus an instance, or a grid of patches with tissue
    /// where the card describes slides.
    ///
    /// - Parameter card: The data set.
    public init(card: DatasetCard) {
        let isSlide = Self.describesSlides(card)
        lattice = isSlide ? PatchRecipe(patch: 256, tissue: .fraction(0.1)) : nil
        micronsPerPixel = nil
        level = 0
        tolerance = 0.05
        slideMicronsPerPixel = nil
        background = [255, 255, 255]
        jpegColour = nil
        keepsJPEG = nil
        rule = PolygonRule.pixelCentre
        labelSource = .automatic
        instances = isSlide ? .none : .outlines
        tissue = isSlide ? .standard : nil
        selection = nil
        labelBudget = nil
        pieceBudget = Self.standardPieceBudget
        allowOutside = false
    }

    /// Whether the labels of a card are regions of slides, named by groups of annotations, and not single nuclei.
    ///
    /// - Parameter card: The data set.
    /// - Returns: `true` for Camelyon and the like.
    public static func describesSlides(_ card: DatasetCard) -> Bool {
        card.labels.contains { !$0.groups.isEmpty }
    }

    /// Whether a card describes pictures or slides, as opposed to volumes.
    ///
    /// - Parameter card: The data set.
    /// - Returns: `false` for CT, MR and PET.
    public static func applies(to card: DatasetCard) -> Bool {
        !["CT", "MR", "MRI", "PET", "PT"].contains(card.modality.uppercased())
    }

    /// The cutting on one line, for people.
    public var summary: String {
        var words: [String] = []
        if let lattice {
            words.append("patches of \(lattice.patch) x \(lattice.patch)")
            words.append("stride \(lattice.stride)")
            words.append("edge \(lattice.edge.rawValue)")
            if lattice.isDoubled { words.append("second lattice shifted by half a patch") }
        } else {
            words.append("whole pictures")
        }
        words.append(micronsPerPixel.map { "\($0) um per pixel" } ?? "level \(level)")
        words.append("outlines by \(rule.rawValue)")
        if instances != .none { words.append("instances from \(instances.rawValue)") }
        switch lattice?.tissue {
        case .fraction(let least): words.append("tissue at least \(least)")
        case .window: words.append("tissue under the window of EP-SAM")
        default: break
        }
        if keepsJPEG == true { words.append("original JPEG tiles") }
        if let labelBudget { words.append("label budget \(labelBudget)") }
        if selection != nil { words.append("chosen by tumour fraction") }
        return words.joined(separator: ", ")
    }
}

extension PrepareConfiguration {
    /// Stops work that knows slices of volumes only.
    ///
    /// - Parameter work: What was asked for.
    /// - Throws: ``WorkflowError`` of kind `configuration` for a store of pictures.
    func refusePictures(_ work: String) throws(WorkflowError) {
        guard patches == nil else {
            throw WorkflowError(
                .configuration,
                "\(dataset): found a store of pictures, expected one of volumes; \(work) patches is not offered yet, "
                    + "single pictures are augmented with `samdata augment --image x.png`")
        }
    }
}

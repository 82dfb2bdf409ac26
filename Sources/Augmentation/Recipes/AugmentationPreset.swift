/// A ready-made recipe: those of the programs that samdata reproduces, and two of its own.
///
/// A preset holds the random part alone. Orientation, windowing and resizing belong to the preparation of the
/// samples; what a program does there, and where samdata departs from it, stands in ``note``.
public enum AugmentationPreset: String, Codable, Hashable, Sendable, CaseIterable {
    /// The term project as its code has it: rare flips and quarter turns of whole volumes, intensity shift.
    case termProject = "term-project"
    /// The term project as its report describes it, with MONAI's defaults where the report gives no numbers.
    case termProjectReport = "term-project-report"
    /// TransUNet's `RandomGenerator`, also of SAMed and SAM-LST.
    case transunet
    /// SAM-Adapter: a horizontal flip.
    case samAdapter = "sam-adapter"
    /// The patch classifier of EP-SAM.
    case epSAMClassifier = "ep-sam-classifier"
    /// The segmentation stage of EP-SAM.
    case epSAM = "ep-sam"
    /// MedSAM's point-prompt training.
    case medsam
    /// samdata's own, for CT and MR slices: strong, without flips.
    case strong
    /// samdata's own, for H&E patches: geometry, stains, focus.
    case histology

    /// Half the angle range of ``termProjectReport`` in radians: 15 degrees.
    static let reportRadians = Double.pi / 12

    /// What the preset does, in one line.
    public var summary: String {
        switch self {
        case .termProject:
            "per volume: three flips and a quarter turn, p 0.1 each; shift by up to 0.1, p 0.5"
        case .termProjectReport:
            "per volume: flip of all axes, rotation by up to 15 degrees, shift by up to 0.1, p 0.1 each"
        case .transunet:
            "1/2 quarter turns with a flip, 1/4 rotation by -20...19 whole degrees, 1/4 nothing"
        case .samAdapter: "horizontal flip, p 0.5"
        case .epSAMClassifier:
            "both flips p 0.5, any rotation, colour jitter of 0.2, grey p 0.1"
        case .epSAM:
            "p 0.5: one of two flips, quarter turns, shift-scale-rotate (0.0625, 0.1, 45 degrees)"
        case .medsam: "left-right and up-down flip, p 0.5 each (point prompts; boxes: none)"
        case .strong:
            "slices: affine, elastic, gamma, window, noise, blur and dropout; no flips"
        case .histology:
            "H&E patches: flips, quarter turns, affine, elastic, stains, colour, blur and noise"
        }
    }

    /// Where the probabilities and ranges come from.
    public var source: String {
        switch self {
        case .termProject: "the term project's preprocessing code (MONAI dictionary transforms)"
        case .termProjectReport: "the term project's report, with the defaults of MONAI 1.6.1"
        case .transunet:
            "TransUNet's Synapse loader (Chen et al. 2021), taken over by SAMed and SAM-LST"
        case .samAdapter: "SAM-Adapter's training loader (Chen et al. 2023)"
        case .epSAMClassifier: "EP-SAM's classifier training (torchvision transforms)"
        case .epSAM: "EP-SAM's segmentation training (albumentations OneOf)"
        case .medsam: "MedSAM's point-prompt extension (Ma et al. 2024)"
        case .strong:
            "samdata; ranges after nnU-Net's practice (Isensee et al. 2021), narrowed"
        case .histology:
            "samdata; stain jitter after Tellez et al. 2018"
        }
    }

    /// What the reference does otherwise, and what to know before using the preset.
    public var note: String {
        switch self {
        case .termProject:
            """
            The reference augments each training volume once, before slicing, without a seed; \
            its 8-bit conversion then wraps values outside 0...1, which samdata clips. Expects \
            images windowed from -175...250 to 0...1.
            """
        case .termProjectReport:
            """
            The report gives neither probabilities nor ranges; RandRotate's default range is 0, \
            so 15 degrees are samdata's choice. The reference reads labels bilinearly unless \
            told otherwise; here always nearest.
            """
        case .transunet:
            """
            The reference rotates before it resizes and fills with 0, the black of a window of \
            -125...275. The flip always follows the quarter turn. Image and label are read from \
            the nearest pixel.
            """
        case .samAdapter:
            """
            The reference decides anew at every loading, without a seed. All-in-SAM's own loader \
            augments nothing.
            """
        case .epSAMClassifier:
            """
            torchvision draws from PyTorch's generator, which is not replayed. The reference \
            resizes to 512 first and works on 8-bit images, rounding after every step.
            """
        case .epSAM:
            """
            albumentations' generators are not replayed. The reference saves pseudo masks made \
            from augmented images under the names of the originals; samdata stores the \
            parameters instead.
            """
        case .medsam:
            """
            Box training augments nothing. The point variant draws the label of the slice from \
            the same generator before the flips, and x and y of the point from different mask \
            pixels.
            """
        case .strong:
            "No flips: they exchange left and right organs, whose labels would then be wrong."
        case .histology: "Three channels only."
        }
    }

    /// The recipe.
    public var recipe: AugmentationRecipe {
        AugmentationRecipe(name: rawValue, scope: scope, steps: steps)
    }

    private var scope: AugmentationRecipe.Scope {
        switch self {
        case .termProject, .termProjectReport: .volume
        default: .slice
        }
    }
}

extension Convention {
    /// The name as a heading prints it.
    public var title: String {
        switch source {
        case .standard: "samdata standard"
        case .surfel: "samdata surfel"
        case .medpy: "medpy"
        case .monai: "MONAI (defaults)"
        case .monaiCount: "MONAI (ignore_empty=False)"
        case .deepmind: "surface-distance (DeepMind)"
        case .reloaded: "MetricsReloaded"
        case .nnunet: "nnU-Net"
        case .synapse: "Synapse script (TransUNet, SAMed, SAM-LST)"
        case .panoptica: "panoptica"
        case .segMetrics: "seg-metrics"
        case .simpleitk: "SimpleITK"
        case .hovernet: "hover_net"
        case .stardist: "stardist"
        case .cellpose: "cellpose"
        case .camelyon16: "Camelyon16 script"
        case .brats: "BraTS 2023 scripts"
        }
    }

    /// The library and the version whose numbers it reproduces.
    public var library: String {
        switch source {
        case .standard, .surfel: "samdata"
        case .medpy: "medpy 0.5.2"
        case .monai, .monaiCount: "MONAI 1.6.1"
        case .deepmind: "surface-distance (git 1f805ce, December 2024)"
        case .reloaded: "MetricsReloaded (git cb38dfc, June 2025)"
        case .nnunet: "nnU-Net 2.8.1 (distances: version 1)"
        case .synapse: "TransUNet utils.py (git 02ef001) on medpy 0.5.2"
        case .panoptica: "panoptica 2.1.7"
        case .segMetrics: "seg-metrics 1.2.8"
        case .simpleitk: "SimpleITK 2.5.7"
        case .hovernet: "hover_net (git 67e2ce5)"
        case .stardist: "stardist 0.9.2"
        case .cellpose: "cellpose (metrics.py)"
        case .camelyon16: "Camelyon16 evaluation script"
        case .brats: "BraTS 2023 evaluation scripts on surface-distance"
        }
    }

    /// What it does and what to look out for, in one paragraph of plain text.
    public var about: String {
        switch source {
        case .standard:
            """
            Border voxels by faces, the image edge included; the larger of the two directed percentiles with linear \
            interpolation; millimetres. An organ absent from both masks has no value; a missed or invented organ has \
            overlap 0 and an infinite distance, which is counted and, in the penalised mean, replaced by the diagonal \
            of the image.
            """
        case .surfel:
            """
            As standard, but surfaces are lattice points weighted by the area of their marching-cubes patch, and \
            percentiles are of cumulated weight. Less sensitive to thick slices than counting voxels.
            """
        case .medpy:
            """
            Percentiles of the distances of both directions together, which its maintainer calls an uncommon \
            definition; two empty masks have Dice 1; distances raise when either mask is empty. Spacing is used only \
            if it is given; samdata gives it.
            """
        case .monai:
            """
            Whatever the reference does not have is left out: an invented organ costs nothing. HD95 of a missed organ \
            is NaN and leaves the mean too, and a mean without any value is 0. Computed in single precision there.
            """
        case .monaiCount:
            """
            MONAI with ignore_empty=False: two empty masks have Dice 1, an invented organ has Dice 0, distances to \
            nothing are infinite.
            """
        case .deepmind:
            """
            Surface elements weighted by area and percentiles of cumulated weight without interpolation. Distances \
            are infinite as soon as one mask is empty, even when both are.
            """
        case .reloaded:
            """
            Border voxels and the larger directed percentile; two empty masks have Dice 1 but an undefined IoU, and \
            distance 0; a missed or invented organ has an undefined distance.
            """
        case .nnunet:
            """
            Dice and IoU are undefined when both masks are empty, and the mean over cases leaves them out; the mean \
            over labels does not. Version 1 also had medpy's distances, undefined when a mask is empty or fills the \
            image.
            """
        case .synapse:
            """
            Wraps medpy so that an organ invented by the prediction scores a full Dice of 1 and a missed one an HD95 \
            of 0. HD95 is in voxels, although papers print millimetres. Sums are divided by the number of cases.
            """
        case .panoptica:
            """
            Percentiles of both directions together; what it calls ASSD is the mean of the two directed means, its \
            surface Dice the mean of the two directed shares. Two empty masks have Dice 0.
            """
        case .segMetrics:
            """
            Surfaces by corner connectivity without a border at the image edge, so that an organ at the edge has no \
            surface there; its msd is the ASSD; a missed or invented organ has distance 0. Its volume similarity is \
            signed.
            """
        case .simpleitk:
            """
            Hausdorff distances over all voxels of the masks, not their surfaces: equal to the others unless a mask \
            has a hole, while the average distance is another quantity. Volume similarity is signed, and rates \
            without a denominator are the largest number.
            """
        case .hovernet:
            """
            Instances: AJI, AJI+, DQ, SQ, PQ and Dice2 per image, pairs with IoU above 0.5, values averaged over \
            images. Metrics of label maps are those of standard.
            """
        case .stardist:
            """
            Instances: pairs with IoU of at least the threshold, counts pooled over the set. Its accuracy is \
            TP/(TP+FP+FN). Metrics of label maps are those of standard.
            """
        case .cellpose:
            """
            Instances: TP/(TP+FP+FN) at thresholds and an AJI with one-to-one pairs over the plain union of the \
            foregrounds. Metrics of label maps are those of standard.
            """
        case .camelyon16:
            """
            Lesions: the challenge's FROC, with the lowest score dropped and hit scores in single precision. Metrics \
            of label maps are those of standard.
            """
        case .brats:
            """
            surface-distance's HD95 with 374 mm in place of a distance to nothing and 0 when both masks are empty; \
            Dice 1 when both are. Lesion-wise values match lesions after dilation.
            """
        }
    }
}

/// How the values of many cases and labels become one number.
public enum MeanRule: String, Hashable, Sendable, CaseIterable {
    /// The mean over cases per label, then over labels (samdata's default).
    case labelsOfCases = "labels-of-cases"
    /// The mean over the labels with a value per case, then over the cases with any; 0 when there is none (MONAI).
    case monai
    /// The mean over cases per label leaving NaN out, then the plain mean over labels (nnU-Net).
    case nnunet
    /// The sum over cases divided by their number per label, then the mean over labels (TransUNet family).
    case synapse
    /// The mean over all records alike (the term project, hover_net).
    case records
    /// The library defines none.
    case none
}

extension MeanRule {
    /// The rule as a sentence of a report.
    public var sentence: String {
        switch self {
        case .labelsOfCases: "mean over cases per label, then over labels"
        case .monai:
            "mean over the labels with a value per case, then over the cases with any; 0 without any"
        case .nnunet: "mean over cases per label, then over labels; none when a label has none"
        case .synapse: "sum over cases divided by their number per label, then mean over labels"
        case .records: "mean over all rows alike"
        case .none: "the library defines none: mean over cases per label, then over labels"
        }
    }
}

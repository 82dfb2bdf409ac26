/// Agreement beyond chance.
extension ConfusionMatrix {
    /// How much a mistake weighs by the distance of the two classes in the list.
    public enum KappaWeights: String, Hashable, Sendable, CaseIterable {
        /// All mistakes alike.
        case none
        /// By the distance.
        case linear
        /// By its square, as for stages of a disease.
        case quadratic
    }

    /// Cohen's kappa, `1 - Σ w(ij) n(ij) / Σ w(ij) e(ij)` with `e(ij)` expected from the sums of rows and columns.
    ///
    /// - Parameter weights: How much a mistake weighs.
    /// - Returns: NaN when chance alone leaves no mistake: an empty matrix, or one class on both sides.
    /// - Complexity: O(*k*²) for *k* classes.
    /// - Sources: Cohen 1960, 1968.
    public func kappa(weights: KappaWeights = .none) -> Double {
        let (rows, columns, total) = (supports, predicted, Double(total))
        var (observed, expected) = (0.0, 0.0)
        for row in 0..<classCount {
            for column in 0..<classCount where row != column {
                let distance = Double(abs(row - column))
                let weight =
                    switch weights {
                    case .none: 1.0
                    case .linear: distance
                    case .quadratic: distance * distance
                    }
                observed += weight * Double(self[prediction: column, reference: row])
                expected += weight * Double(rows[row]) * Double(columns[column])
            }
        }
        return expected == 0 ? .nan : 1 - observed * total / expected
    }

    /// Matthews correlation coefficient of several classes.
    ///
    /// - Returns: NaN when either side has one class only (scikit-learn: 0).
    /// - Source: Gorodkin 2004.
    public var mcc: Double {
        let total = Double(total)
        var (covariance, rowSpread, columnSpread) = (Double(correct) * total, 0.0, 0.0)
        for (row, column) in zip(supports, predicted) {
            let (t, p) = (Double(row), Double(column))
            covariance -= t * p
            // n² - Σt² without the difference of two large numbers.
            rowSpread += t * (total - t)
            columnSpread += p * (total - p)
        }
        let spread = rowSpread.squareRoot() * columnSpread.squareRoot()
        return spread == 0 ? .nan : covariance / spread
    }
}

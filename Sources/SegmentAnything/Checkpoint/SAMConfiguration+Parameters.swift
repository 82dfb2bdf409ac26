extension SAMConfiguration {
    /// Values that training moves: 93,735,472 for `vit_b`.
    ///
    /// Running statistics, counters and the frequencies of the position encoding are not among them.
    public var parameterCount: Int {
        tensorShapes.reduce(0) { sum, tensor in
            Self.isBuffer(tensor.name) ? sum : sum + tensor.shape.reduce(1, *)
        }
    }

    /// Whether a tensor is kept with the model but not trained.
    ///
    /// - Parameter name: The published name.
    /// - Returns: Whether it is.
    public static func isBuffer(_ name: String) -> Bool {
        [
            ".running_mean", ".running_var", ".num_batches_tracked",
            ".positional_encoding_gaussian_matrix",
        ].contains { name.hasSuffix($0) }
    }
}

internal import CNetworkKernels

/// A convolution of 3 x 3 pixels within each channel, with its weights.
public struct DepthwiseConvolution: Sendable {
    /// Channels of input and output.
    public let channels: Int
    /// Distance of outputs in the input, 1 or 2.
    public let stride: Int

    private let level: Kernels.Level
    private let weights: KernelMemory
    private let bias: KernelMemory

    /// Makes the convolution.
    ///
    /// - Parameters:
    ///   - weights: `[channel][line][column]`, as published.
    ///   - bias: A value for each channel.
    ///   - stride: Distance of outputs in the input, 1 or 2.
    ///   - level: One that this machine can run.
    public init(_ weights: [Float], bias: [Float], stride: Int, level: Kernels.Level) {
        precondition(level <= Kernels.highestLevel, "a level this machine cannot run")
        precondition(stride == 1 || stride == 2, "another stride than 1 and 2")
        precondition(weights.count == 9 * bias.count, "weights do not fill the channels")
        channels = bias.count
        self.stride = stride
        self.level = level
        self.weights = KernelMemory(count: weights.count)
        self.bias = KernelMemory(count: bias.count)
        for channel in 0..<bias.count {
            self.bias.values[channel] = bias[channel]
            for tap in 0..<9 {
                self.weights.values[tap * bias.count + channel] = weights[channel * 9 + tap]
            }
        }
    }

    /// Number of outputs along an axis.
    ///
    /// - Parameter inputs: Number of inputs along it.
    /// - Returns: `inputs / stride`, rounded up.
    public func outputs(of inputs: Int) -> Int { (inputs + stride - 1) / stride }

    /// Works out one line of outputs; on one thread.
    ///
    /// What lies beyond the border is zero.
    ///
    /// - Parameters:
    ///   - lines: The lines above, at and below, channels together; `nil` beyond the border.
    ///   - width: Pixels of these lines.
    ///   - output: ``outputs(of:)`` pixels.
    ///   - gelu: Whether GELU is applied last, absolute error below 1e-6; 0 below -5.2.
    public func convolveLine(
        _ lines: (UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Float>?),
        width: Int, into output: UnsafeMutablePointer<Float>, gelu: Bool = false
    ) {
        var line = nk_depthwise_line()
        line.lines = (lines.0, lines.1, lines.2)
        line.input_count = width
        line.channels = channels
        line.stride = stride
        line.weights = UnsafePointer(weights.values)
        line.bias = UnsafePointer(bias.values)
        line.applies_gelu = gelu ? 1 : 0
        nk_depthwise(Int32(level.rawValue), &line, outputs(of: width), output)
    }
}

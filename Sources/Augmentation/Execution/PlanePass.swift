internal import CImageKernels

/// An affine map, and how planes are read through it.
struct PlaneWarp: Hashable {
    var map: PlaneAffine
    var isLinear: Bool
    var fill: Fill
    var fillValue: Float

    /// The map as the kernels take it.
    var kernelMap: ik_map {
        let mode =
            switch fill {
            case .constant, .black: ik_fill_value
            case .edge: ik_fill_edge
            case .reflect: ik_fill_reflect
            }
        return ik_map(
            xx: map.xx, xy: map.xy, x0: map.x0, yx: map.yx, yy: map.yy, y0: map.y0,
            fill: Int32(mode), fill_value: fillValue, linear: isLinear ? 1 : 0)
    }
}

/// What is done to the pixels in one go: flips and quarter turns, then at most one affine map, then linear intensity steps.
///
/// Flips and turns only change where the pixels are read, so a map behind them gives the same bits as if they had been carried
/// out before. Prompts, extent and range of the sample are up to date at any time; its pixels are once the pass has been
/// carried out.
struct PlanePass {
    var view: PlaneView
    var reversesSlices = false
    var warp: PlaneWarp?
    /// Whether a transform has been added that moves pixels, be it to and fro.
    var hasGeometry = false
    private var steps: [ik_linear] = []
    private let unmoved: PlaneView

    init(extent: SampleExtent) {
        unmoved = PlaneView(rows: extent.rows, columns: extent.columns)
        view = unmoved
    }

    /// Whether flips, turns or a map can be added.
    var takesGeometry: Bool { warp == nil && steps.isEmpty }

    /// Whether any pixel moves.
    private var movesPixels: Bool { view != unmoved || reversesSlices || warp != nil }

    /// Adds a linear step, unless it has to be carried out by itself.
    mutating func add(
        _ step: any LinearIntensity, of sample: inout AugmentationSample
    ) -> Bool {
        guard let numbers = step.linear(for: sample) else { return false }
        steps.append(
            ik_linear(
                scale: numbers.scale, shift: numbers.shift,
                low: numbers.clip?.lowerBound ?? -.infinity,
                high: numbers.clip?.upperBound ?? .infinity))
        sample.range = step.range(after: sample.range)
        return true
    }

    /// Carries the pass out.
    func run(on sample: inout AugmentationSample) {
        if movesPixels {
            move(&sample)
        } else if !steps.isEmpty {
            sample.image.withUnsafeMutableBufferPointer { image in
                ik_apply_linear(image.baseAddress, image.count, steps, steps.count)
            }
        }
        if hasGeometry { sample.remeasureBoxes() }
    }

    private func move(_ sample: inout AugmentationSample) {
        let image = sample.image
        let labels = sample.labels ?? []
        let instances = sample.instances ?? []
        var newLabels: [UInt8] = []
        var newInstances: [UInt32] = []
        sample.image = [Float](unsafeUninitializedCapacity: image.count) { imageResult, filled in
            newLabels = [UInt8](unsafeUninitializedCapacity: labels.count) { labelResult, filled in
                newInstances = [UInt32](unsafeUninitializedCapacity: instances.count) {
                    instanceResult, filled in
                    run(
                        extent: sample.extent,
                        from: (image, labels, instances),
                        to: (
                            imageResult.baseAddress,
                            labels.isEmpty ? nil : labelResult.baseAddress,
                            instances.isEmpty ? nil : instanceResult.baseAddress
                        ))
                    filled = instances.count
                }
                filled = labels.count
            }
            filled = image.count
        }
        if sample.labels != nil { sample.labels = newLabels }
        if sample.instances != nil { sample.instances = newInstances }
    }

    private func run(
        extent: SampleExtent, from source: ([Float], [UInt8], [UInt32]),
        to target: (
            UnsafeMutablePointer<Float>?, UnsafeMutablePointer<UInt8>?,
            UnsafeMutablePointer<UInt32>?
        )
    ) {
        var kernelView = view.kernelView
        source.0.withUnsafeBufferPointer { image in
            source.1.withUnsafeBufferPointer { labels in
                source.2.withUnsafeBufferPointer { instances in
                    steps.withUnsafeBufferPointer { steps in
                        for slice in 0..<extent.slices {
                            let to = slice * extent.planeCount
                            let from =
                                reversesSlices
                                ? (extent.slices - 1 - slice) * extent.planeCount : to
                            var planes = ik_planes()
                            planes.image = image.baseAddress.map { $0 + from }
                            planes.image_result = target.0.map { $0 + to }
                            planes.channels = extent.channels
                            planes.image_step = extent.slices * extent.planeCount
                            if let result = target.1 {
                                planes.labels = labels.baseAddress.map { $0 + from }
                                planes.labels_result = result + to
                            }
                            if let result = target.2 {
                                planes.instances = instances.baseAddress.map { $0 + from }
                                planes.instances_result = result + to
                            }
                            planes.steps = steps.baseAddress
                            planes.step_count = steps.count
                            if let warp {
                                var map = warp.kernelMap
                                ik_warp(&kernelView, &map, &planes)
                            } else {
                                ik_copy(&kernelView, &planes)
                            }
                        }
                    }
                }
            }
        }
    }
}

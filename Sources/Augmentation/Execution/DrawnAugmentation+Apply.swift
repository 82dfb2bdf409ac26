extension DrawnAugmentation {
    /// Carries all transforms out, in order.
    ///
    /// The bits are those of applying one transform after another, but flips, quarter turns, a rotation or affine transform
    /// behind them, and the linear intensity steps behind that, are one pass over the pixels.
    ///
    /// - Parameter sample: The sample; unchanged when an error is thrown.
    /// - Throws: ``AugmentationError`` from the first transform that is not drawn, out of bounds, or does not fit.
    /// - Complexity: O(*n*) in the pixels for every pass; nothing is allocated but the results.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        var result = sample
        var pass: PlanePass?
        func finish() {
            pass?.run(on: &result)
            pass = nil
        }
        for transform in transforms {
            switch transform {
            case .flip(let flip): try add(flip)
            case .quarterTurn(let turn): try add(turn)
            case .rotation(let rotation): try add(rotation)
            case .affine(let affine): try add(affine)
            default:
                let other = transform.transform
                if let step = other as? any LinearIntensity {
                    var linear = pass ?? PlanePass(extent: result.extent)
                    if linear.add(step, of: &result) {
                        pass = linear
                        continue
                    }
                }
                finish()
                try other.apply(to: &result)
            }
        }
        finish()
        sample = result

        func add(_ geometry: some FusedGeometry) throws(AugmentationError) {
            try result.checkPlanes(for: type(of: geometry).name)
            if let pass, !pass.takesGeometry { finish() }
            var next = pass ?? PlanePass(extent: result.extent)
            try geometry.add(to: &next, of: &result)
            next.hasGeometry = true
            pass = next
        }
    }

    /// Where the pixels of the result come from, as one affine map.
    ///
    /// - Parameter extent: The size of the sample before the transforms.
    /// - Returns: Two rows of three numbers that take (x, y, 1) of a pixel of the result to a position in the plane before the
    ///   transforms; `nil` when there is no such map: after an elastic deformation, or when a transform is not drawn or out
    ///   of bounds.
    public func pixelToSource(extent: SampleExtent) -> [Double]? {
        var size = extent
        var total = PlaneAffine()
        for transform in transforms {
            if case .elastic = transform { return nil }
            let step = transform.transform
            if let geometry = step as? any PlaneGeometry {
                guard let map = geometry.sourceMap(extent: size) else { return nil }
                total = map.then(total)
            }
            size = step.extent(after: size)
        }
        return [total.xx, total.xy, total.x0, total.yx, total.yy, total.y0]
    }
}

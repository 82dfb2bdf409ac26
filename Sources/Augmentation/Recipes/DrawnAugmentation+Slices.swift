extension DrawnAugmentation {
    /// The slice of a volume that a slice of the transformed volume is made from.
    ///
    /// - Parameters:
    ///   - slice: Index of the slice after the transforms.
    ///   - count: Slices of the volume.
    /// - Returns: Its index before; another one only after a flip along the slices.
    public func sourceSlice(of slice: Int, count: Int) -> Int {
        let flips = transforms.count { $0 == .flip(Flip(axis: .slices)) }
        return flips % 2 == 0 ? slice : count - 1 - slice
    }

    /// What is left to do for one slice of a volume that is worked on slice by slice.
    ///
    /// A flip along the slices does nothing to a single one (see ``sourceSlice(of:count:)``); noise is drawn anew for every
    /// slice.
    ///
    /// - Parameter slice: Index of the slice after the transforms.
    /// - Returns: The transforms to apply to a sample of this slice alone.
    public func transforms(ofSlice slice: Int) -> DrawnAugmentation {
        DrawnAugmentation(
            transforms: transforms.map { transform in
                guard case .noise(var noise) = transform else { return transform }
                // 53 bits, which every reader of JSON keeps
                noise.seed = noise.seed.map {
                    ($0 &+ UInt64(truncatingIfNeeded: slice) &* 0x9E37_79B9_7F4A_7C15) >> 11
                }
                return .noise(noise)
            })
    }
}

extension DrawnAugmentation {
    /// The transforms that move pixels, without those that only change their values.
    public var geometry: DrawnAugmentation {
        DrawnAugmentation(
            transforms: transforms.filter { transform in
                switch transform {
                case .flip, .quarterTurn, .rotation, .affine, .elastic, .cropOrPad: true
                case .rescale, .intensityScale, .intensityShift, .gamma, .windowJitter, .noise,
                    .blur, .colorJitter, .greyscale, .stainJitter, .dropout:
                    false
                }
            })
    }
}

extension NIfTIHeader {
    /// What is unusual about the header but no reason to refuse it.
    ///
    /// One line each; empty for an ordinary header.
    public var warnings: [NIfTIWarning] {
        var found: [NIfTIWarning] = []
        func add(_ kind: NIfTIWarning.Kind, _ text: String) {
            found.append(NIfTIWarning(kind: kind, text: text))
        }
        if sclSlope == 0 || !sclSlope.isFinite, sclIntercept.isFinite, sclIntercept != 0 {
            add(
                .interceptWithoutSlope,
                "scl_slope \(sclSlope) means no scaling, so scl_inter \(sclIntercept) is ignored "
                    + "(as nibabel does; ITK would add it)")
        }
        for axis in 1...min(3, dimensions.count) {
            if pixdim[axis] == 0 { add(.zeroSpacing, "pixdim[\(axis)] is 0, 1 is used") }
            if pixdim[axis] < 0 {
                add(
                    .negativeSpacing,
                    "pixdim[\(axis)] is \(pixdim[axis]), its absolute value is used")
            }
        }
        if bitsPerVoxel != dataType.bitsPerVoxel {
            add(
                .bitsPerVoxel,
                "bitpix is \(bitsPerVoxel), datatype \(dataType.name) has "
                    + "\(dataType.bitsPerVoxel) bits and wins")
        }
        if isOffsetMissing {
            add(.zeroOffset, "vox_offset is 0 in a single file, \(voxelOffset) is used")
        }
        for (name, code) in [("qform_code", qformCode), ("sform_code", sformCode)]
        where !(0...5).contains(code) {
            add(
                .orientationCode,
                "\(name) is \(code), outside 0...5; "
                    + (code > 0 ? "the matrix is used" : "the matrix is not used"))
        }
        if qformCode > 0, abs(pixdim[0]) != 1 {
            add(.orientationCode, "pixdim[0] is \(pixdim[0]), neither 1 nor -1; \(qfac) is used")
        }
        if qformCode <= 0, sformCode <= 0 {
            add(
                .unknownOrientation,
                "neither qform_code nor sform_code is set; left and right are unknown")
        }
        if sformCode > 0, sform.isFinite, sform.isSheared {
            add(.shear, "the sform is sheared, which the qform cannot say")
        }
        if lengthUnit == .metre || lengthUnit == .micrometre {
            add(
                .units,
                "xyzt_units says \(lengthUnit)s; the affine is taken as millimetres, "
                    + "as it is written (as nibabel does)")
        }
        return found
    }
}

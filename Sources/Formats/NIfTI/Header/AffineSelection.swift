import MedicalImaging

/// Which of the two affines of a file to use.
public enum AffineChoice: String, Hashable, Sendable, CaseIterable {
    /// The sform when its code is above 0, else the qform, else `pixdim` alone; an error when both are set and disagree.
    case automatic
    /// The sform, whatever the qform says.
    case sform
    /// The qform, whatever the sform says.
    case qform
}

/// Where an affine comes from.
public enum AffineSource: String, Hashable, Sendable {
    /// The three rows `srow_x`, `srow_y`, `srow_z`.
    case sform
    /// The quaternion, `pixdim` and the offsets.
    case qform
    /// `pixdim` alone, axes and origin by convention: the orientation is unknown.
    case pixdim
}

extension NIfTIHeader {
    /// The handedness of the qform: -1 or 1; anything but -1 in `pixdim[0]` counts as 1.
    var qfac: Double { pixdim[0] == -1 ? -1 : 1 }

    /// Where the affine comes from when nobody chooses.
    public var automaticAffineSource: AffineSource {
        sformCode > 0 ? .sform : qformCode > 0 ? .qform : .pixdim
    }

    /// The affine of the file, by nibabel's rule: sform if its code is above 0, else qform, else `pixdim`.
    ///
    /// With both codes set the two matrices must agree: same orientation, rotation within 0.1 degree, origin within 0.1
    /// voxel, spacing within 1 %. A sheared sform is compared by its closest rotation. Without a code the affine is
    /// nibabel's: i grows to the left, j to the front, k to the head, origin in the middle; see
    /// ``NIfTIWarning/Kind/unknownOrientation``.
    ///
    /// - Parameters:
    ///   - choice: Which affine.
    ///   - path: The path that errors name.
    /// - Returns: Voxel indices to world millimetres, RAS+; invertible.
    /// - Throws: ``NIfTIError`` when the chosen affine is absent, not finite or singular, or when the two disagree.
    public func affine(
        choosing choice: AffineChoice = .automatic, path: String
    ) throws(NIfTIError) -> Affine {
        switch choice {
        case .sform:
            guard sformCode > 0 else { throw missing("sform_code", path: path) }
            return try checkedSform(path: path)
        case .qform:
            guard qformCode > 0 else { throw missing("qform_code", path: path) }
            return try checkedQform(path: path)
        case .automatic:
            if sformCode > 0 {
                let sform = try checkedSform(path: path)
                if qformCode > 0 { try compare(sform, checkedQform(path: path), path: path) }
                return sform
            }
            return qformCode > 0 ? try checkedQform(path: path) : try checkedPixdim(path: path)
        }
    }

    /// The qform; `nil` when the quaternion is impossible.
    public var qform: Affine? {
        guard let rotation = Rotation(quaternion: quaternion) else { return nil }
        let size = spacing
        var affine = Affine.identity
        for row in 0..<3 {
            for column in 0..<3 {
                affine[row, column] = rotation[row, column] * size[column]
                if column == 2 { affine[row, column] *= qfac }
            }
            affine[row, 3] = qformOffset[row]
        }
        return affine
    }

    private func checkedSform(path: String) throws(NIfTIError) -> Affine {
        try checked(
            sform, field: "sform (srow_x, srow_y, srow_z)",
            nextStep: qformCode > 0 ? "choose the qform (--affine qform)" : "correct the header",
            path: path)
    }

    private func checkedQform(path: String) throws(NIfTIError) -> Affine {
        let nextStep = sformCode > 0 ? "choose the sform (--affine sform)" : "correct the header"
        guard let affine = qform else {
            throw NIfTIError(
                .affine, path: path, field: "qform (quatern_b, quatern_c, quatern_d)",
                found: "\(quaternion)", expected: "three parts of a unit quaternion",
                nextStep: nextStep)
        }
        return try checked(
            affine, field: "qform (pixdim, qoffset)", nextStep: nextStep, path: path)
    }

    private func checkedPixdim(path: String) throws(NIfTIError) -> Affine {
        let size = spacing
        var affine = Affine(values: [Double](repeating: 0, count: 12))
        for axis in 0..<3 {
            let length = axis < dimensions.count ? dimensions[axis] : 1
            let step = axis == 0 ? -size[axis] : size[axis]
            affine[axis, axis] = step
            affine[axis, 3] = -step * Double(length - 1) / 2
        }
        return try checked(affine, field: "pixdim", nextStep: "correct the header", path: path)
    }

    private func checked(
        _ affine: Affine, field: String, nextStep: String, path: String
    ) throws(NIfTIError) -> Affine {
        if affine.isInvertible { return affine }
        throw NIfTIError(
            .affine, path: path, field: field,
            found: (affine.isFinite ? "a singular matrix " : "a matrix that is not finite ")
                + "\(affine.values)",
            expected: "a finite matrix that can be inverted", nextStep: nextStep)
    }

    private func missing(_ field: String, path: String) -> NIfTIError {
        NIfTIError(
            .affine, path: path, field: field,
            found: "\(field == "sform_code" ? sformCode : qformCode)",
            expected: "a code above 0, since this affine was asked for",
            nextStep: "leave the choice to the file (--affine automatic)")
    }

    private func compare(_ sform: Affine, _ qform: Affine, path: String) throws(NIfTIError) {
        func disagreement(_ part: String, _ here: String, _ there: String) -> NIfTIError {
            NIfTIError(
                .affine, path: path, field: "\(part) of sform and qform",
                found: "\(here) against \(there)", expected: "the same, since both codes are set",
                nextStep: "look at the image and choose one (--affine sform or --affine qform)")
        }
        let codes = [sform, qform].map { Orientation(closestTo: $0) }
        guard codes[0] == codes[1] else {
            throw disagreement("orientation", "\(codes[0])", "\(codes[1])")
        }
        let angle = Rotation(closestTo: sform).angle(to: Rotation(closestTo: qform))
        guard angle <= 0.1 else {
            throw disagreement("rotation", "0", "\(Self.short(angle)) degrees")
        }
        let (a, b) = (sform.spacing, qform.spacing)
        for axis in 0..<3 where abs(a[axis] - b[axis]) > 0.01 * max(a[axis], b[axis]) {
            throw disagreement(
                "spacing", "\(Self.short(a[axis])) mm", "\(Self.short(b[axis])) mm")
        }
        let shift = (0..<3).reduce(0.0) {
            $0 + (sform[$1, 3] - qform[$1, 3]) * (sform[$1, 3] - qform[$1, 3])
        }.squareRoot()
        guard shift <= 0.1 * min(a.i, a.j, a.k) else {
            throw disagreement("origin", "0", "\(Self.short(shift)) mm")
        }
    }

    private static func short(_ value: Double) -> String {
        "\((value * 10_000).rounded() / 10_000)"
    }
}

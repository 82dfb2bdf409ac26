import MedicalImaging

/// Builds the header bytes of a single-file NIfTI: little endian, no text, no extension.
enum HeaderEncoding {
    /// The bytes before the voxels: the header and the four bytes that say "no extensions".
    ///
    /// - Parameters:
    ///   - grid: Shape and affine.
    ///   - type: The type of the voxels.
    ///   - intent: The intent code.
    ///   - path: The path that errors name.
    /// - Returns: 352 bytes, or 544 for NIfTI-2.
    /// - Throws: ``NIfTIError`` when an axis is empty, or the affine cannot be inverted.
    static func header(
        _ grid: Grid, type: NIfTIDataType, intent: Int, path: String
    ) throws(NIfTIError) -> [UInt8] {
        let lengths = [grid.shape.i, grid.shape.j, grid.shape.k]
        guard lengths.allSatisfy({ $0 >= 1 }) else {
            throw NIfTIError(
                .header, path: path, field: "dim", found: "\(grid.shape)",
                expected: "at least one voxel along each axis",
                nextStep: "do not write empty volumes")
        }
        let isFirst = lengths.allSatisfy { $0 <= Int(Int16.max) }
        let affine = grid.affine
        // float32 is what NIfTI-1 keeps of the affine, so that is what must be usable.
        let kept = isFirst ? Affine(values: affine.values.map { Double(Float($0)) }) : affine
        guard affine.isInvertible, kept.isInvertible else {
            throw NIfTIError(
                .affine, path: path, field: "affine", found: "\(affine.values)",
                expected: "a finite matrix that can be inverted", nextStep: "correct the affine")
        }
        let orientation = QformFields(affine, isSingle: isFirst)
        let dim = [3] + lengths + [1, 1, 1, 1]
        let pixdim = [orientation.qfac] + affine.spacing.array + [1, 1, 1, 1]
        return isFirst
            ? first(dim, pixdim, orientation, affine, type, intent)
            : second(dim, pixdim, orientation, affine, type, intent)
    }

    private static func first(
        _ dim: [Int], _ pixdim: [Double], _ orientation: QformFields, _ affine: Affine,
        _ type: NIfTIDataType, _ intent: Int
    ) -> [UInt8] {
        var header = HeaderBytes(count: 352)
        header.put(Int32(348), at: 0)
        header.put(UInt8(ascii: "r"), at: 38)
        for axis in 0..<8 {
            header.put(Int16(dim[axis]), at: 40 + 2 * axis)
            header.put(Float(pixdim[axis]), at: 76 + 4 * axis)
        }
        header.put(Int16(intent), at: 68)
        header.put(Int16(type.code), at: 70)
        header.put(Int16(type.bitsPerVoxel), at: 72)
        header.put(Float(352), at: 108)
        header.put(Float(1), at: 112)
        header.put(UInt8(NIfTIHeader.LengthUnit.millimetre.rawValue), at: 123)
        header.put(Int16(orientation.code), at: 252)
        header.put(Int16(1), at: 254)
        for index in 0..<3 {
            header.put(Float(orientation.quaternion[index]), at: 256 + 4 * index)
            header.put(Float(affine[index, 3]), at: 268 + 4 * index)
        }
        for index in 0..<12 { header.put(Float(affine.values[index]), at: 280 + 4 * index) }
        header.put(Array("n+1\0".utf8), at: 344)
        return header.bytes
    }

    private static func second(
        _ dim: [Int], _ pixdim: [Double], _ orientation: QformFields, _ affine: Affine,
        _ type: NIfTIDataType, _ intent: Int
    ) -> [UInt8] {
        var header = HeaderBytes(count: 544)
        header.put(Int32(540), at: 0)
        header.put(Array("n+2\0\r\n".utf8) + [0x1a, 0x0a], at: 4)
        header.put(Int16(type.code), at: 12)
        header.put(Int16(type.bitsPerVoxel), at: 14)
        for axis in 0..<8 {
            header.put(Int64(dim[axis]), at: 16 + 8 * axis)
            header.put(pixdim[axis], at: 104 + 8 * axis)
        }
        header.put(Int64(544), at: 168)
        header.put(Double(1), at: 176)
        header.put(Int32(orientation.code), at: 344)
        header.put(Int32(1), at: 348)
        for index in 0..<3 {
            header.put(orientation.quaternion[index], at: 352 + 8 * index)
            header.put(affine[index, 3], at: 376 + 8 * index)
        }
        for index in 0..<12 { header.put(affine.values[index], at: 400 + 8 * index) }
        header.put(Int32(NIfTIHeader.LengthUnit.millimetre.rawValue), at: 500)
        header.put(Int32(intent), at: 504)
        return header.bytes
    }
}

/// The fields of the qform for an affine: code 0 when it is sheared, which a rotation cannot say.
struct QformFields {
    let code: Int
    let qfac: Double
    let quaternion: [Double]

    /// Finds the quaternion.
    ///
    /// - Parameters:
    ///   - affine: An invertible affine.
    ///   - isSingle: Whether the header keeps 32-bit floats.
    init(_ affine: Affine, isSingle: Bool) {
        qfac = affine.determinant < 0 ? -1 : 1
        guard !affine.isSheared else {
            code = 0
            quaternion = [0, 0, 0]
            return
        }
        code = 1
        var rotation = Rotation(closestTo: affine)
        for row in 0..<3 { rotation[row, 2] *= qfac }
        let parts = rotation.quaternion
        var stored = Array(parts[1...])
        // The reader computes a = √(1 - b² - c² - d²). For half turns a is 0, and the rounding of b, c and d to 32 bits
        // would come back as a turn of 0.02 degrees; rounded away from zero they give a sum of at least 1, hence a = 0.
        if isSingle, parts[0] < 1e-7 {
            stored = stored.map { part in
                let near = Float(part)
                let isShort = abs(Double(near)) < abs(part)
                return Double(isShort ? (part < 0 ? near.nextDown : near.nextUp) : near)
            }
        }
        quaternion = stored
    }
}

/// A header being filled in, little endian.
struct HeaderBytes {
    var bytes: [UInt8]

    init(count: Int) { bytes = [UInt8](repeating: 0, count: count) }

    mutating func put<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        withUnsafeBytes(of: value.littleEndian) { put(Array($0), at: offset) }
    }

    mutating func put(_ value: Float, at offset: Int) { put(value.bitPattern, at: offset) }

    mutating func put(_ value: Double, at offset: Int) { put(value.bitPattern, at: offset) }

    mutating func put(_ values: [UInt8], at offset: Int) {
        bytes.replaceSubrange(offset..<(offset + values.count), with: values)
    }
}

import MedicalImaging

extension NIfTIHeader {
    /// The most header bytes that are ever needed: a NIfTI-2 header and its extension flag.
    static let longestHeader = 544

    /// Reads a header from the first bytes of a file.
    ///
    /// - Parameters:
    ///   - bytes: At least the first 348 (NIfTI-1) or 540 (NIfTI-2) bytes.
    ///   - path: The path that errors name.
    /// - Throws: ``NIfTIError`` when the bytes are no NIfTI header, or a field holds an impossible value.
    public init(bytes: [UInt8], path: String) throws(NIfTIError) {
        let fields = try Self.recognise(bytes, path: path)
        let isFirst = bytes.count < 540 || fields.int32(0) == 348
        version = isFirst ? 1 : 2
        byteOrder = fields.isBigEndian ? .bigEndian : .littleEndian
        let magic = Array(bytes[(isFirst ? 344 : 4)..<(isFirst ? 348 : 12)])
        isPair = try Self.isPair(magic: magic, version: version, path: path)
        func real(_ first: Int, _ second: Int) -> Double {
            isFirst ? fields.float32(first) : fields.float64(second)
        }
        func code(_ first: Int, _ second: Int) -> Int {
            isFirst ? fields.int16(first) : fields.int32(second)
        }
        let dim = (0..<8).map { isFirst ? fields.int16(40 + 2 * $0) : fields.int64(16 + 8 * $0) }
        dimensions = try Self.dimensions(dim, path: path)
        dataType = try Self.dataType(fields.int16(isFirst ? 70 : 12), path: path)
        bitsPerVoxel = fields.int16(isFirst ? 72 : 14)
        pixdim = (0..<8).map { real(76 + 4 * $0, 104 + 8 * $0) }
        sclSlope = real(112, 176)
        sclIntercept = real(116, 184)
        qformCode = code(252, 344)
        sformCode = code(254, 348)
        quaternion = (0..<3).map { real(256 + 4 * $0, 352 + 8 * $0) }
        qformOffset = (0..<3).map { real(268 + 4 * $0, 376 + 8 * $0) }
        sform = Affine(values: (0..<12).map { real(280 + 4 * $0, 400 + 8 * $0) })
        unitsCode = isFirst ? Int(bytes[123]) : fields.int32(500)
        intentCode = code(68, 504)
        extensions = []
        let offset = isFirst ? fields.float32(108) : Double(fields.int64(168))
        voxelOffset = try Self.voxelOffset(offset, version: version, isPair: isPair, path: path)
        isOffsetMissing = offset == 0 && !isPair
        try checkSize(path: path)
        try checkScaling(path: path)
    }

    /// Finds version and byte order from `sizeof_hdr`.
    private static func recognise(_ bytes: [UInt8], path: String) throws(NIfTIError) -> HeaderFields
    {
        guard bytes.count >= 348 else {
            throw NIfTIError(
                .notNIfTI, path: path, field: "header", found: "\(bytes.count) bytes",
                expected: "at least 348", nextStep: adviceForStranger(path))
        }
        for isBigEndian in [false, true] {
            let fields = HeaderFields(bytes: bytes, isBigEndian: isBigEndian)
            let size = fields.int32(0)
            if size == 348 { return fields }
            if size == 540 {
                guard bytes.count >= 540 else {
                    throw NIfTIError(
                        .notNIfTI, path: path, field: "header", found: "\(bytes.count) bytes",
                        expected: "at least 540 (NIfTI-2)",
                        nextStep: "the file is truncated, fetch it again")
                }
                return fields
            }
        }
        let size = HeaderFields(bytes: bytes, isBigEndian: false).int32(0)
        throw NIfTIError(
            .notNIfTI, path: path, field: "sizeof_hdr", found: "\(size)",
            expected: "348 (NIfTI-1) or 540 (NIfTI-2) in either byte order",
            nextStep: adviceForStranger(path))
    }

    private static func adviceForStranger(_ path: String) -> String {
        path.hasSuffix(".img") || path.hasSuffix(".img.gz")
            ? "give the .hdr file of the pair" : "check that this is a NIfTI file"
    }

    private static func isPair(
        magic: [UInt8], version: Int, path: String
    ) throws(NIfTIError) -> Bool {
        let tail: [UInt8] = version == 1 ? [0] : [0, 13, 10, 26, 10]
        let digit = UInt8(ascii: "0") + UInt8(version)
        let single: [UInt8] = [UInt8(ascii: "n"), UInt8(ascii: "+"), digit] + tail
        let pair: [UInt8] = [UInt8(ascii: "n"), UInt8(ascii: "i"), digit] + tail
        if magic == single { return false }
        if magic == pair { return true }
        guard magic.contains(where: { $0 != 0 }) || version == 2 else {
            throw NIfTIError(
                .notNIfTI, path: path, field: "magic", found: "none (an ANALYZE 7.5 header)",
                expected: "`n+1` or `ni1`",
                nextStep:
                    "convert it to NIfTI and check left and right, ANALYZE does not store them")
        }
        let text = magic.map { byte in
            (33...126).contains(byte) ? String(UnicodeScalar(byte)) : "."
        }.joined()
        throw NIfTIError(
            .notNIfTI, path: path, field: "magic", found: "`\(text)`",
            expected: "`n+\(version)` or `ni\(version)`",
            nextStep: "check that this is a NIfTI file")
    }

    private static func dimensions(_ dim: [Int], path: String) throws(NIfTIError) -> [Int] {
        guard (1...7).contains(dim[0]) else {
            throw NIfTIError(
                .header, path: path, field: "dim[0]", found: "\(dim[0])", expected: "1 to 7",
                nextStep: "the header is damaged, fetch the file again")
        }
        for axis in 1...dim[0] where dim[axis] < 1 {
            throw NIfTIError(
                .header, path: path, field: "dim[\(axis)]", found: "\(dim[axis])",
                expected: "at least 1", nextStep: "the header is damaged, fetch the file again")
        }
        return Array(dim[1...dim[0]])
    }

    private static func dataType(_ code: Int, path: String) throws(NIfTIError) -> NIfTIDataType {
        guard let type = NIfTIDataType(rawValue: code) else {
            throw NIfTIError(
                .unsupportedType, path: path, field: "datatype", found: "\(code)",
                expected: "one of " + NIfTIDataType.readableNames,
                nextStep: "the header is damaged, or the file must be converted")
        }
        return type
    }

    private static func voxelOffset(
        _ value: Double, version: Int, isPair: Bool, path: String
    ) throws(NIfTIError) -> Int {
        let least = isPair ? 0 : version == 1 ? 352 : 544
        // NIfTI-1 stores the offset as a float; some writers leave 0 in a single file.
        let rounded = value.rounded()
        guard let offset = Int(exactly: rounded), offset >= least || offset == 0 else {
            throw NIfTIError(
                .header, path: path, field: "vox_offset", found: "\(value)",
                expected: "a position from \(least) on",
                nextStep: "the header is damaged, fetch the file again")
        }
        return max(offset, least)
    }

    private func checkSize(path: String) throws(NIfTIError) {
        var total = max(dataType.bytesPerVoxel, 1)
        var overflows = false
        for length in dimensions {
            let product = total.multipliedReportingOverflow(by: length)
            total = product.partialValue
            overflows = overflows || product.overflow
        }
        // Room for the offset and for surplus bytes, so that no later sum can overflow.
        if overflows || total > Int.max / 4 || voxelOffset > Int.max / 4 {
            throw NIfTIError(
                .header, path: path, field: "dim",
                found: dimensions.map(String.init).joined(separator: "x")
                    + " voxels from byte \(voxelOffset)",
                expected: "fewer bytes than any file can hold",
                nextStep: "the header is damaged, fetch the file again")
        }
    }

    private func checkScaling(path: String) throws(NIfTIError) {
        guard scaling != nil, !sclIntercept.isFinite else { return }
        throw NIfTIError(
            .header, path: path, field: "scl_inter", found: "\(sclIntercept)",
            expected: "a finite number, since scl_slope is \(sclSlope)",
            nextStep: "correct the header, or set scl_slope to 0 for no scaling")
    }
}

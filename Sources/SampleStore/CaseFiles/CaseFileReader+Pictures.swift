import HDF5
import MedicalImaging

extension CaseFileReader {
    /// The instance of every pixel of one slice.
    ///
    /// - Parameter position: The position of the slice in the file, `0..<count`.
    /// - Returns: `rows * columns` numbers, row by row, 0 for pixels of no instance; `nil` for a file without instance maps.
    /// - Throws: ``StoreError`` for a position that does not exist or for damage, `HDF5Error` for damage.
    public func instances(at position: Int) throws -> [UInt32]? {
        try checkPosition(position)
        guard let type = description.instances else { return nil }
        return type.decode(
            try plane(
                CaseFileFormat.instance, offset: [position, 0, 0], width: type.byteCount))
    }

    /// The pixels of one colour picture.
    ///
    /// - Parameter position: The position of the picture in the file, `0..<count`.
    /// - Returns: `rows * columns` pixels of three bytes each, red first.
    /// - Throws: ``StoreError`` for a position that does not exist, for damage, and for a file of grey slices; `HDF5Error` for
    ///   damage.
    /// - Complexity: Inflates three planes or decodes one JPEG tile; may run on several threads at the same time.
    public func rgb(at position: Int) throws -> [UInt8] {
        guard description.channelMeaning == .rgb else {
            throw StoreError.notFound(
                path: path, what: "colour picture",
                available: "\(description.channels) grey channels of \(description.axis) slices")
        }
        try checkPosition(position)
        if let rgb = try decodedJPEG(at: position) { return rgb }
        let planes = try (0..<3).map { try imageBytes(at: position, channel: $0) }
        let count = description.rows * description.columns
        return [UInt8](unsafeUninitializedCapacity: 3 * count) { buffer, initialized in
            for (channel, plane) in planes.enumerated() {
                for n in 0..<count { buffer[3 * n + channel] = plane[n] }
            }
            initialized = 3 * count
        }
    }

    // MARK: - Parts

    /// What the channels are.
    static func channelMeaning(
        of file: HDF5Reader, path: String, pixels: String, type: PixelType, channels: Int
    ) throws -> ChannelMeaning {
        let key = "\(pixels)@\(CaseFileFormat.channelMeaning)"
        guard let found = try file.attribute(CaseFileFormat.channelMeaning, at: pixels) else {
            guard pixels == CaseFileFormat.image else {
                throw StoreError.malformed(
                    path: path, key: key, found: "nothing", expected: "rgb")
            }
            return .neighbours
        }
        let known = ChannelMeaning.allCases.map(\.rawValue).joined(separator: " or ")
        guard case .string(let name) = found, let meaning = ChannelMeaning(rawValue: name) else {
            var text = "no text"
            if case .string(let name) = found { text = "`\(name)`" }
            throw StoreError.unknownVersion(path: path, key: key, found: text, readable: known)
        }
        guard pixels == CaseFileFormat.image || meaning == .rgb else {
            throw StoreError.malformed(
                path: path, key: key, found: "`\(meaning.rawValue)`", expected: "rgb")
        }
        guard meaning != .rgb || (channels == 3 && type == .uint8) else {
            throw StoreError.malformed(
                path: path, key: key, found: "rgb with \(channels) channels of \(type.rawValue)",
                expected: "3 channels of uint8")
        }
        return meaning
    }

    /// The type of the optional instance map, after its shape was compared with that of the labels.
    static func instanceType(
        of file: HDF5Reader, path: String, shape: [Int]
    ) throws -> InstanceType? {
        let key = CaseFileFormat.instance
        guard try file.exists(key) else { return nil }
        try check(key, in: file, as: CaseFileFormat.instanceEncoding)
        let info = try file.info(key)
        guard info.shape == shape else {
            throw StoreError.malformed(
                path: path, key: key, found: "shape \(info.shape)",
                expected: "that of /label \(shape)")
        }
        guard
            let type = InstanceType.allCases.first(where: {
                info.type == .number($0.hdf5Type, bigEndian: false)
            })
        else {
            throw StoreError.malformed(
                path: path, key: key, found: "\(info.type)", expected: "uint16 or uint32")
        }
        guard shape[0] > 0 else { return type }
        guard info.chunk == [1] + shape.suffix(2) else {
            throw StoreError.malformed(
                path: path, key: key, found: "chunks \(info.chunk ?? [])",
                expected: "one chunk per slice")
        }
        guard info.filters.count == 2, info.filters[0] == .shuffle,
            case .deflate = info.filters[1]
        else {
            throw StoreError.malformed(
                path: path, key: key, found: "filters \(info.filters)",
                expected: "shuffle, then deflate")
        }
        return type
    }
}

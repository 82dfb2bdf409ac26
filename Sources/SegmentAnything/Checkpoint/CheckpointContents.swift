import HDF5
import TensorFiles

/// What a checkpoint file holds, read and checked; used by ``Checkpoint``.
struct CheckpointContents {
    var header: CheckpointHeader
    var version: String
    var tensors: [CheckpointTensor]
    var report: WeightReader.Report

    /// Reads everything but the elements.
    static func read(_ path: String) throws(CheckpointError) -> CheckpointContents {
        let file = try CheckpointAttributes(path: path)
        let version = try version(file)
        let header = try header(file)
        let tensors = try tensors(file)
        let shapes = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.shape) })
        let report = header.configuration.report(of: shapes)
        guard !report.isFatal else {
            throw .unfit(file: path, architecture: header.configuration.name, report)
        }
        let stated = try file.text(CheckpointFormat.precision)
        let found = precision(of: tensors)?.rawValue ?? CheckpointFormat.mixed
        guard stated == found else {
            throw file.wrong(
                "attribute \(CheckpointFormat.precision)", stated, "\(found), as the tensors have")
        }
        return CheckpointContents(
            header: header, version: version, tensors: tensors, report: report)
    }

    /// The precision all floating-point tensors have.
    static func precision(of tensors: [CheckpointTensor]) -> CheckpointPrecision? {
        let types = Set(tensors.lazy.map(\.elementType).filter(\.isFloatingPoint))
        guard let only = types.first, types.count == 1 else { return nil }
        return CheckpointPrecision(only)
    }

    private static func version(_ file: CheckpointAttributes) throws(CheckpointError) -> String {
        guard try file.optionalText(CheckpointFormat.encodingType) == CheckpointFormat.type else {
            throw .unsupported(
                file: file.path, place: "/", found: "an HDF5 file of another kind",
                expected: "attribute \(CheckpointFormat.encodingType) = \(CheckpointFormat.type);"
                    + " import .pth and .safetensors files with `samdata checkpoint import`")
        }
        let version = try file.text(CheckpointFormat.encodingVersion)
        guard isUnderstood(version) else {
            throw .unsupported(
                file: file.path, place: "/", found: "version \(OneLine.text(version))",
                expected: "\(CheckpointFormat.major).x; update samdata")
        }
        return version
    }

    /// Whether a version is `1.` and a number.
    private static func isUnderstood(_ version: String) -> Bool {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0] == CheckpointFormat.major
            && (1...4).contains(parts[1].utf8.count)
            && parts[1].utf8.allSatisfy { 0x30...0x39 ~= $0 }
    }

    private static func header(
        _ file: CheckpointAttributes
    ) throws(CheckpointError) -> CheckpointHeader {
        let text = try file.text(CheckpointFormat.architecture)
        let (found, reason) = ArchitectureText.configuration(of: text)
        guard let configuration = found else {
            throw file.wrong(
                "attribute \(CheckpointFormat.architecture)", reason,
                "the JSON of an architecture; import the checkpoint again")
        }
        let size = try file.integer(CheckpointFormat.imageSize)
        let mean = try file.numbers(CheckpointFormat.pixelMean)
        let deviation = try file.numbers(CheckpointFormat.pixelDeviation)
        guard size == configuration.imageSize, mean.map({ Float($0) }) == configuration.pixelMean,
            deviation.map({ Float($0) }) == configuration.pixelDeviation
        else {
            throw file.wrong(
                "attributes \(CheckpointFormat.imageSize), \(CheckpointFormat.pixelMean) and "
                    + CheckpointFormat.pixelDeviation, "other values",
                "those of the attribute \(CheckpointFormat.architecture); import it again")
        }
        let origin = try file.text(CheckpointFormat.weights)
        guard let weights = CheckpointHeader.Weights(rawValue: origin) else {
            throw file.wrong(
                "attribute \(CheckpointFormat.weights)", origin, "imported or random")
        }
        var header = CheckpointHeader(
            configuration: configuration, weights: weights,
            licence: try file.text(CheckpointFormat.licence),
            sourceFile: try file.text(CheckpointFormat.sourceFile),
            sourceSHA256: try file.text(CheckpointFormat.sourceSHA256),
            method: try file.text(CheckpointFormat.method))
        guard
            [header.licence, header.sourceFile, header.method].allSatisfy(CheckpointFormat.isPlain)
        else {
            throw file.wrong(
                "attributes \(CheckpointFormat.licence), \(CheckpointFormat.sourceFile) and "
                    + CheckpointFormat.method, "control characters", "plain text in one line")
        }
        guard header.sourceSHA256.isEmpty || isDigest(header.sourceSHA256) else {
            throw file.wrong(
                "attribute \(CheckpointFormat.sourceSHA256)", header.sourceSHA256,
                "64 lower-case hexadecimal digits, or nothing")
        }
        if let relative = try file.optionalNumber(CheckpointFormat.roundingRelativeL2) {
            header.rounding = CheckpointHeader.Rounding(
                relativeL2: relative,
                largest: try file.optionalNumber(CheckpointFormat.roundingLargest) ?? 0)
        }
        return header
    }

    private static func tensors(
        _ file: CheckpointAttributes
    ) throws(CheckpointError) -> [CheckpointTensor] {
        var tensors: [CheckpointTensor] = []
        for name in try file.tensorNames() {
            if let objection = CheckpointFormat.objection(toName: name) {
                throw file.wrong(
                    "group \(CheckpointFormat.tensors)", objection, CheckpointFormat.nameRule)
            }
            tensors.append(try tensor(name, file))
        }
        // A file in which many tensors share their bytes would announce more than it holds.
        let places = tensors.filter { !$0.place.isEmpty }
            .sorted { $0.place.lowerBound < $1.place.lowerBound }
        for (one, next) in zip(places, places.dropFirst())
        where one.place.upperBound > next.place.lowerBound {
            throw file.wrong(
                "tensor \(next.name)", "bytes that belong to tensor \(one.name) too",
                "bytes of its own; the file is forged, import it again")
        }
        return tensors
    }

    private static func tensor(
        _ name: String, _ file: CheckpointAttributes
    ) throws(CheckpointError) -> CheckpointTensor {
        let path = CheckpointFormat.path(of: name)
        let place = "tensor \(name)"
        let array = try file.array(path)
        let info = array.info
        guard let word = array.texts[0] else {
            throw file.wrong(
                place, "no text \(CheckpointFormat.elementType)", "one; import it again")
        }
        guard let type = TensorElementType(rawValue: word), type != .float64,
            let stored = type.stored, info.type == stored.info
        else {
            throw file.wrong(
                place, "\(CheckpointFormat.elementType) \(word) over values of another type",
                "a type that the values have; import the checkpoint again")
        }
        guard info.shape.count <= CheckpointFormat.mostAxes,
            info.count <= CheckpointFormat.mostTensorBytes / MemoryLayout<Float>.size
        else {
            throw file.wrong(
                place, "shape \(info.shape.prefix(9))",
                "at most \(CheckpointFormat.mostAxes) axes and 2^30 elements")
        }
        guard let digest = array.texts[1], isDigest(digest) else {
            throw file.wrong(
                place, "\(CheckpointFormat.sha256) \(array.texts[1] ?? "missing")",
                "64 lower-case hexadecimal digits; import it again")
        }
        return CheckpointTensor(
            name: name, elementType: type, shape: info.shape, sha256: digest, place: array.place)
    }

    private static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
    }
}

extension TensorElementType {
    /// How elements are stored; `nil` for float64, which a checkpoint does not hold.
    var stored: HDF5FileWriter.ValueType? {
        switch self {
        case .float64: nil
        case .float32: .number(.float32)
        case .float16: .float16
        case .bfloat16: .number(.uint16)
        case .int64: .number(.int64)
        case .int32: .number(.int32)
        case .int16: .number(.int16)
        case .int8: .number(.int8)
        case .uint8, .bool: .number(.uint8)
        }
    }
}

extension HDF5FileWriter.ValueType {
    /// The type as a reader finds it.
    var info: HDF5DatasetInfo.StoredType {
        switch self {
        case .number(let type): .number(type, bigEndian: false)
        case .float16: .float16(bigEndian: false)
        }
    }
}

extension SAMConfiguration {
    /// Tensors that a checkpoint may have in any shape or lack: no layer reads them.
    static func isOptional(_ name: String) -> Bool {
        name.hasSuffix(".num_batches_tracked") || name.hasPrefix("image_encoder.norm_head.")
            || name.hasPrefix("image_encoder.head.")
    }

    /// Compares tensors with those of the architecture.
    ///
    /// - Parameter shapes: The shapes by name.
    /// - Returns: Everything that is missing, unused or of another shape, names ascending.
    func report(of shapes: [String: [Int]]) -> WeightReader.Report {
        var report = WeightReader.Report()
        var known: Set<String> = []
        for (name, expected) in tensorShapes {
            known.insert(name)
            if Self.isOptional(name) { continue }
            guard let found = shapes[name] else {
                report.missing.append(name)
                continue
            }
            if found != expected {
                report.misshaped.append(.init(name: name, found: found, expected: expected))
            }
        }
        report.unused = shapes.keys.filter { !known.contains($0) }.sorted()
        report.missing.sort()
        report.misshaped.sort { $0.name < $1.name }
        return report
    }
}

import HDF5
import MedicalImaging

extension CaseFileReader {
    /// The optional group of an augmented copy.
    static func augmentation(
        of file: HDF5Reader, path: String, slices: Int
    ) throws -> StoredAugmentation? {
        let at = CaseFileFormat.augmentation
        guard try file.exists(at) else { return nil }
        try check(at, in: file, as: CaseFileFormat.augmentationEncoding)
        guard case .string(let source) = try file.attribute("source_case", at: at),
            case .string(let recipe) = try file.attribute("recipe", at: at),
            case .integer(let copy) = try file.attribute("copy", at: at), copy > 0
        else {
            throw StoreError.malformed(
                path: path, key: at, found: "no source_case, recipe or copy",
                expected: "the attributes of an augmented copy")
        }
        let sources = try file.readArray("\(at)/source_slice", as: Int32.self)
        let transforms = try file.readStrings("\(at)/transforms")
        let maps = try file.readArray("\(at)/pixel_to_source", as: Double.self)
        guard sources.count == slices, transforms.count == slices, maps.count == 6 * slices else {
            throw StoreError.malformed(
                path: path, key: at, found: "\(sources.count) slices",
                expected: "\(slices), one entry per slice")
        }
        return StoredAugmentation(
            sourceCase: source, copy: Int(copy), recipe: recipe,
            slices: sources.indices.map { n in
                let map = Array(maps[6 * n..<6 * n + 6])
                return StoredAugmentation.Slice(
                    source: Int(sources[n]), transforms: transforms[n],
                    pixelToSource: map.allSatisfy(\.isFinite) ? map : nil)
            })
    }

    static func check(
        _ element: String, in file: HDF5Reader, as encoding: String? = nil
    ) throws {
        guard try element == "/" || file.exists(element) else {
            throw StoreError.malformed(
                path: file.path, key: element, found: "nothing", expected: "this element")
        }
        let type = try file.attribute("encoding-type", at: element)
        let version = try file.attribute("encoding-version", at: element)
        guard case .string(let typeName) = type, case .string(let versionName) = version else {
            throw StoreError.malformed(
                path: file.path, key: element, found: "no encoding-type and encoding-version",
                expected: "the attributes every element of a case file carries")
        }
        let wanted = encoding ?? CaseFileFormat.encodings[element] ?? ""
        guard typeName == wanted, versionName.hasPrefix("1.") else {
            throw StoreError.unknownVersion(
                path: file.path, key: element, found: "\(typeName) \(versionName)",
                readable: "\(wanted) 1.x")
        }
    }

    /// Checks the marks of every element that must be there.
    ///
    /// - Returns: The element that holds the pixels, `/image` or `/jpeg`.
    static func checkElements(of file: HDF5Reader) throws -> String {
        let isJPEG = try file.exists(CaseFileFormat.jpeg)
        for element in CaseFileFormat.encodings.keys.sorted()
        where !isJPEG || element != CaseFileFormat.image {
            try check(element, in: file)
        }
        guard isJPEG else { return CaseFileFormat.image }
        try check(CaseFileFormat.jpeg, in: file, as: CaseFileFormat.jpegEncoding)
        guard try !file.exists(CaseFileFormat.image) else {
            throw StoreError.malformed(
                path: file.path, key: CaseFileFormat.jpeg, found: "it beside /image",
                expected: "pixels in one of them")
        }
        return CaseFileFormat.jpeg
    }

    /// The shape and type of the pixels, and the array that holds them where there is one.
    typealias PixelStack = (shape: [Int], type: PixelType, info: HDF5DatasetInfo?)

    /// The array of pixels, compared with that of the labels.
    static func imageStack(of file: HDF5Reader, label: HDF5DatasetInfo) throws -> PixelStack {
        let image = try file.info(CaseFileFormat.image)
        guard image.shape.count == 3 || image.shape.count == 4,
            label.shape == [image.shape[0]] + image.shape.suffix(2)
        else {
            throw StoreError.malformed(
                path: file.path, key: CaseFileFormat.label, found: "shape \(label.shape)",
                expected: "the slices, rows and columns of /image \(image.shape)")
        }
        guard let type = PixelType.allCases.first(where: { $0.hdf5Type == image.elementType })
        else {
            throw StoreError.malformed(
                path: file.path, key: CaseFileFormat.image, found: "\(image.type)",
                expected: "uint8, int16, int32 or float32")
        }
        return (image.shape, type, image)
    }

    /// What tiles of JPEG are as pixels: three channels of the size of the labels.
    static func jpegStack(of file: HDF5Reader, label: HDF5DatasetInfo) throws -> PixelStack {
        let shape = label.shape
        guard shape.count == 3, shape.suffix(2).allSatisfy({ 1...65_500 ~= $0 }) else {
            throw StoreError.malformed(
                path: file.path, key: CaseFileFormat.label, found: "shape \(shape)",
                expected: "pictures, and rows and columns from 1 to 65500")
        }
        return ([shape[0], 3] + shape.suffix(2), .uint8, nil)
    }

    static func description(
        of file: HDF5Reader, path: String, pixels: String, type: PixelType, channels: Int,
        rows: Int, columns: Int
    ) throws -> CaseDescription {
        func text(_ name: String, _ at: String = "/") throws -> String {
            guard case .string(let value) = try file.attribute(name, at: at) else {
                throw StoreError.malformed(
                    path: path, key: "\(at)@\(name)", found: "nothing", expected: "a text")
            }
            return value
        }
        func matrix(_ name: String) throws -> Affine {
            let values: [Double]
            switch try file.attribute(name, at: CaseFileFormat.geometry) {
            case .matrix(let found, _), .doubles(let found): values = found
            default: values = []
            }
            guard values.count == 12, values.allSatisfy(\.isFinite) else {
                throw StoreError.malformed(
                    path: path, key: "\(CaseFileFormat.geometry)@\(name)",
                    found: "\(values.count) numbers", expected: "a 3 x 4 matrix of finite numbers")
            }
            return Affine(values: values)
        }
        guard
            case .integers(let shape) = try file.attribute(
                "source_shape", at: CaseFileFormat.geometry), shape.count == 3,
            shape.allSatisfy({ $0 > 0 && $0 < 1 << 20 })
        else {
            throw StoreError.malformed(
                path: path, key: "\(CaseFileFormat.geometry)@source_shape", found: "something else",
                expected: "three whole numbers")
        }
        let ids = try file.readArray("\(CaseFileFormat.labels)/id", as: UInt8.self)
        let names = try file.readStrings("\(CaseFileFormat.labels)/name")
        let colors = try file.readStrings("\(CaseFileFormat.labels)/color")
        guard ids.count == names.count, ids.count == colors.count else {
            throw StoreError.malformed(
                path: path, key: CaseFileFormat.labels, found: "columns of different length",
                expected: "one row per class")
        }
        var window: ClosedRange<Double>?
        if case .doubles(let limits) = try file.attribute("window", at: pixels),
            limits.count == 2, limits[0] <= limits[1]
        {
            window = limits[0]...limits[1]
        }
        var inputs: [UnitRecord.Input] = []
        for role in ["image", "label"] {
            if case .string(let name) = try file.attribute(
                "\(role)_path", at: CaseFileFormat.provenance)
            {
                inputs.append(
                    UnitRecord.Input(
                        role: role, path: name, bytes: 0,
                        sha256: try text("\(role)_sha256", CaseFileFormat.provenance)))
            }
        }
        var warnings: [String] = []
        if case .strings(let found) = try file.attribute(
            "warnings", at: CaseFileFormat.provenance)
        {
            warnings = found
        }
        return CaseDescription(
            caseID: try text("case"), patient: try text("patient"), dataset: try text("dataset"),
            split: try text("split"), part: try text("part"),
            labels: ids.indices.map {
                LabelClass(id: Int(ids[$0]), name: names[$0], color: colors[$0])
            },
            pixelType: type, pixelFormat: try text("pixels", pixels),
            units: try text("units", pixels), window: window, channels: channels,
            rows: rows, columns: columns, axis: try text("axis"),
            orientation: try text("orientation", CaseFileFormat.geometry),
            source: Grid(
                shape: GridShape(Int(shape[0]), Int(shape[1]), Int(shape[2])),
                affine: try matrix("source_affine")),
            pixelToVoxel: try matrix("pixel_to_voxel"), inputs: inputs,
            configuration: try text("configuration", CaseFileFormat.provenance),
            warnings: warnings)
    }
}

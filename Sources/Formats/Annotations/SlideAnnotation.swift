internal import SafeFiles

/// The regions that people outlined on one slide or image: the contents of one annotation file.
///
/// Coordinates are pixels of the largest level as the file gives them, the origin being the top left corner of the top left pixel;
/// nothing is shifted, rounded or clipped. Rings are closed implicitly.
public struct SlideAnnotation: Hashable, Sendable {
    /// The form of the file.
    public var format: AnnotationFormat
    /// The regions that enclose something, in the order of the document.
    public var regions: [AnnotatedRegion]
    /// The groups that the file declares, in the order of the document.
    ///
    /// ASAP: the groups of `AnnotationGroups`; ImageScope: the names of layers; GeoJSON: the names of classes; NCRF: the two lists.
    public var groups: [String]
    /// The group that a group is part of (ASAP); groups on top are absent.
    public var parentGroups: [String: String]
    /// The colours that the file gives to groups.
    public var groupColors: [String: AnnotationColor]
    /// The pixel size in micrometres, where the file tells it (ImageScope).
    public var micronsPerPixel: Double?
    /// Regions that gave no outline, and why; they keep their number.
    public var skipped: [SkippedRegion]

    /// Makes annotations.
    ///
    /// - Parameters:
    ///   - format: The form of the file.
    ///   - regions: The regions that enclose something.
    ///   - groups: The declared groups; `nil` takes those of the regions, in their order.
    ///   - parentGroups: The group that a group is part of.
    ///   - groupColors: The colours of groups.
    ///   - micronsPerPixel: The pixel size in micrometres.
    ///   - skipped: Regions that gave no outline.
    public init(
        format: AnnotationFormat, regions: [AnnotatedRegion], groups: [String]? = nil,
        parentGroups: [String: String] = [:], groupColors: [String: AnnotationColor] = [:],
        micronsPerPixel: Double? = nil, skipped: [SkippedRegion] = []
    ) {
        self.format = format
        self.regions = regions
        self.groups = groups ?? Self.groups(of: regions)
        self.parentGroups = parentGroups
        self.groupColors = groupColors
        self.micronsPerPixel = micronsPerPixel
        self.skipped = skipped
    }

    /// Reads an annotation file; its form is told from its contents, not from its name.
    ///
    /// - Complexity: O(*n*) in the bytes; the whole file is held.
    /// - Parameters:
    ///   - path: The path of a regular file.
    ///   - limits: How much the file may ask for.
    /// - Returns: Its regions; a sound file without any gives none.
    /// - Throws: ``AnnotationError`` when the file cannot be read, is damaged, too large, or of another form.
    public static func read(
        path: String, limits: AnnotationLimits = .standard
    ) throws(AnnotationError) -> SlideAnnotation {
        let size: Int
        let bytes: [UInt8]
        do throws(FileError) {
            let file = try ReadableFile(path: path)
            size = file.size
            bytes = size <= limits.bytes ? try file.bytes(count: size) : []
        } catch {
            throw AnnotationError(.missing, file: path, message: error.message)
        }
        guard size <= limits.bytes else { throw tooLong(size, path, limits) }
        return try read(bytes: bytes, named: path, limits: limits)
    }

    /// Reads the bytes of an annotation file; their form is told from what they hold.
    ///
    /// - Complexity: O(*n*) in the bytes.
    /// - Parameters:
    ///   - bytes: The file.
    ///   - name: What errors call it.
    ///   - limits: How much the file may ask for.
    /// - Returns: Its regions; a sound file without any gives none.
    /// - Throws: ``AnnotationError`` when the bytes are damaged, too many, or of another form.
    public static func read(
        bytes: [UInt8], named name: String, limits: AnnotationLimits = .standard
    ) throws(AnnotationError) -> SlideAnnotation {
        guard bytes.count <= limits.bytes else { throw tooLong(bytes.count, name, limits) }
        switch AnnotationSyntax.recognise(bytes) {
        case .xml: return try XMLAnnotationReading.read(bytes, named: name, limits: limits)
        case .json: return try JSONAnnotationReading.read(bytes, named: name, limits: limits)
        case nil:
            let found = bytes.isEmpty ? "an empty file" : "bytes that start neither XML nor JSON"
            throw AnnotationError(
                .unsupported, file: name,
                message: "found \(found), expected ImageScope or ASAP XML, GeoJSON or NCRF JSON; "
                    + "name an annotation file")
        }
    }

    private static func tooLong(
        _ count: Int, _ name: String, _ limits: AnnotationLimits
    ) -> AnnotationError {
        AnnotationError(
            .tooLarge, file: name,
            message: "found \(count) bytes, expected at most \(limits.bytes); split the file, "
                + "or raise the limit on bytes")
    }

    /// The groups of regions, each once, in their order.
    private static func groups(of regions: [AnnotatedRegion]) -> [String] {
        var known: Set<String> = [""]
        return regions.compactMap { known.insert($0.group).inserted ? $0.group : nil }
    }
}

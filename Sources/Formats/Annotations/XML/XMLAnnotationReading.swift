internal import MedicalImaging
internal import XMLEvents

/// Gets the tags of an annotation document of one form.
protocol XMLAnnotationBuilder {
    init(limits: AnnotationLimits)
    mutating func start(_ tag: XMLTag) throws(Complaint)
    mutating func end(_ name: XMLText) throws(Complaint)
    /// Where in the document the tags are, for errors; empty outside of regions.
    var place: String { get }
    /// What was gathered, after the last tag.
    var annotation: SlideAnnotation { get }
}

/// Annotations in XML: the root element says which form it is.
enum XMLAnnotationReading {
    private enum Root {
        case aperio
        case asap
        case other(String)
    }

    static func read(
        _ bytes: [UInt8], named name: String, limits: AnnotationLimits
    ) throws(AnnotationError) -> SlideAnnotation {
        var xmlLimits = XMLReader.Limits()
        xmlLimits.bytes = limits.bytes
        xmlLimits.depth = limits.usableDepth
        let root: Root
        let line: Int
        do throws(XMLError) {
            (root, line) = try self.root(of: bytes, named: name, limits: xmlLimits)
        } catch {
            throw AnnotationError(error, file: name)
        }
        switch root {
        case .aperio:
            var builder = AperioXMLBuilder(limits: limits)
            return try read(bytes, named: name, limits: xmlLimits, with: &builder)
        case .asap:
            var builder = ASAPXMLBuilder(limits: limits)
            return try read(bytes, named: name, limits: xmlLimits, with: &builder)
        case .other(let element):
            throw AnnotationError(
                .unsupported, file: name, place: "line \(line)",
                message: "found the root element \(Complaint.quoted(element)), expected "
                    + "Annotations (ImageScope) or ASAP_Annotations; name an annotation file, or "
                    + "export it anew")
        }
    }

    private static func root(
        of bytes: [UInt8], named name: String, limits: XMLReader.Limits
    ) throws(XMLError) -> (Root, line: Int) {
        var root = Root.other("")
        let line = try XMLReader.tags(
            of: bytes, document: name, limits: limits,
            start: { tag in
                if tag.name == "Annotations" {
                    root = .aperio
                } else if tag.name == "ASAP_Annotations" {
                    root = .asap
                } else {
                    root = .other(tag.name.string)
                }
                return false
            }, end: { _ in false })
        return (root, line ?? 1)
    }

    private static func read<Builder: XMLAnnotationBuilder>(
        _ bytes: [UInt8], named name: String, limits: XMLReader.Limits,
        with builder: inout Builder
    ) throws(AnnotationError) -> SlideAnnotation {
        var complaint: Complaint?
        let line: Int?
        do throws(XMLError) {
            line = try XMLReader.tags(
                of: bytes, document: name, limits: limits,
                start: { tag in
                    do throws(Complaint) {
                        try builder.start(tag)
                        return true
                    } catch {
                        complaint = error
                        return false
                    }
                },
                end: { name in
                    do throws(Complaint) {
                        try builder.end(name)
                        return true
                    } catch {
                        complaint = error
                        return false
                    }
                })
        } catch {
            throw AnnotationError(error, file: name)
        }
        guard let complaint else { return builder.annotation }
        let places = [line.map { "line \($0)" } ?? "", builder.place].filter { !$0.isEmpty }
        throw AnnotationError(
            complaint.kind, file: name, place: places.joined(separator: ", "),
            message: complaint.message)
    }
}

extension AnnotationError {
    fileprivate init(_ error: XMLError, file: String) {
        self.init(.damaged, file: file, place: "line \(error.line)", message: error.message)
    }
}

extension XMLTag {
    /// The number in an attribute.
    func number(_ name: StaticString) throws(Complaint) -> Double {
        guard let text = self[name] else {
            throw Complaint(
                message: "found no attribute \(name), expected a decimal number; correct the file "
                    + "or export it again")
        }
        if let value = DecimalNumber.value(of: text.bytes) { return value }
        throw Complaint(
            message: "found \(name)=\(Complaint.quoted(text.string)), expected a decimal number; "
                + "correct the file or export it again")
    }
}

extension RegionCollector {
    /// The vertex that a tag stands for.
    mutating func vertex(_ tag: XMLTag) throws(Complaint) -> PlanePoint {
        try vertex(x: try tag.number("X"), y: try tag.number("Y"))
    }
}

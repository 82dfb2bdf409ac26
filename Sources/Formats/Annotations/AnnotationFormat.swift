/// The forms in which annotations of slides come.
public enum AnnotationFormat: String, Hashable, Sendable, CaseIterable {
    /// XML of Aperio ImageScope: layers of regions of vertices (MoNuSeg).
    case aperioXML
    /// XML of ASAP: annotations of ordered coordinates, and groups (Camelyon).
    case asapXML
    /// GeoJSON: features with polygons, as QuPath reads and writes them.
    case geoJSON
    /// JSON with a positive and a negative list of polygons (NCRF's copy of Camelyon16).
    case ncrfJSON
}

/// The outer form, told from the first bytes.
enum AnnotationSyntax {
    case xml
    case json

    /// - Returns: `nil` when the bytes start like neither.
    static func recognise(_ bytes: [UInt8]) -> AnnotationSyntax? {
        // The marks of UTF-16, which XML may be written in.
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .xml }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let first = bytes[start...].first { byte in
            byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") && byte != UInt8(ascii: "\n")
                && byte != UInt8(ascii: "\r")
        }
        switch first {
        case UInt8(ascii: "<"): return .xml
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
        default: return nil
        }
    }
}

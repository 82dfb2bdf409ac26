import NIfTI
import XMLEvents

/// The label names some tools write into the header extensions of a label map.
enum CaretLabelTable {
    /// Reads a Caret label table: `<Label Key="1" ...>spleen</Label>`, as TotalSegmentator writes it.
    ///
    /// - Parameter file: A label map.
    /// - Returns: Names by value; none when there is no table, or it cannot be read: names are a convenience.
    static func names(in file: NIfTIFile) -> [Int: String] {
        for block in file.header.extensions where block.size <= 1 << 22 {
            guard let contents = try? file.contents(of: block),
                contents.starts(with: Array("<?xml".utf8))
            else { continue }
            var names: [Int: String] = [:]
            var key: Int?
            var text = ""
            let result = Result<Void, XMLError> { () throws(XMLError) in
                try XMLReader.read(contents, document: file.path) { event in
                    switch event {
                    case .start("Label", let attributes):
                        key = attributes["Key"].flatMap { Int($0) }
                        text = ""
                    case .text(let piece) where key != nil: text += piece
                    case .end("Label"):
                        if let key, key != 0 { names[key] = text }
                        key = nil
                    default: break
                    }
                }
            }
            if case .success = result, !names.isEmpty { return names }
        }
        return [:]
    }
}

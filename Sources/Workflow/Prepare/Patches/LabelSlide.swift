import MedicalImaging
import SamplePreparation
import TIFF

/// A label picture with the size of a slide, such as the masks ASAP writes, read window by window.
struct LabelSlide: Sendable {
    private let reader: TIFFReader
    private let name: String
    private let translate: @Sendable (UInt32) throws -> UInt8

    /// Opens a label picture.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - name: What errors call it.
    ///   - picture: Columns and rows the label picture must have.
    ///   - translate: The label id of a value.
    /// - Throws: ``WorkflowError`` when it has another size than the picture or is no mask, `TIFFError` when it is damaged.
    init(
        path: String, name: String, picture: (width: Int, height: Int),
        translate: @escaping @Sendable (UInt32) throws -> UInt8
    ) throws {
        reader = try TIFFReader(path: path)
        self.name = name
        self.translate = translate
        let first = reader.directories[0]
        if let problem = first.problem { throw problem }
        guard first.width == picture.width, first.height == picture.height else {
            throw WorkflowError(
                .data,
                "\(name): found a mask of \(first.width) x \(first.height) pixels, expected "
                    + "\(picture.width) x \(picture.height) as the slide has; it belongs to another slide, fetch the "
                    + "right one")
        }
        guard first.samplesPerPixel == 1, first.sampleType == .uint8 else {
            throw WorkflowError(
                .data,
                "\(name): found \(first.samplesPerPixel) samples per pixel, expected a mask of one 8-bit sample"
            )
        }
    }

    /// The labels of a window: of each stored pixel the value under its centre, on level 0.
    func window(_ window: PatchWindow) throws -> [UInt8] {
        let size = reader.directories[0]
        let columns = window.levelZeroColumns
        let rows = window.levelZeroRows
        let x0 = max(columns.first ?? 0, 0)
        let x1 = min(columns.last ?? -1, size.width - 1)
        var result = [UInt8](repeating: 0, count: window.area)
        guard x0 <= x1 else { return result }
        var ids = [UInt8?](repeating: nil, count: 256)
        // Bands of rows keep a far shrunk window from being read whole.
        let band = max(1, (8 << 20) / (x1 - x0 + 1))
        var n = 0
        while n < rows.count {
            guard rows[n] >= 0, rows[n] < size.height else {
                n += 1
                continue
            }
            var end = n + 1
            while end < rows.count, rows[end] < size.height, rows[end] - rows[n] < band { end += 1 }
            let pixels = try reader.readRegion(
                x: x0, y: rows[n], width: x1 - x0 + 1, height: rows[end - 1] - rows[n] + 1)
            guard let values = pixels.uint8 else { return result }
            for line in n..<end {
                let source = (rows[line] - rows[n]) * pixels.width
                for (i, column) in columns.enumerated() where column >= x0 && column <= x1 {
                    let value = values[source + column - x0]
                    if value == 0 { continue }
                    let id = try ids[Int(value)] ?? translate(UInt32(value))
                    ids[Int(value)] = id
                    result[line * window.width + i] = id
                }
            }
            n = end
        }
        return result
    }
}

extension PatchWindow {
    /// The level-0 columns under the middles of the window's columns; may lie outside of the picture.
    var levelZeroColumns: [Int] { Self.places(x, width, downsampleX, originX) }

    /// The level-0 rows under the middles of the window's rows; may lie outside of the picture.
    var levelZeroRows: [Int] { Self.places(y, height, downsampleY, originY) }

    private static func places(
        _ start: Int, _ count: Int, _ scale: Double, _ origin: Double
    ) -> [Int] {
        (start..<start + count).map {
            Int((origin + (Double($0) + 0.5) * scale).rounded(.down))
        }
    }
}

import MedicalImaging

/// Finds the boxes around the values of a map.
enum LabelBounds {
    /// Measures all values that are asked for in one pass.
    ///
    /// The map is read in runs of one value, so that only their ends have to be looked up.
    ///
    /// - Parameters:
    ///   - plane: The map, row by row.
    ///   - columns: Pixels of a row.
    ///   - boxes: The values, each with its box after the call; `nil` for a value that does not occur.
    static func measure<Value: FixedWidthInteger & UnsignedInteger>(
        _ plane: UnsafeBufferPointer<Value>, columns: Int, boxes: inout [Value: BoxPrompt?]
    ) {
        guard let base = plane.baseAddress else { return }
        let sameInWord = UInt64.max / UInt64(Value.max)
        let perWord = 8 / MemoryLayout<Value>.size
        for row in 0..<plane.count / columns {
            let line = base + row * columns
            var column = 0
            while column < columns {
                let value = line[column]
                let start = column
                let word = UInt64(value) * sameInWord
                column += 1
                while column + perWord <= columns,
                    UnsafeRawPointer(line + column).loadUnaligned(as: UInt64.self) == word
                {
                    column += perWord
                }
                while column < columns, line[column] == value { column += 1 }
                guard let known = boxes[value] else { continue }
                let (x0, x1, y) = (Float(start), Float(column - 1), Float(row))
                var box = known ?? BoxPrompt(x0: x0, y0: y, x1: x1, y1: y)
                box.x0 = min(box.x0, x0)
                box.x1 = max(box.x1, x1)
                box.y1 = y
                boxes[value] = .some(box)
            }
        }
    }
}

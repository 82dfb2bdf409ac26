import Tensors

/// Position tables, resampled when they were stored for another image size.
///
/// - Source: the loading rule of SAMed (Zhang and Liu, 2023).
enum ViTPositions {
    /// The positions of a grid of tokens, side x side x width, resampled bilinearly (centres of pixels, no antialiasing).
    static func grid(_ name: String, side: Int, width: Int, weights: WeightReader) -> Tensor {
        guard let stored = weights.storedShape(of: name), stored.count == 4, stored[0] == 1,
            stored[1] == stored[2], stored[1] > 0, stored[3] == width, stored[1] != side
        else {
            return weights.take(name, [1, side, side, width])
        }
        let old = stored[1]
        let table = weights.take(name, stored)
        // Along the lines first: every line is a table of `old` rows.
        var lines: [Float] = []
        lines.reserveCapacity(old * side * width)
        table.withValues { values in
            for y in 0..<old {
                let line = values[y * old * width..<(y + 1) * old * width]
                lines += resample(Array(line), rows: old, to: side, width: width)
            }
        }
        let result = resample(lines, rows: old, to: side, width: side * width)
        return Tensor(result, shape: [1, side, side, width])
    }

    /// The relative positions along one axis, (2 side - 1) x width.
    ///
    /// Those of global blocks are resampled linearly along their length; those of windows must fit.
    static func axis(
        _ name: String, side: Int, width: Int, resamples: Bool, weights: WeightReader
    ) -> Tensor {
        let length = 2 * side - 1
        guard resamples, let stored = weights.storedShape(of: name), stored.count == 2,
            stored[0] > 0, stored[0] != length, stored[1] == width
        else {
            return weights.take(name, [length, width])
        }
        let table = weights.take(name, stored)
        return Tensor(
            resample(table.values, rows: stored[0], to: length, width: width),
            shape: [length, width])
    }

    /// Interpolates linearly between rows; centres of rows are half a row from the border, beyond which the last row goes on.
    static func resample(_ rows: [Float], rows old: Int, to new: Int, width: Int) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(new * width)
        let step = Double(old) / Double(new)
        for row in 0..<new {
            let place = max(0, (Double(row) + 0.5) * step - 0.5)
            let lower = min(Int(place), old - 1)
            let upper = min(lower + 1, old - 1)
            let part = Float(place - Double(lower))
            for column in 0..<width {
                let a = rows[lower * width + column]
                let b = rows[upper * width + column]
                result.append(a + part * (b - a))
            }
        }
        return result
    }
}

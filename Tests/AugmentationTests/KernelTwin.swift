internal import CImageKernels

/// The kernels once more, slow and obvious.
struct KernelTwin {
    var view: ik_view
    var map: ik_map?
    var steps: [ik_linear] = []

    private var rows: Int { Int(view.rows) }
    private var columns: Int { Int(view.columns) }

    /// A pixel of the view.
    private func pixel<Value>(_ plane: [Value], _ row: Int, _ column: Int) -> Value {
        plane[Int(view.origin) + row * Int(view.row_step) + column * Int(view.column_step)]
    }

    /// The index inside that stands for one outside; `nil` where the fill is a value.
    private func folded(_ index: Int, _ count: Int, _ fill: Int32) -> Int? {
        var index = index
        if index >= 0 && index < count { return index }
        if fill == ik_fill_value { return nil }
        if fill == ik_fill_edge { return min(max(index, 0), count - 1) }
        if count == 1 { return 0 }
        // back and forth until it lies inside
        index %= 2 * (count - 1)
        while index < 0 || index >= count {
            index = index < 0 ? -index : 2 * (count - 1) - index
        }
        return index
    }

    private func position(_ map: ik_map, _ row: Int, _ column: Int) -> (x: Double, y: Double) {
        let x = (map.x0 + Double(row) * map.xy) + Double(column) * map.xx
        let y = (map.y0 + Double(row) * map.yy) + Double(column) * map.yx
        return (x, y)
    }

    private func limited(_ value: Double) -> Double { min(max(value, -524_287), 524_287) }

    /// The nearest pixel of every pixel.
    func nearest<Value>(_ plane: [Value], outside: Value) -> [Value] {
        var result: [Value] = []
        for row in 0..<rows {
            for column in 0..<columns {
                guard let map else {
                    result.append(pixel(plane, row, column))
                    continue
                }
                let (x, y) = position(map, row, column)
                let isInside =
                    x >= 0 && x <= Double(columns - 1) && y >= 0 && y <= Double(rows - 1)
                let c = Int((limited(x) + 0.5).rounded(.down))
                let r = Int((limited(y) + 0.5).rounded(.down))
                if map.fill == ik_fill_value && !isInside {
                    result.append(outside)
                } else if let c = folded(c, columns, map.fill), let r = folded(r, rows, map.fill) {
                    result.append(pixel(plane, r, c))
                } else {
                    result.append(outside)
                }
            }
        }
        return result
    }

    /// The whole part and the fraction of a position, in steps of 2^-24 after rounding to 2^-32.
    private func split(_ value: Double) -> (Int, Float) {
        let rounded = (limited(value) * 0x1p32).rounded(.toNearestOrEven) * 0x1p-32
        let whole = rounded.rounded(.down)
        return (Int(whole), Float(((rounded - whole) * 0x1p24).rounded(.down) * 0x1p-24))
    }

    private func linear(_ plane: [Float], _ map: ik_map) -> [Float] {
        var result: [Float] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let position = position(map, row, column)
                let (c, fx) = split(position.x)
                let (r, fy) = split(position.y)
                func tap(_ r: Int, _ c: Int) -> Float {
                    guard let r = folded(r, rows, map.fill), let c = folded(c, columns, map.fill)
                    else { return map.fill_value }
                    return pixel(plane, r, c)
                }
                let upper = tap(r, c) + (tap(r, c + 1) - tap(r, c)) * fx
                let lower = tap(r + 1, c) + (tap(r + 1, c + 1) - tap(r + 1, c)) * fx
                result.append(upper + (lower - upper) * fy)
            }
        }
        return result
    }

    func stepped(_ value: Float) -> Float {
        steps.reduce(value) { min(max($0 * $1.scale + $1.shift, $1.low), $1.high) }
    }

    /// The image after map and steps.
    func image(_ plane: [Float]) -> [Float] {
        guard let map, map.linear != 0 else {
            return nearest(plane, outside: map?.fill_value ?? 0).map(stepped)
        }
        return linear(plane, map).map(stepped)
    }
}

/// The sizes of a convolution and its three products.
///
/// Also those of a transposed convolution, with input and output exchanged. Pictures are unfolded a few lines at a time:
/// row (channel, ky, kx) of an unfolded tile holds, for every output pixel, the input pixel that this weight meets.
///
/// - Shapes: `x [N, C, H, W]`, `weight [O, C/groups, kernelH, kernelW]`, `y [N, O, outH, outW]`
struct ConvolutionCore: Sendable {
    let (n, c, h, w): (Int, Int, Int, Int)
    let (o, kernelH, kernelW): (Int, Int, Int)
    let (outH, outW): (Int, Int)
    let settings: Convolution2D.Settings

    /// The sizes of a convolution of `x`; traps when they do not fit.
    init(x: [Int], weight: [Int], _ settings: Convolution2D.Settings) {
        precondition(
            x.count == 4 && weight.count == 4, "[N, C, H, W] and [O, C, k, k] were expected")
        (n, c, h, w) = (x[0], x[1], x[2], x[3])
        (o, kernelH, kernelW) = (weight[0], weight[2], weight[3])
        self.settings = settings
        let (s, p, d) = (settings.stride, settings.padding, settings.dilation)
        precondition(
            s > 0 && p >= 0 && d > 0 && settings.groups > 0 && c == weight[1] * settings.groups
                && o % settings.groups == 0 && kernelH > 0 && kernelW > 0,
            "weight \(weight) with \(settings) does not fit input \(x)")
        let (freeH, freeW) = (h + 2 * p - d * (kernelH - 1) - 1, w + 2 * p - d * (kernelW - 1) - 1)
        precondition(freeH >= 0 && freeW >= 0, "input \(x) is smaller than the kernel")
        (outH, outW) = (freeH / s + 1, freeW / s + 1)
    }

    var outputShape: [Int] { [n, o, outH, outW] }
    private var groups: Int { settings.groups }
    private var plane: Int { h * w }
    private var outPlane: Int { outH * outW }
    /// Channels of a group.
    private var inside: Int { c / groups }
    /// Outputs of a group.
    private var outside: Int { o / groups }
    private var area: Int { kernelH * kernelW }
    /// One input channel for one output channel each.
    private var isDepthwise: Bool { inside == 1 && outside == 1 }
    /// Nothing to unfold: every output pixel sees the input pixel at its own place.
    private var isPointwise: Bool {
        area == 1 && settings.stride == 1 && settings.padding == 0
    }
    /// Output lines of a tile: about 1024 pixels.
    private var tile: Int { max(1, 1024 / outW) }
    private var tiles: Int { (outH + tile - 1) / tile }
    /// Channels of a block where work is divided over channels.
    private var block: Int { min(32, max(1, inside / 8)) }
    private var blocks: Int { (inside + block - 1) / block }

    private func lines(_ index: Int) -> Range<Int> { index * tile..<min(outH, (index + 1) * tile) }

    /// `y (+)= weight * x`; with `adds`, onto what is there.
    func forward(_ x: Source, _ weight: Source, into y: Target, adds: Bool) {
        if isDepthwise {
            ParallelRange.forEach(count: n * c, piece: planePiece) { range in
                for index in range {
                    if !adds { (y + index * outPlane).update(repeating: 0, count: outPlane) }
                    forEachTap(channel: index % c) { weightAt, line, from, count, inputAt in
                        let (factor, step) = (weight[weightAt], settings.stride)
                        let x = x + (index * plane + inputAt)
                        let y = y + (index * outPlane + line * outW + from)
                        if step == 1 {
                            for i in 0..<count { y[i] += factor * x[i] }
                        } else {
                            for i in 0..<count { y[i] += factor * x[i * step] }
                        }
                    }
                }
            }
            return
        }
        let depth = inside * area
        ParallelRange.forEach(count: n * groups * tiles, piece: 1) { range in
            for piece in range {
                let (picture, rest) = piece.quotientAndRemainder(dividingBy: groups * tiles)
                let (group, index) = rest.quotientAndRemainder(dividingBy: tiles)
                let lines = lines(index)
                let count = lines.count * outW
                withUnfolded(x, picture, group * inside..<(group + 1) * inside, lines) { columns in
                    let out = (picture * o + group * outside) * outPlane + lines.lowerBound * outW
                    Product.serial(
                        rows: outside, columns: count, inner: depth,
                        .plain(weight + group * outside * depth, depth), columns, into: y + out,
                        stride: outPlane, beta: adds ? 1 : 0)
                }
            }
        }
    }

    /// The gradient of the input, added to `dx`.
    ///
    /// A thread owns whole channels, so nothing is added by two.
    func inputGradient(_ dy: Source, _ weight: Source, into dx: Target) {
        if isDepthwise {
            ParallelRange.forEach(count: n * c, piece: planePiece) { range in
                for index in range {
                    forEachTap(channel: index % c) { weightAt, line, from, count, inputAt in
                        let (factor, step) = (weight[weightAt], settings.stride)
                        let dx = dx + (index * plane + inputAt)
                        let dy = dy + (index * outPlane + line * outW + from)
                        if step == 1 {
                            for i in 0..<count { dx[i] += factor * dy[i] }
                        } else {
                            for i in 0..<count { dx[i * step] += factor * dy[i] }
                        }
                    }
                }
            }
            return
        }
        let depth = inside * area
        ParallelRange.forEach(count: n * groups * blocks, piece: 1) { range in
            withScratch(block * area * tile * outW) { columns in
                for piece in range {
                    let (picture, rest) = piece.quotientAndRemainder(dividingBy: groups * blocks)
                    let (group, index) = rest.quotientAndRemainder(dividingBy: blocks)
                    let first = index * block
                    let channels = min(block, inside - first)
                    for tile in 0..<tiles {
                        let lines = lines(tile)
                        let count = lines.count * outW
                        let out =
                            (picture * o + group * outside) * outPlane + lines.lowerBound * outW
                        Product.serial(
                            rows: channels * area, columns: count, inner: outside,
                            .turned(weight + (group * outside * depth + first * area), depth),
                            .plain(dy + out, outPlane), into: columns, stride: count)
                        for channel in 0..<channels {
                            let at = (picture * c + group * inside + first + channel) * plane
                            fold(columns + channel * area * count, lines, onto: dx + at)
                        }
                    }
                }
            }
        }
    }

    /// The gradient of the weight.
    ///
    /// A thread owns whole input channels; pictures and tiles are added in order.
    func weightGradient(_ dy: Source, _ x: Source, into dweight: Target) {
        if isDepthwise {
            ParallelRange.forEach(count: c, piece: 1) { range in
                withScratch(outW) { gathered in
                    for channel in range {
                        var sums = [Double](repeating: 0, count: area)
                        for picture in 0..<n {
                            let index = picture * c + channel
                            forEachTap(channel: channel) { weightAt, line, from, count, inputAt in
                                let (x, step) = (x + (index * plane + inputAt), settings.stride)
                                let dy = dy + (index * outPlane + line * outW + from)
                                if step > 1 {
                                    for i in 0..<count { gathered[i] = x[i * step] }
                                }
                                sums[weightAt - channel * area] += Double(
                                    Elementwise.dot(
                                        dy, step > 1 ? UnsafePointer(gathered) : x, count))
                            }
                        }
                        for tap in 0..<area { dweight[channel * area + tap] = Float(sums[tap]) }
                    }
                }
            }
            return
        }
        let depth = inside * area
        ParallelRange.forEach(count: groups * blocks, piece: 1) { range in
            for piece in range {
                let (group, index) = piece.quotientAndRemainder(dividingBy: blocks)
                let first = index * block
                let channels = min(block, inside - first)
                let into = dweight + (group * outside * depth + first * area)
                for picture in 0..<n {
                    for tile in 0..<tiles {
                        let lines = lines(tile)
                        let start = group * inside + first
                        withUnfolded(x, picture, start..<start + channels, lines) { columns in
                            let out =
                                (picture * o + group * outside) * outPlane
                                + lines.lowerBound * outW
                            Product.serial(
                                rows: outside, columns: channels * area,
                                inner: lines.count * outW, .plain(dy + out, outPlane),
                                .turned(columns.base, columns.stride), into: into, stride: depth,
                                beta: picture == 0 && tile == 0 ? 0 : 1)
                        }
                    }
                }
            }
        }
    }

    /// Planes of a piece of work that goes plane by plane.
    private var planePiece: Int {
        Elementwise.rowPiece(columns: outPlane * area, values: Elementwise.cheapPiece)
    }

    /// The outputs of a line whose input column lies inside the picture, for a column of the kernel.
    private func inside(kernelColumn kx: Int) -> Range<Int> {
        let (s, shift) = (settings.stride, settings.padding - kx * settings.dilation)
        let first = shift > 0 ? (shift + s - 1) / s : 0
        let last = w - 1 + shift
        let end = last < 0 ? 0 : min(outW, last / s + 1)
        return min(first, end)..<end
    }

    /// The input line that an output line meets at a line of the kernel; `nil` outside the picture.
    private func inputLine(_ line: Int, kernelLine ky: Int) -> Int? {
        let y = line * settings.stride - settings.padding + ky * settings.dilation
        return y >= 0 && y < h ? y : nil
    }

    private func inputColumn(_ column: Int, kernelColumn kx: Int) -> Int {
        column * settings.stride - settings.padding + kx * settings.dilation
    }

    /// Calls a body for every weight of a depthwise channel and every output line it contributes to.
    @inline(__always)
    private func forEachTap(
        channel: Int,
        _ body: (_ weight: Int, _ line: Int, _ from: Int, _ count: Int, _ input: Int) -> Void
    ) {
        for line in 0..<outH {
            for ky in 0..<kernelH {
                guard let y = inputLine(line, kernelLine: ky) else { continue }
                for kx in 0..<kernelW {
                    let span = inside(kernelColumn: kx)
                    guard !span.isEmpty else { continue }
                    let column = inputColumn(span.lowerBound, kernelColumn: kx)
                    body(
                        channel * area + ky * kernelW + kx, line, span.lowerBound, span.count,
                        y * w + column)
                }
            }
        }
    }

    /// Lends channels of a picture unfolded for some output lines.
    private func withUnfolded(
        _ x: Source, _ picture: Int, _ channels: Range<Int>, _ lines: Range<Int>,
        _ body: (Factor) -> Void
    ) {
        let start = x + (picture * c + channels.lowerBound) * plane
        if isPointwise {
            body(.plain(start + lines.lowerBound * w, plane))
            return
        }
        let count = lines.count * outW
        withScratch(channels.count * area * count) { columns in
            for channel in 0..<channels.count {
                unfold(start + channel * plane, lines, into: columns + channel * area * count)
            }
            body(.plain(columns, count))
        }
    }

    private func unfold(
        _ x: UnsafePointer<Float>, _ lines: Range<Int>, into columns: UnsafeMutablePointer<Float>
    ) {
        let step = settings.stride
        var target = columns
        for ky in 0..<kernelH {
            for kx in 0..<kernelW {
                let span = inside(kernelColumn: kx)
                for line in lines {
                    if let y = inputLine(line, kernelLine: ky), !span.isEmpty {
                        let from = x + y * w + inputColumn(span.lowerBound, kernelColumn: kx)
                        target.update(repeating: 0, count: span.lowerBound)
                        let middle = target + span.lowerBound
                        if step == 1 {
                            middle.update(from: from, count: span.count)
                        } else {
                            for i in 0..<span.count { middle[i] = from[i * step] }
                        }
                        (target + span.upperBound).update(
                            repeating: 0, count: outW - span.upperBound)
                    } else {
                        target.update(repeating: 0, count: outW)
                    }
                    target += outW
                }
            }
        }
    }

    /// Adds unfolded lines of one channel back to where they came from.
    private func fold(
        _ columns: UnsafePointer<Float>, _ lines: Range<Int>, onto x: UnsafeMutablePointer<Float>
    ) {
        let step = settings.stride
        var source = columns
        for ky in 0..<kernelH {
            for kx in 0..<kernelW {
                let span = inside(kernelColumn: kx)
                for line in lines {
                    if let y = inputLine(line, kernelLine: ky), !span.isEmpty {
                        let onto = x + y * w + inputColumn(span.lowerBound, kernelColumn: kx)
                        let from = source + span.lowerBound
                        if step == 1 {
                            for i in 0..<span.count { onto[i] += from[i] }
                        } else {
                            for i in 0..<span.count { onto[i * step] += from[i] }
                        }
                    }
                    source += outW
                }
            }
        }
    }
}

extension Tensor {
    /// Every plane of a batch of pictures filled with its channel's value.
    static func channels(_ bias: Tensor, shape: [Int]) -> Tensor {
        precondition(bias.shape == [shape[1]], "a bias of another size than the channels")
        let plane = shape[2] * shape[3]
        return Tensor.filled(shape) { y in
            bias.reading { bias in
                for index in 0..<shape[0] * shape[1] {
                    (y + index * plane).update(repeating: bias[index % shape[1]], count: plane)
                }
            }
        }
    }

    /// The sum of every channel over pictures and pixels.
    var channelSums: Tensor {
        let (n, c, h, w) = nchw
        let plane = h * w
        return Tensor.filled([c]) { sums in
            reading { x in
                for channel in 0..<c {
                    sums[channel] = Float(
                        (0..<n).reduce(0.0) {
                            $0 + Double(Elementwise.sum(x + ($1 * c + channel) * plane, plane))
                        })
                }
            }
        }
    }
}

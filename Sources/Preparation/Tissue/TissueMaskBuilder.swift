/// Makes a tissue mask from the rows of a small picture as they come, so that the picture is never held whole.
///
/// Only a byte of saturation is kept for each pixel.
public struct TissueMaskBuilder: Sendable {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// The recipe.
    public let recipe: TissueRecipe
    /// Level-0 pixels per mask pixel along x.
    public let downsampleX: Double
    /// Level-0 pixels per mask pixel along y.
    public let downsampleY: Double
    /// Rows taken so far.
    public private(set) var rows = 0

    private var saturation: [UInt8]
    private var histogram = [Int](repeating: 0, count: 256)
    private var invalid: [Range<Int>] = []
    private var validPixels = 0

    /// Makes a builder.
    ///
    /// - Parameters:
    ///   - width: Pixels in a row.
    ///   - height: Rows.
    ///   - recipe: The steps.
    ///   - downsampleX: Level-0 pixels per mask pixel along x, 1/64...65,536; `nil` takes the recipe's.
    ///   - downsampleY: The same along y.
    /// - Throws: ``TissueError`` when a number is out of range, a side is below 1, the picture has more than ``TissueMask/mostPixels`` pixels, or the
    ///   recipe is not valid.
    public init(
        width: Int, height: Int, recipe: TissueRecipe = .standard, downsampleX: Double? = nil,
        downsampleY: Double? = nil
    ) throws(TissueError) {
        try recipe.validate()
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, pixels <= TissueMask.mostPixels else {
            throw TissueError(
                "tissue mask: found a picture of \(width)x\(height), expected sides from 1 and at most "
                    + "\(TissueMask.mostPixels) pixels; take a smaller level")
        }
        self.downsampleX = downsampleX ?? recipe.downsample
        self.downsampleY = downsampleY ?? recipe.downsample
        for scale in [self.downsampleX, self.downsampleY] {
            guard scale >= 1.0 / 64, scale <= 65_536 else {
                throw TissueError(
                    "tissue mask: found a downsample of \(scale), expected 1/64 to 65536 level-0 pixels"
                )
            }
        }
        self.width = width
        self.height = height
        self.recipe = recipe
        saturation = [UInt8](repeating: 0, count: pixels)
    }

    /// Takes the next rows.
    ///
    /// - Parameters:
    ///   - rgb: Whole rows of interleaved 8-bit RGB.
    ///   - valid: One byte per pixel, 0 where a background was painted because there is no picture; `nil` when all are valid.
    /// - Throws: ``TissueError`` when the samples are not whole rows, or too many.
    public mutating func add(
        rows rgb: UnsafeRawBufferPointer, valid: [UInt8]? = nil
    ) throws(TissueError) {
        let pitch = width * 3
        let count = rgb.count / pitch
        guard rgb.count == count * pitch, count <= height - rows,
            valid.map({ $0.count == count * width }) ?? true
        else {
            throw TissueError(
                "tissue mask: found \(rgb.count) samples and \(valid?.count ?? 0) valid flags at row \(rows), "
                    + "expected rows of \(pitch) samples, \(height - rows) at most, and a flag per pixel"
            )
        }
        let start = rows * width
        let end = start + count * width
        rows += count
        saturation.withUnsafeMutableBufferPointer {
            Saturation.write(
                of: rgb.bindMemory(to: UInt8.self),
                to: UnsafeMutableBufferPointer(rebasing: $0[start..<end]))
        }
        if let valid {
            for n in start..<end where valid[n - start] == 0 {
                if let last = invalid.last, last.upperBound == n {
                    invalid[invalid.count - 1] = last.lowerBound..<n + 1
                } else {
                    invalid.append(n..<n + 1)
                }
            }
            for n in start..<end where valid[n - start] != 0 {
                histogram[Int(saturation[n])] += 1
                validPixels += 1
            }
        } else {
            validPixels += end - start
            saturation.withUnsafeBufferPointer {
                Self.count($0[start..<end], into: &histogram)
            }
        }
    }

    /// Counts values; four tables, because a white background would otherwise wait for one counter all the time.
    private static func count(
        _ values: Slice<UnsafeBufferPointer<UInt8>>, into histogram: inout [Int]
    ) {
        let values = UnsafeBufferPointer(rebasing: values)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1024) { tables in
            tables.initialize(repeating: 0)
            let whole = values.count / 4 * 4
            for n in stride(from: 0, to: whole, by: 4) {
                tables[Int(values[n])] &+= 1
                tables[256 + Int(values[n + 1])] &+= 1
                tables[512 + Int(values[n + 2])] &+= 1
                tables[768 + Int(values[n + 3])] &+= 1
            }
            for n in whole..<values.count { tables[Int(values[n])] &+= 1 }
            for n in 0..<1024 { histogram[n % 256] += Int(tables[n]) }
        }
    }

    /// Carries out the steps and gives the mask.
    ///
    /// - Returns: The mask with its report.
    /// - Throws: ``TissueError`` when rows are missing.
    /// - Complexity: Linear in the pixels, whatever the window sizes; two bytes per pixel.
    public consuming func mask() throws(TissueError) -> TissueMask {
        guard rows == height else {
            throw TissueError("tissue mask: found \(rows) rows, expected \(height); add the rest")
        }
        let otsu = recipe.fixedThreshold == nil ? OtsuThreshold.value(of: histogram) : nil
        let threshold = max(recipe.fixedThreshold ?? otsu ?? 0, recipe.minimumSaturation)
        var report = TissueMask.Report(
            otsu: otsu, threshold: threshold, isFlat: histogram.count { $0 > 0 } <= 1,
            validPixels: validPixels, stages: [], lostPieces: 0, lostPixels: 0, lost: [])
        let (width, height, recipe, invalid) = (width, height, recipe, invalid)
        var samples = saturation
        saturation = []
        let limit = UInt8(threshold)
        samples.withUnsafeMutableBufferPointer { pixels in
            for n in pixels.indices { pixels[n] = pixels[n] > limit ? 1 : 0 }
        }
        func clear(_ samples: inout [UInt8]) {
            for range in invalid {
                for n in range { samples[n] = 0 }
            }
        }
        func note(_ step: String, _ samples: [UInt8]) -> TissuePieces {
            let pieces = samples.withUnsafeBufferPointer {
                TissuePieces($0, width: width, height: height)
            }
            let pixels = pieces.runs.reduce(0) { $0 + Int($1.end - $1.start) }
            report.stages.append(.init(step: step, pixels: pixels, pieces: pieces.count))
            return pieces
        }
        func pass(
            _ source: [UInt8], _ target: inout [UInt8], radius: Int,
            border: BoxCount.Border = .zero, minimum: Int = 1, complement: Bool = false
        ) {
            source.withUnsafeBufferPointer { source in
                target.withUnsafeMutableBufferPointer {
                    BoxCount.filter(
                        source, into: $0, width: width, height: height, radius: radius,
                        border: border, minimum: minimum, complement: complement)
                }
            }
        }
        clear(&samples)
        var pieces = note("threshold", samples)
        var other = [UInt8](repeating: 0, count: samples.count)
        if recipe.closingRadius > 0 {
            // what lies outside limits neither the dilation nor the erosion
            pass(samples, &other, radius: recipe.closingRadius)
            pass(other, &samples, radius: recipe.closingRadius, complement: true)
            clear(&samples)
            pieces = note("closing", samples)
        }
        if recipe.medianSize > 1 {
            let side = recipe.medianSize
            pass(
                samples, &other, radius: side / 2, border: .replicate,
                minimum: side * side / 2 + 1)
            clear(&other)
            swap(&samples, &other)
            let lost = samples.withUnsafeBufferPointer {
                pieces.missing(from: $0, width: width)
            }
            report.lostPieces = lost.count
            report.lostPixels = lost.reduce(0) { $0 + $1.area }
            let order = lost.enumerated().sorted {
                ($1.element.area, $0.offset) < ($0.element.area, $1.offset)
            }
            report.lost = order.prefix(TissueMask.Report.listedPieces).map(\.element)
            _ = note("median", samples)
        }
        return samples.withUnsafeBufferPointer {
            TissueMask(
                samples: $0, width: width, height: height, downsampleX: downsampleX,
                downsampleY: downsampleY, report: report)
        }
    }
}

extension TissueMask {
    /// Makes a mask of a whole small picture.
    ///
    /// - Parameters:
    ///   - rgb: Interleaved 8-bit RGB, row by row.
    ///   - width: Pixels in a row.
    ///   - height: Rows.
    ///   - recipe: The steps.
    ///   - valid: One byte per pixel, 0 where there is no picture; `nil` when all are valid.
    ///   - downsampleX: Level-0 pixels per mask pixel along x; `nil` takes the recipe's.
    ///   - downsampleY: The same along y.
    /// - Returns: The mask with its report.
    /// - Throws: ``TissueError`` for sizes that do not fit the samples, too many pixels, or a recipe out of range.
    public static func compute(
        rgb: [UInt8], width: Int, height: Int, recipe: TissueRecipe = .standard,
        valid: [UInt8]? = nil, downsampleX: Double? = nil, downsampleY: Double? = nil
    ) throws(TissueError) -> TissueMask {
        var builder = try TissueMaskBuilder(
            width: width, height: height, recipe: recipe, downsampleX: downsampleX,
            downsampleY: downsampleY)
        guard rgb.count == width * height * 3 else {
            throw TissueError(
                "tissue mask: found \(rgb.count) samples, expected \(width)x\(height)x3")
        }
        let failure: TissueError? = rgb.withUnsafeBytes { bytes in
            do throws(TissueError) {
                try builder.add(rows: bytes, valid: valid)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        return try builder.mask()
    }
}

import MedicalImaging

/// Turns painted densities into a scan: partial volume, noise, round field of view, whole HU.
enum PhantomScanner {
    /// Scans.
    ///
    /// - Parameters:
    ///   - canvas: The painted case.
    ///   - profile: Grid and noise of the case.
    ///   - random: The generator of this case's noise.
    /// - Returns: HU in -1024...3071, i fastest, in patient order.
    static func scan(
        _ canvas: PhantomCanvas, _ profile: PhantomProfile, random: RandomSource
    ) -> [Int16] {
        var random = random
        let (nx, ny, nz) = (canvas.shape.i, canvas.shape.j, canvas.shape.k)
        let plane = nx * ny
        var soft = canvas.density
        blurInPlane(&soft, nx, ny, nz)
        var result = [Int16](repeating: -1024, count: soft.count)
        var noise = [Float](repeating: 0, count: plane)
        // The circle around the longer side: the corners of the picture are never measured.
        let radius = Float(max(nx, ny)) * 0.5 - 1
        for k in 0..<nz {
            fillNoise(&noise, nx, ny, &random)
            let below = max(k - 1, 0) * plane
            let above = min(k + 1, nz - 1) * plane
            for j in 0..<ny {
                let y = Float(j) - Float(ny - 1) * 0.5
                for i in 0..<nx {
                    let x = Float(i) - Float(nx - 1) * 0.5
                    let square = (x * x + y * y) / (radius * radius)
                    guard square <= 1 else { continue }
                    let n = j * nx + i
                    // Neighbouring slices bleed into each other by an eighth.
                    let clean =
                        soft[k * plane + n] * 0.75 + (soft[below + n] + soft[above + n]) * 0.125
                    let value = clean + noise[n] * profile.noise * (1 - 0.4 * square)
                    // Adding first makes the conversion, which cuts, round to the nearest.
                    let limited = min(max(value, -1024), 3071)
                    result[k * plane + n] = Int16(Int32(limited + 4096.5) - 4096)
                }
            }
        }
        return result
    }

    /// A binomial 1-2-1 filter along rows and columns, with repeated borders.
    private static func blurInPlane(_ values: inout [Float], _ nx: Int, _ ny: Int, _ nz: Int) {
        var row = [Float](repeating: 0, count: nx)
        var previous = [Float](repeating: 0, count: nx)
        for k in 0..<nz {
            let start = k * nx * ny
            for j in 0..<ny {
                let base = start + j * nx
                for i in 0..<nx { row[i] = values[base + i] }
                for i in 0..<nx {
                    let sides = row[max(i - 1, 0)] + row[min(i + 1, nx - 1)]
                    values[base + i] = row[i] * 0.5 + sides * 0.25
                }
            }
            for i in 0..<nx { previous[i] = values[start + i] }
            for j in 0..<ny {
                let base = start + j * nx
                let next = j + 1 < ny ? base + nx : base
                for i in 0..<nx {
                    let here = values[base + i]
                    values[base + i] = here * 0.5 + (previous[i] + values[next + i]) * 0.25
                    previous[i] = here
                }
            }
        }
    }

    /// Fills a plane with correlated noise of standard deviation 1.
    ///
    /// Each number is the sum of the four bytes of a random word, close to a normal distribution; a binomial filter in
    /// whole numbers then joins neighbours as a soft reconstruction kernel does.
    private static func fillNoise(
        _ noise: inout [Float], _ nx: Int, _ ny: Int, _ random: inout RandomSource
    ) {
        let width = nx + 2
        var white = [Int32](repeating: 0, count: width * (ny + 2))
        for n in 0..<white.count {
            let word = random.next()
            let pairs = (word & 0x00ff_00ff) + ((word >> 8) & 0x00ff_00ff)
            white[n] = Int32((pairs & 0xffff) + (pairs >> 16)) - 510
        }
        // Variance of a byte sum: 4 (256² - 1) / 12; the filter leaves (6/16)² of it, and its weights add up to 16.
        let unit = 1 / (Float(65535.0 / 3.0).squareRoot() * 6)
        for j in 0..<ny {
            for i in 0..<nx {
                let n = j * width + i
                func across(_ m: Int) -> Int32 { white[m] + 2 * white[m + 1] + white[m + 2] }
                let sum = across(n) + 2 * across(n + width) + across(n + 2 * width)
                noise[j * nx + i] = Float(sum) * unit
            }
        }
    }
}

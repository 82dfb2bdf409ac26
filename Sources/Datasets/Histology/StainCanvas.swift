/// The part of a picture that is being painted: the four densities of every pixel (see ``StainColors``).
///
/// Whatever is painted is a function of the position in the whole picture, so that a window shows the bits of the whole.
struct StainCanvas {
    /// The window: its first column and row in the picture, and its size.
    let x: Int, y: Int, width: Int, height: Int
    /// Haematoxylin, eosin, blood and ink, row by row.
    var densities: [SIMD4<Float>]

    /// Makes an empty window.
    init(x: Int, y: Int, width: Int, height: Int) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
        densities = [SIMD4<Float>](repeating: SIMD4<Float>(), count: width * height)
    }

    /// Sets every pixel.
    ///
    /// - Parameter tissue: The densities at the centre of a pixel of the picture.
    mutating func fill(_ tissue: (Float, Float) -> SIMD4<Float>) {
        let (x, y, width, height) = (x, y, width, height)
        densities.withUnsafeMutableBufferPointer { densities in
            for j in 0..<height {
                let py = Float(y + j) + 0.5
                for i in 0..<width {
                    densities[j * width + i] = tissue(Float(x + i) + 0.5, py)
                }
            }
        }
    }

    /// Changes every pixel.
    ///
    /// - Parameter change: The new densities, given the old ones and the centre of the pixel.
    mutating func change(_ change: (SIMD4<Float>, Float, Float) -> SIMD4<Float>) {
        let (x, y, width, height) = (x, y, width, height)
        densities.withUnsafeMutableBufferPointer { densities in
            for j in 0..<height {
                let py = Float(y + j) + 0.5
                for i in 0..<width {
                    let n = j * width + i
                    densities[n] = change(densities[n], Float(x + i) + 0.5, py)
                }
            }
        }
    }

    /// The picture as the lens draws it: a binomial 1-2-1 filter along rows and columns.
    ///
    /// - Returns: The window without its outermost pixels, which lack neighbours.
    func softened() -> StainCanvas {
        var result = StainCanvas(x: x + 1, y: y + 1, width: width - 2, height: height - 2)
        let (wide, width, height) = (width, result.width, result.height)
        var rows = [SIMD4<Float>](repeating: SIMD4<Float>(), count: wide)
        densities.withUnsafeBufferPointer { input in
            rows.withUnsafeMutableBufferPointer { rows in
                result.densities.withUnsafeMutableBufferPointer { output in
                    for j in 0..<height {
                        let base = j * wide
                        for i in 0..<wide {
                            let sides = input[base + i] + input[base + 2 * wide + i]
                            rows[i] = input[base + wide + i] * 0.5 + sides * 0.25
                        }
                        for i in 0..<width {
                            output[j * width + i] =
                                rows[i + 1] * 0.5 + (rows[i] + rows[i + 2]) * 0.25
                        }
                    }
                }
            }
        }
        return result
    }

    /// The colours of the window.
    ///
    /// - Parameters:
    ///   - colors: What the densities look like.
    ///   - seed: Tells the grain of one picture from another's.
    ///   - output: Room for `width * height * 3` bytes: red, green, blue by pixel, row by row.
    func develop(
        _ colors: StainColors, seed: UInt32, into output: UnsafeMutableBufferPointer<UInt8>
    ) {
        densities.withUnsafeBufferPointer { densities in
            for j in 0..<height {
                for i in 0..<width {
                    let n = j * width + i
                    let word = StainColors.word(x: x + i, y: y + j, seed: seed)
                    let color = colors.color(densities[n], word: word)
                    output[n * 3] = color.x
                    output[n * 3 + 1] = color.y
                    output[n * 3 + 2] = color.z
                }
            }
        }
    }
}

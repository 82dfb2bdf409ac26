/// Sine and cosine of an angle in degrees, the same bits on every machine and exact at multiples of 90.
///
/// Angles are reduced to an eighth of a turn and put into the polynomials of Moshier's Cephes library (`sindg.c`), with which
/// `scipy.special.sindg` and hence `scipy.ndimage.rotate` work: rotations agree with SciPy to the last bit.
enum DegreeTrigonometry {
    private static let radians = 1.74532925199432957692e-2

    /// The sine, for angles up to 1e14 degrees.
    static func sine(_ degrees: Double) -> Double {
        let angle = Reduced(degrees)
        let value = angle.isUpright ? cosine(ofSmall: angle.rest) : sine(ofSmall: angle.rest)
        return (degrees < 0) != angle.isBelow ? -value : value
    }

    /// The cosine, for angles up to 1e14 degrees.
    static func cosine(_ degrees: Double) -> Double {
        let angle = Reduced(degrees)
        let value = angle.isUpright ? sine(ofSmall: angle.rest) : cosine(ofSmall: angle.rest)
        return angle.isUpright != angle.isBelow ? -value : value
    }

    /// The tangent between -90 and 90 degrees, exactly 1 at 45, where the quotient may miss it by a bit.
    static func tangent(_ degrees: Double) -> Double {
        if degrees.magnitude == 45 { return degrees < 0 ? -1 : 1 }
        return sine(degrees) / cosine(degrees)
    }

    /// The size of an angle as a multiple of 90 degrees and at most 45 degrees more or less.
    private struct Reduced {
        /// The second half of the turn, where sines are negative.
        let isBelow: Bool
        /// An odd multiple of 90 degrees, where sine and cosine change places.
        let isUpright: Bool
        /// The rest in radians.
        let rest: Double

        init(_ degrees: Double) {
            var eighths = (degrees.magnitude / 45).rounded(.down)
            if eighths.truncatingRemainder(dividingBy: 2) == 1 { eighths += 1 }
            let octant = Int(eighths.truncatingRemainder(dividingBy: 8))
            isBelow = octant >= 4
            isUpright = octant == 2 || octant == 6
            rest = (degrees.magnitude - eighths * 45) * radians
        }
    }

    private static func sine(ofSmall x: Double) -> Double {
        let square = x * x
        return x + x
            * (square
                * polynomial(
                    square,
                    1.58962301572218447952e-10, -2.50507477628503540135e-8,
                    2.75573136213856773549e-6, -1.98412698295895384658e-4,
                    8.33333333332211858862e-3, -1.66666666666666307295e-1))
    }

    private static func cosine(ofSmall x: Double) -> Double {
        let square = x * x
        return 1 - square
            * polynomial(
                square,
                1.13678171382044553091e-11, -2.08758833757683644217e-9,
                2.75573155429816611547e-7, -2.48015872936186303776e-5,
                1.38888888888806666760e-3, -4.16666666666666348141e-2,
                4.99999999999999999798e-1)
    }

    /// Horner's scheme, the highest power first.
    private static func polynomial(_ x: Double, _ coefficients: Double...) -> Double {
        coefficients.dropFirst().reduce(coefficients[0]) { $0 * x + $1 }
    }
}

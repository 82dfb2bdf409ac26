/// The inverse of the normal distribution function.
///
/// - Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution", 1988,
///   routine PPND16.
enum InverseNormal {
    /// Up to this distance from one half, ``central(_:)`` holds.
    static let centre = 0.425

    /// The number below which a normal variable lies with probability `0.5 + q`, for q of at most
    /// ``centre``.
    ///
    /// Relative error: below 1e-15.
    @inline(__always)
    static func central(_ q: Double) -> Double {
        let r = 0.180625 - q * q
        var a = 2509.0809287301226727
        a = a * r + 33430.575583588128105
        a = a * r + 67265.770927008700853
        a = a * r + 45921.953931549871457
        a = a * r + 13731.693765509461125
        a = a * r + 1971.5909503065514427
        a = a * r + 133.14166789178437745
        a = a * r + 3.387132872796366608
        var b = 5226.495278852545925
        b = b * r + 28729.085735721942674
        b = b * r + 39307.89580009271061
        b = b * r + 21213.794301586595867
        b = b * r + 5394.1960214247511077
        b = b * r + 687.1870074920579083
        b = b * r + 42.313330701600911252
        b = b * r + 1
        return q * a / b
    }

    /// The same for tails, where the magnitude of q is above ``centre`` and the smaller side has at
    /// least e^-25.
    ///
    /// Relative error: below 1e-15.
    @inline(__always)
    static func tail(_ q: Double) -> Double {
        let side = 0.5 - q.magnitude
        let r = (-ExactMath.log(side)).squareRoot() - 1.6
        var a = 7.7454501427834140764e-4
        a = a * r + 0.0227238449892691845833
        a = a * r + 0.24178072517745061177
        a = a * r + 1.27045825245236838258
        a = a * r + 3.64784832476320460504
        a = a * r + 5.7694972214606914055
        a = a * r + 4.6303378461565452959
        a = a * r + 1.42343711074968357734
        var b = 1.05075007164441684324e-9
        b = b * r + 5.475938084995344946e-4
        b = b * r + 0.0151986665636164571966
        b = b * r + 0.14810397642748007459
        b = b * r + 0.68976733498510000455
        b = b * r + 1.6763848301838038494
        b = b * r + 2.05319162663775882187
        b = b * r + 1
        let value = a / b
        return Double(bitPattern: value.bitPattern | (q.bitPattern & (1 << 63)))
    }
}

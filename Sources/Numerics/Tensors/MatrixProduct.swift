internal import COpenBLAS

/// Products of matrices in row-major memory, by OpenBLAS with one thread; callers divide the work.
public enum MatrixProduct {
    /// Whether a factor is used as it lies in memory or turned.
    public enum Orientation: Sendable {
        /// As it lies in memory.
        case plain
        /// Rows and columns exchanged.
        case transposed

        fileprivate var code: CBLAS_TRANSPOSE {
            switch self {
            case .plain: CblasNoTrans
            case .transposed: CblasTrans
            }
        }
    }

    /// OpenBLAS works with one thread from the first product on: samdata divides the work itself.
    private static let isReady: Bool = {
        openblas_set_num_threads(1)
        return true
    }()

    /// `c = alpha * a b + beta * c`, on one thread.
    ///
    /// - Parameters:
    ///   - rows: Rows of `a` and `c`.
    ///   - columns: Columns of `b` and `c`.
    ///   - inner: Columns of `a`, rows of `b`.
    ///   - a: First factor.
    ///   - aStride: Distance of its rows in memory.
    ///   - aOrientation: Whether it is used turned; then its memory has `inner` rows.
    ///   - b: Second factor.
    ///   - bStride: Distance of its rows in memory.
    ///   - bOrientation: Whether it is used turned; then its memory has `columns` rows.
    ///   - c: Result.
    ///   - cStride: Distance of its rows in memory.
    ///   - alpha: Factor of the product.
    ///   - beta: Factor of what is in `c`; with 0, `c` need not be set.
    public static func multiply(
        rows: Int, columns: Int, inner: Int,
        _ a: UnsafePointer<Float>, stride aStride: Int, _ aOrientation: Orientation = .plain,
        _ b: UnsafePointer<Float>, stride bStride: Int, _ bOrientation: Orientation = .plain,
        into c: UnsafeMutablePointer<Float>, stride cStride: Int,
        alpha: Float = 1, beta: Float = 0
    ) {
        _ = isReady
        samdata_use_one_thread()
        cblas_sgemm(
            CblasRowMajor, aOrientation.code, bOrientation.code, Int32(rows), Int32(columns),
            Int32(inner), alpha, a, Int32(aStride), b, Int32(bStride), beta, c, Int32(cStride))
    }

    /// What OpenBLAS says about itself.
    public struct Backend: Hashable, Sendable {
        /// The core its kernels were chosen for, such as `SkylakeX`.
        public var core: String
        /// Its version and build options.
        public var configuration: String
    }

    /// The back end and the core it chose for this machine.
    public static var backend: Backend {
        _ = isReady
        return Backend(
            core: String(cString: openblas_get_corename()),
            configuration: String(cString: openblas_get_config()))
    }
}

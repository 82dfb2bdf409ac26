internal import COpenBLAS

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What numbers are computed with in this process: which instructions, which OpenBLAS, how many threads.
///
/// For reports; it changes nothing.
public struct NumericsBackend: Hashable, Sendable {
    /// The instructions of samdata's own kernels, which do nearly all the work of an image encoder.
    public var kernelLevel: Kernels.Level
    /// The core that OpenBLAS chose its kernels for, such as `SkylakeX`; it does the small products of decoder and training.
    public var openBLASCore: String
    /// Its version and build options.
    public var openBLASConfiguration: String
    /// Threads of one product of OpenBLAS: 1, as samdata divides the work above the products.
    public var openBLASThreads: Int
    /// How OpenBLAS was built to make threads: `none`, `pthreads` or `OpenMP`.
    public var openBLASThreading: String
    /// The variable `OPENBLAS_CORETYPE`, which overrides the choice of the core; `nil` when it is not set.
    public var openBLASCoreVariable: String?
    /// Threads that samdata divides its work over.
    public var threads: Int
    /// Whether these are all processors, and not a number that was asked for.
    public var usesAllProcessors: Bool

    /// The state of this process now.
    public static var current: NumericsBackend {
        let openBLAS = MatrixProduct.backend
        samdata_use_one_thread()
        let threading =
            switch openblas_get_parallel() {
            case OPENBLAS_SEQUENTIAL: "none"
            case OPENBLAS_THREAD: "pthreads"
            default: "OpenMP"
            }
        let variable = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"]
        return NumericsBackend(
            kernelLevel: Kernels.highestLevel, openBLASCore: openBLAS.core,
            openBLASConfiguration: openBLAS.configuration,
            openBLASThreads: Int(openblas_get_num_threads()), openBLASThreading: threading,
            openBLASCoreVariable: variable.flatMap { $0.isEmpty ? nil : $0 },
            threads: ParallelRange.workers, usesAllProcessors: ParallelRange.threads == 0)
    }

    /// Cores of OpenBLAS whose kernels use AVX-512.
    private static let wideCores: Set = ["skylakex", "cooperlake", "sapphirerapids", "zen5"]

    /// Whether OpenBLAS uses narrower instructions than the processor has.
    public var isOpenBLASSlowed: Bool {
        kernelLevel == .v4 && !Self.wideCores.contains(openBLASCore.lowercased())
    }

    /// What makes numbers slower than they need be, a line each with the next step; empty when nothing does.
    public var warnings: [String] {
        var warnings: [String] = []
        if isOpenBLASSlowed {
            let reason =
                openBLASCoreVariable.map { "OPENBLAS_CORETYPE is set to \(Self.printable($0))" }
                ?? "this version of OpenBLAS does not know the processor"
            let step =
                openBLASCoreVariable == nil
                ? "install a newer libopenblas to change that" : "unset it for full speed"
            warnings.append(
                "OpenBLAS uses its \(openBLASCore) kernels although the processor has AVX-512, as \(reason); \(step)"
            )
        }
        if openBLASThreads != 1 {
            warnings.append(
                "OpenBLAS makes \(openBLASThreads) threads for each product, which compete with samdata's; "
                    + "unset OPENBLAS_NUM_THREADS and OMP_NUM_THREADS")
        }
        return warnings
    }

    /// The state in words, a line each: kernels, OpenBLAS, threads, then ``warnings``.
    public var lines: [String] {
        let instructions =
            switch kernelLevel {
            case .base: Self.baseInstructions
            case .v3: "AVX2 and FMA (x86-64-v3)"
            case .v4: "AVX-512 (x86-64-v4)"
            }
        let count = "\(threads) \(threads == 1 ? "thread" : "threads")"
        return [
            "own kernels: \(instructions)",
            "OpenBLAS: core \(openBLASCore), \(openBLASThreads) "
                + "\(openBLASThreads == 1 ? "thread" : "threads") for each product "
                + "(built with threading: \(openBLASThreading)); \(openBLASConfiguration)",
            "work is divided over \(count)" + (usesAllProcessors ? ", one for each processor" : ""),
        ] + warnings.map { "slower than need be: \($0)" }
    }

    #if arch(arm64)
        private static let baseInstructions = "NEON (arm64)"
    #elseif arch(x86_64)
        private static let baseInstructions = "SSE2 (x86-64)"
    #else
        private static let baseInstructions = "those of every processor of this kind"
    #endif

    /// A variable's value without what would break a line or a terminal.
    private static func printable(_ text: String) -> String {
        String(text.unicodeScalars.prefix(40).map { 32...126 ~= $0.value ? Character($0) : "?" })
    }
}

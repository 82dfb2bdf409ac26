import Testing

@testable import Tensors

/// The report on what numbers are computed with.
@Suite struct NumericsBackendTests {
    static let fast = NumericsBackend(
        kernelLevel: .v4, openBLASCore: "SkylakeX", openBLASConfiguration: "OpenBLAS 0.3",
        openBLASThreads: 1, openBLASThreading: "pthreads", openBLASCoreVariable: nil, threads: 4,
        usesAllProcessors: true)

    @Test func `a product of OpenBLAS never makes threads of its own`() {
        let current = NumericsBackend.current
        #expect(current.openBLASThreads == 1)
        #expect(current.kernelLevel == Kernels.highestLevel)
        #expect(!current.openBLASCore.isEmpty)
        #expect(current.threads >= 1)
        #expect(current.lines.count == 3 + current.warnings.count)
        #expect(current.lines.allSatisfy { !$0.contains("\n") })
    }

    @Test func `a core that a variable asked for is told, with what to do`() {
        var slowed = Self.fast
        #expect(Self.fast.warnings.isEmpty && !Self.fast.isOpenBLASSlowed)
        slowed.openBLASCore = "Haswell"
        slowed.openBLASCoreVariable = "Haswell\u{1b}[31m"
        #expect(slowed.isOpenBLASSlowed)
        #expect(
            slowed.warnings == [
                "OpenBLAS uses its Haswell kernels although the processor has AVX-512, as "
                    + "OPENBLAS_CORETYPE is set to Haswell?[31m; unset it for full speed"
            ])
        #expect(slowed.lines.last?.hasPrefix("slower than need be: OpenBLAS") == true)
    }

    @Test func `a core that OpenBLAS chose below the processor is told`() {
        var slowed = Self.fast
        slowed.openBLASCore = "Zen"
        #expect(slowed.warnings.count == 1)
        #expect(slowed.warnings.first?.contains("does not know the processor") == true)
        slowed.kernelLevel = .v3
        #expect(slowed.warnings.isEmpty)
    }

    @Test func `threads of OpenBLAS beside ours are told`() {
        var crowded = Self.fast
        crowded.openBLASThreads = 4
        #expect(crowded.warnings.first?.contains("4 threads for each product") == true)
    }
}

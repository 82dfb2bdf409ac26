import SamplePreparation
import Testing

@testable import SamdataWorkflow

/// Stores of patches opened by h5py and compared with what Pillow and Python's XML reader find in the input.
@Suite("Pictures as Python reads them", .enabled(if: ExportPython.interpreter != nil))
struct PicturePythonTests {
    private func check(_ store: PictureStore, _ data: PictureDataset, _ counts: String) throws {
        let python = try #require(ExportPython.interpreter)
        let script = ExportPython.package + "/Tests/Python/check_patches.py"
        let result = try ExportPython.run(python, [script, store.layout.root, data.root])
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("checked \(counts)"), "\(result.text)")
    }

    @Test("nuclei, whole and in patches over the edge")
    func nuclei() throws {
        let data = try PictureDataset.nuclei()
        try check(data.prepare(to: "whole", threads: 2), data, "6 files, 6 patches")
        let cut = try data.prepare(to: "cut", threads: 2) {
            $0.lattice = PatchRecipe(patch: 200, stride: 150, edge: .pad)
        }
        let count = cut.manifest.cases.reduce(0) { $0 + $1.slices }
        try check(cut, data, "6 files, \(count) patches")
    }

    @Test("slides in pieces, of level 0 and of level 1")
    func slides() throws {
        let data = try PictureDataset.slides()
        let whole = try data.prepare(to: "whole", threads: 2) { $0.pieceBudget = 100 }
        var count = whole.manifest.cases.reduce(0) { $0 + $1.slices }
        try check(whole, data, "6 files, \(count) patches")
        let half = try data.prepare(to: "half", threads: 2) {
            $0.micronsPerPixel = 1
            $0.lattice = PatchRecipe(patch: 192, tissue: .fraction(0.2))
        }
        count = half.manifest.cases.reduce(0) { $0 + $1.slices }
        try check(half, data, "3 files, \(count) patches")
    }
}

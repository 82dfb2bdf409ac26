import Foundation
import Testing

/// The published recipes, computed anew in Python from the same volumes: every stored pixel, mask, box and centre agrees.
@Suite struct PresetTests {
    @Test(
        .enabled(if: Tools.python != nil, "no Python with h5py, nibabel and scipy"),
        arguments: ["term-project", "transunet", "medsam"])
    func `a preset stores what its recipe gives in nibabel, NumPy and SciPy`(
        _ preset: String
    ) throws {
        let python = try #require(Tools.python)
        try Tools.withFolder { folder in
            let sample = folder.appendingPathComponent("sample").path
            let store = folder.appendingPathComponent("store").path
            #expect(try Tools.run(Tools.samdata, ["sample", sample, "--quiet"]).code == 0)
            let prepared = try Tools.run(
                Tools.samdata,
                [
                    "prepare", "sample", "--from", sample, "--to", store, "--preset", preset,
                    "--case", "0001", "--case", "0003", "--case", "0005", "--quiet",
                ])
            #expect(prepared.code == 0, "\(prepared.output)")
            let script = Tools.root.appendingPathComponent("Tests/Python/check_presets.py").path
            let checked = try Tools.run(python, [script, preset, sample, store])
            #expect(checked.code == 0, "\(checked.output)")
            #expect(checked.output.components(separatedBy: "as the recipe says").count == 4)
        }
    }
}

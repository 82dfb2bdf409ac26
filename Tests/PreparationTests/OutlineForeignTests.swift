import MedicalImaging
import Testing

@testable import SamplePreparation

@Suite(
    "Outlines of real nuclei", .enabled(if: ForeignMasks.folder != nil, "real files are not there"))
struct OutlineForeignTests {
    private func agreement(
        _ outlines: [PlanePolygon], _ rule: PolygonRule, _ mask: [Bool]
    ) -> (differing: Int, dice: Double) {
        let found = OutlineRasteriser(outlines, rule: rule).mask(
            PatchWindow(width: 1000, height: 1000))
        var (both, sum, differing) = (0, 0, 0)
        for n in mask.indices {
            let isCovered = found[n] != 0
            if isCovered, mask[n] { both += 1 }
            sum += (isCovered ? 1 : 0) + (mask[n] ? 1 : 0)
            if isCovered != mask[n] { differing += 1 }
        }
        return (differing, Double(2 * both) / Double(sum))
    }

    @Test(
        "The masks of LViT are poly2mask's to the pixel",
        arguments: [
            ("TCGA-AO-A0J2-01A-01-BSA", 356, 28_613), ("TCGA-HC-7209-01A-01-TS1", 325, 22_055),
            ("TCGA-HT-8564-01Z-00-DX1", 249, 20_810),
        ])
    func lvit(name: String, regions: Int, vertices: Int) throws {
        let outlines = try ForeignMasks.outlines(name + ".xml")
        #expect(outlines.count == regions)
        #expect(outlines.reduce(0) { $0 + $1.outer.count } == vertices)
        let mask = try ForeignMasks.mask(name + ".lvit-mask.png")
        #expect(agreement(outlines, .poly2mask, mask).differing == 0)
    }

    /// Dice of skimage as the README beside the files gives it; the other numbers were measured here.
    @Test(
        "The masks made with scikit-image agree with its rule as far as is known",
        arguments: [
            ("TCGA-CH-5767-01Z-00-DX1", 14, 1.0000, 0.9689),
            ("TCGA-NH-A8F7-01A-01-TS1", 335, 0.9994, 0.9658),
            ("TCGA-B0-5710-01Z-00-DX1", 11446, 0.9485, 0.9822),
        ])
    func scikit(name: String, differing: Int, dice: Double, centreDice: Double) throws {
        let outlines = try ForeignMasks.outlines(name + ".xml")
        let mask = try ForeignMasks.mask(name + ".skimage-mask.png")
        let found = agreement(outlines, .skimage, mask)
        #expect(found.differing == differing)
        #expect(abs(found.dice - dice) < 0.00005)
        #expect(abs(agreement(outlines, .pixelCentre, mask).dice - centreDice) < 0.00005)
    }

    @Test("Overlaps are kept by the first nucleus and counted, whole or by patches of 250 pixels")
    func overlaps() throws {
        let outlines = try ForeignMasks.outlines("TCGA-NH-A8F7-01A-01-TS1.xml")
        let rasteriser = OutlineRasteriser(outlines)
        #expect(rasteriser.unusable.isEmpty)
        let (map, contested) = InstanceMap.drawing(
            rasteriser, in: PatchWindow(width: 1000, height: 1000))
        #expect(contested == 60)
        #expect(map.records().count == 363)
        var sum = 0
        for y in stride(from: 0, to: 1000, by: 250) {
            for x in stride(from: 0, to: 1000, by: 250) {
                let patch = InstanceMap.drawing(
                    rasteriser, in: PatchWindow(x: x, y: y, width: 250, height: 250))
                sum += patch.contested
                #expect(patch.map == map.crop(x: x, y: y, width: 250, height: 250))
            }
        }
        #expect(sum == contested)
    }
}

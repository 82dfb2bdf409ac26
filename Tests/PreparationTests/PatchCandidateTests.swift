import Foundation
import Testing

@testable import SamplePreparation

/// EP-SAM's candidates; hashes are from an independent reading of its rule in `make_tissue.py`.
@Suite struct PatchCandidateTests {
    static func centres(_ dataset: String, mask: TissueMask) throws -> [[Int]] {
        let recipe = try #require(PatchRecipe.epSAM(dataset: dataset))
        let lattice = try PatchLattice(
            recipe: recipe, slideWidth: mask.width * 16, slideHeight: mask.height * 16)
        return lattice.candidates(mask: mask).map {
            let origin = lattice.origin(of: $0)
            return [origin.y + 256, origin.x + 256]
        }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    }

    static func hash(_ centres: [[Int]]) -> UInt64 {
        TissueFixtures.hash(
            centres.flatMap { $0.flatMap { [UInt8($0 & 255), UInt8($0 >> 8 & 255)] } })
    }

    @Test("A slide full of tissue has the 61 candidates worked out by hand")
    func workedByHand() throws {
        // 1600x1600 at level 0, mask 100x100, side 256: 6x6 cells of 16 mask pixels, half window 4, border 1 pixel.
        // First lattice: centre 0 lies at the border, 16...80 pass: 5x5. Second: 8...88, windows 4...92, pass: 6x6.
        let mask = try TissueFixtures.mask(
            [UInt8](repeating: 1, count: 10_000), width: 100, height: 100)
        let recipe = try #require(PatchRecipe.epSAM(dataset: "camelyon16"))
        let lattice = try PatchLattice(recipe: recipe, slideWidth: 1600, slideHeight: 1600)
        #expect(lattice.count == 72)
        let found = lattice.candidates(mask: mask).map { lattice.place($0) }
        #expect(found.count == 61)
        #expect(found.count { $0.isShifted } == 36)
        #expect(found[0].x == 128 - 256 && found[0].y == 128 - 256)
        // the second of row 0 is shifted as well: row 0 of the first lattice lies at the border
        #expect(found[1].isShifted && found[1].column == 1)
        let square = lattice.measuredSquare(at: found[0])
        #expect(square.x == 0 && square.y == 0 && square.side == 256)
    }

    @Test("One tissue pixel is found only by the windows that hold it")
    func windowsAreHalfOpen() throws {
        // mask 100x100, side 256, windows [c-4, c+4): pixel (31, 36) lies in that of centre (32, 32)? 36 does not.
        var samples = [UInt8](repeating: 0, count: 10_000)
        samples[35 * 100 + 31] = 1
        let near = try TissueFixtures.mask(samples, width: 100, height: 100)
        #expect(try Self.centres("camelyon16", mask: near) == [[512, 512]])
        samples[35 * 100 + 31] = 0
        samples[36 * 100 + 31] = 1
        let far = try TissueFixtures.mask(samples, width: 100, height: 100)
        // 36 is the first row of the window of 40 in the second lattice, whose columns are 20...27 and 36...43
        #expect(try Self.centres("camelyon16", mask: far) == [])
        samples[36 * 100 + 36] = 1
        let shifted = try TissueFixtures.mask(samples, width: 100, height: 100)
        #expect(try Self.centres("camelyon16", mask: shifted) == [[640, 640]])
    }

    @Test("Candidates of a real and of a drawn mask equal those of an independent script")
    func candidatesEqualScript() throws {
        let real = try TissueFixtures.netpbm("tissue-cmu1.pbm")
        let mask = try TissueFixtures.mask(real.rgb, width: real.width, height: real.height)
        let small = try Self.centres("camelyon16", mask: mask)
        #expect(small.count == 36 && Self.hash(small) == 0xF189_6C77_070D_1515)
        let large = try Self.centres("camelyon17", mask: mask)
        #expect(large.count == 5 && Self.hash(large) == 0xAC3A_F433_49D3_3FE7)

        let picture = TissueFixtures.picture(
            width: 700, height: 431, seed: 11, blobs: 14, noise: 10)
        let drawn = try TissueMask.compute(rgb: picture.rgb, width: 700, height: 431)
        #expect(drawn.count == 130_943)
        let many = try Self.centres("camelyon16", mask: drawn)
        #expect(many.count == 973 && Self.hash(many) == 0x2118_E61B_CFCB_8111)
        let some = try Self.centres("camelyon17", mask: drawn)
        #expect(some.count == 256 && Self.hash(some) == 0x3997_1929_A489_9C47)
    }

    @Test("Candidates of parts of the lattice are those of the whole")
    func partsEqualTheWhole() throws {
        let picture = TissueFixtures.picture(width: 150, height: 90, seed: 3, blobs: 6, noise: 5)
        let mask = try TissueMask.compute(rgb: picture.rgb, width: 150, height: 90)
        let recipe = PatchRecipe(patch: 100, stride: 70, edge: .pad, tissue: .fraction(0.3))
        let lattice = try PatchLattice(recipe: recipe, slideWidth: 2400, slideHeight: 1440)
        let whole = lattice.candidates(mask: mask)
        #expect(!whole.isEmpty && whole.count < lattice.count)
        let parts = try lattice.pieces(budget: 31).flatMap {
            lattice.candidates(mask: mask, in: $0)
        }
        #expect(parts == whole)
        for n in 0..<lattice.count {
            let place = lattice.place(n)
            #expect(whole.contains(n) == (lattice.tissueFraction(at: place, mask: mask) >= 0.3))
        }
        #expect(lattice.candidates(mask: mask, in: -5..<Int.max) == whole)
    }

    @Test("Recipes are read back from JSON, and shares out of range are refused")
    func recipesRoundTrip() throws {
        let recipes = [
            PatchRecipe(patch: 250), try #require(PatchRecipe.epSAM(dataset: "camelyon17")),
            PatchRecipe(patch: 256, edge: .cover, tissue: .fraction(0.1)),
        ]
        for recipe in recipes {
            let data = try JSONEncoder().encode(recipe)
            #expect(try JSONDecoder().decode(PatchRecipe.self, from: data) == recipe)
        }
        #expect(PatchRecipe.epSAM(dataset: "monuseg") == nil)
        let wrong: [TissueRule] = [
            .fraction(-0.1), .fraction(1.1), .fraction(.nan), .window(share: 0.6, border: 0),
            .window(share: 0.1, border: .nan),
        ]
        for rule in wrong {
            #expect(throws: PatchError.self) {
                try PatchRecipe(patch: 8, tissue: rule).validate()
            }
        }
    }
}

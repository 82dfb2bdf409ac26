import Foundation
import Testing

@testable import SamplePreparation

@Suite struct PatchSelectionTests {
    static let slides = (0..<12).map { "tumor_\(100 + $0)" }

    /// Many candidates with every kind of percentage.
    static func candidates(_ count: Int = 6000, seed: UInt32 = 1) -> [PatchCandidate] {
        var noise = Noise(seed: seed)
        return (0..<count).map { n in
            let kind = noise.below(10)
            let foreground = kind < 4 ? 0 : kind == 4 ? 65_536 : noise.below(65_536)
            return PatchCandidate(
                slide: n % slides.count, index: n / slides.count * 3, foreground: foreground,
                pixels: 65_536)
        }
    }

    @Test("Percentages are cut off at a tenth, and 100 % belongs to no bin unless asked")
    func binsAreHalfOpen() {
        #expect(PatchCandidate(slide: 0, index: 0, foreground: 1, pixels: 65_536).permille == 0)
        #expect(
            PatchCandidate(slide: 0, index: 0, foreground: 65_535, pixels: 65_536).permille == 999)
        #expect(
            PatchCandidate(slide: 0, index: 0, foreground: 1 << 40, pixels: 1 << 40).permille
                == 1000)
        let selection = PatchSelection.all
        #expect([0, 49, 50, 949, 950, 999].map { selection.bin(of: $0) } == [0, 0, 1, 18, 19, 19])
        #expect(selection.bin(of: 1000) == nil)
        #expect(PatchSelection(includesFull: true).bin(of: 1000) == 19)
        #expect(selection.bin(of: -1) == nil && selection.bin(of: 1001) == nil)
    }

    @Test("Bins are filled to their maximum before the range cuts them")
    func binsThenRange() throws {
        let candidates = Self.candidates()
        let selection = PatchSelection(
            perBin: 40, range: .init(low: 200, high: 900), negatives: 500)
        let choice = try selection.choose(candidates, slides: Self.slides, seed: 7)
        #expect(choice.negativesKept == 500)
        #expect(choice.positivesFound + choice.negativesFound == candidates.count)
        #expect(choice.chosen == choice.chosen.sorted())
        #expect(Set(choice.chosen).count == choice.chosen.count)
        for bin in choice.bins {
            switch bin.low {
            case ..<200, 900...: #expect(bin.kept == 0)
            // percentages of exactly 20 may have been drawn and cut
            case 200: #expect(bin.kept <= 40)
            default: #expect(bin.kept == min(40, bin.found))
            }
        }
        let full = candidates.count { $0.foreground == $0.pixels }
        #expect(choice.outsideBins == full)
        for n in choice.chosen where candidates[n].foreground > 0 {
            #expect(candidates[n].permille > 200 && candidates[n].permille < 900)
        }
    }

    @Test("A range leaves its ends out unless it is closed")
    func rangeEnds() throws {
        let candidates = [200, 201, 899, 900].enumerated().map {
            PatchCandidate(slide: 0, index: $0, foreground: $1, pixels: 1000)
        }
        func kept(_ text: String) throws -> [Int] {
            try PatchSelection(text).choose(candidates, slides: ["a"], seed: 1).chosen
        }
        #expect(try kept("range=20..90") == [1, 2])
        #expect(try kept("range=20..90,closed") == [0, 1, 2, 3])
        #expect(try kept("all") == [0, 1, 2, 3])
        #expect(try kept("range=20..90,closed,positives=0") == [])
    }

    @Test("The top-up brings positives to its number before the range is applied")
    func topUp() throws {
        let candidates = Self.candidates()
        let bins = PatchSelection(perBin: 10)
        let base = try bins.choose(candidates, slides: Self.slides, seed: 3)
        #expect(base.positivesKept == 200)
        let more = try PatchSelection(perBin: 10, topUp: 1000).choose(
            candidates, slides: Self.slides, seed: 3)
        #expect(more.positivesKept == 1000)
        #expect(Set(base.chosen).isSubset(of: Set(more.chosen)))
        let cut = try PatchSelection(
            perBin: 10, topUp: 1000, range: .init(low: 200, high: 900)
        ).choose(candidates, slides: Self.slides, seed: 3)
        #expect(cut.positivesKept < 1000)
        #expect(Set(cut.chosen).isSubset(of: Set(more.chosen)))
    }

    @Test("The choice does not depend on the order of candidates or slides")
    func orderDoesNotMatter() throws {
        let candidates = Self.candidates()
        for text in ["bins=30,top-up=800,range=20..90,positives=100,negatives=70", "negatives=9"] {
            let selection = try PatchSelection(text)
            func kept(_ candidates: [PatchCandidate], _ slides: [String], _ seed: UInt64) throws
                -> Set<[String]>
            {
                let choice = try selection.choose(candidates, slides: slides, seed: seed)
                return Set(
                    choice.chosen.map { [slides[candidates[$0].slide], "\(candidates[$0].index)"] })
            }
            let base = try kept(candidates, Self.slides, 5)
            #expect(try kept(candidates.reversed(), Self.slides, 5) == base)
            var noise = Noise(seed: 2)
            let shuffled = candidates.map { ($0, noise.word()) }.sorted { $0.1 < $1.1 }.map(\.0)
            #expect(try kept(shuffled, Self.slides, 5) == base)
            let renumbered = candidates.map {
                PatchCandidate(
                    slide: Self.slides.count - 1 - $0.slide, index: $0.index,
                    foreground: $0.foreground, pixels: $0.pixels)
            }
            #expect(try kept(renumbered, Self.slides.reversed(), 5) == base)
            #expect(try kept(candidates, Self.slides, 6) != base)
        }
    }

    @Test("What a shard would keep of its own slides holds the global choice")
    func shardsHoldTheChoice() throws {
        let candidates = Self.candidates()
        let selection = PatchSelection(perBin: 25, negatives: 60)
        let whole = try selection.choose(candidates, slides: Self.slides, seed: 11)
        var survivors: [PatchCandidate] = []
        for shard in 0..<3 {
            let own = candidates.filter { $0.slide % 3 == shard }
            let choice = try selection.choose(own, slides: Self.slides, seed: 11)
            survivors += choice.chosen.map { own[$0] }
        }
        let merged = try selection.choose(survivors, slides: Self.slides, seed: 11)
        #expect(
            Set(merged.chosen.map { survivors[$0] }) == Set(whole.chosen.map { candidates[$0] }))
    }

    @Test("Every slide has its chance: kept patches spread evenly over slides and numbers")
    func ranksAreUniform() throws {
        let candidates = (0..<12_000).map {
            PatchCandidate(slide: $0 % 12, index: $0 / 12, foreground: 0, pixels: 1)
        }
        let choice = try PatchSelection(negatives: 3000).choose(
            candidates, slides: Self.slides, seed: 1)
        var counts = [Int](repeating: 0, count: 12)
        for n in choice.chosen { counts[candidates[n].slide] += 1 }
        // 250 expected, standard deviation 13
        #expect(counts.allSatisfy { (190...310).contains($0) })
        let early = choice.chosen.count { candidates[$0].index < 500 }
        #expect((1350...1650).contains(early))
    }

    @Test("Ranks are fixed for good")
    func ranksAreFixed() {
        let key = PatchKey(seed: 42, slide: "tumor_001", purpose: "bin")
        #expect(key.seed == 1_942_937_566_886_154_847)
        #expect(key.rank(0) == 7_062_568_408_732_551_035)
        #expect(key.rank(1) == 18_273_986_610_747_702_408)
        #expect(key.rank(-1) == 6_497_617_246_524_939_466)
        #expect(key.rank(1 << 40) == 2_714_642_093_202_278_295)
        #expect(PatchKey(seed: 42, slide: "tumor_001", purpose: "top-up") != key)
        #expect(PatchKey(seed: 43, slide: "tumor_001", purpose: "bin") != key)
        #expect(PatchKey(seed: 42, slide: "tumor_002", purpose: "bin") != key)
    }

    @Test("EP-SAM's table is what its script has, part by part")
    func epSAMTable() throws {
        let table = [
            ("camelyon16", "train", "bins=430,range=20..90,negatives=6000"),
            ("camelyon16", "validation", "bins=50,range=20..90,negatives=700"),
            ("camelyon16", "test", "bins=143,range=20..90,negatives=2000"),
            ("camelyon17", "train", "bins=500,range=20..90,negatives=6000"),
            ("camelyon17", "val", "bins=50,top-up=1000,range=20..90,negatives=700"),
            ("camelyon17", "test", "range=20..90,closed,positives=2000,negatives=2000"),
        ]
        for (dataset, part, words) in table {
            let preset = try PatchSelection("ep-sam", dataset: dataset, part: part)
            #expect(preset.description == words)
            #expect(try PatchSelection(words) == preset)
            let data = try JSONEncoder().encode(preset)
            #expect(try JSONDecoder().decode(PatchSelection.self, from: data) == preset)
        }
        #expect(throws: PatchError.self) { try PatchSelection("ep-sam") }
        #expect(try PatchSelection("all").description == "all")
        let odd = "width=2.5,full,range=0.5..99.9"
        #expect(try PatchSelection(odd).description == odd)
    }

    @Test(
        "Words that mean nothing are refused",
        arguments: [
            "", "bins", "bins=", "bins=-1", "bins=x", "bins=5,", "range=20", "range=90..20",
            "range=20..101", "range=20.55..90", "range=-5..90", "range=..", "width=7", "width=0",
            "closed", "full=1", "top-up=5", "ep-sam,bins=3", "bins=99999999999999999999",
        ])
    func nonsenseIsRefused(_ text: String) {
        let error = #expect(throws: PatchError.self) { try PatchSelection(text) }
        #expect(error?.description.contains("\n") == false)
    }

    @Test("Impossible candidates are refused")
    func impossibleCandidates() throws {
        func refuse(_ candidates: [PatchCandidate], _ slides: [String] = ["a"]) {
            #expect(throws: PatchError.self) {
                try PatchSelection.all.choose(candidates, slides: slides, seed: 1)
            }
        }
        let good = PatchCandidate(slide: 0, index: 4, foreground: 1, pixels: 2)
        refuse([good, good])
        refuse([good], [])
        refuse([good], ["a", "a"])
        refuse([PatchCandidate(slide: -1, index: 0, foreground: 0, pixels: 1)])
        refuse([PatchCandidate(slide: 0, index: 0, foreground: 3, pixels: 2)])
        refuse([PatchCandidate(slide: 0, index: 0, foreground: -1, pixels: 2)])
        refuse([PatchCandidate(slide: 0, index: 0, foreground: 0, pixels: 0)])
        refuse([PatchCandidate(slide: 0, index: 0, foreground: .max, pixels: .max)])
        let none = try PatchSelection(perBin: 3).choose([], slides: [], seed: 1)
        #expect(none.chosen == [] && none.positivesFound == 0)
    }
}

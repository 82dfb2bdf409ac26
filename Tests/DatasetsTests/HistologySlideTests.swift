import MedicalImaging
import SafeFiles
import Testing

@testable import MedicalDatasets

/// What is asked of the embedded slides.
@Suite("Slide phantom") struct HistologySlideTests {
    /// SHA-256 of the pixels of the whole slide, and of the vertices in hundredths of a pixel as text.
    private static let digests: [(pixels: String, outlines: String)] = [
        (
            "e8d0048b38337a8342742c54bf97f72dbc3f9bdb1eaafe935b0e53ff7873bb94",
            "4e99eadbfd67a5dcbccb6142bbf24690c7cc5e8da0069bc0a428f6547959af43"
        ),
        (
            "814df3c42cf0c9795bad72d7625540e49c38e9fc1aff39080bb6410385115316",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        ),
        (
            "d9ef5e768d3d78990754fd63381519cc079ff05fa76b880f6868951cddd05875",
            "fd6740d69232cff0f3909f76ab98e1f7cc9ed05e2f1dab5bc53b60902ba700e9"
        ),
    ]

    @Test(
        "three slides have the bytes that they always had, whatever their windows",
        arguments: [0, 1, 2])
    func digests(index: Int) {
        let slide = SlidePhantom().slide(SlidePhantom.caseIDs[index])
        // Bands of a height that divides nothing.
        var pixels: [UInt8] = []
        pixels.reserveCapacity(slide.width * slide.height * 3)
        for y in stride(from: 0, to: slide.height, by: 331) {
            let height = min(331, slide.height - y)
            pixels += slide.render(x: 0, y: y, width: slide.width, height: height)
        }
        #expect(ContentDigest.sha256(of: pixels) == Self.digests[index].pixels, "\(slide.id)")
        let text = HistologyOutlines.text(slide.outlines.map(\.polygon))
        #expect(
            ContentDigest.sha256(of: Array(text.utf8)) == Self.digests[index].outlines,
            "\(slide.id)")
        // Windows at odd places, over the edge, one pixel large, over pen, fold and tissue.
        let windows = [
            (0, 0, 97, 61), (1017, 1303, 256, 256), (slide.width - 40, slide.height - 30, 40, 30),
            (2005, 1811, 1, 1), (1231, 1807, 300, 300), (215, 230, 64, 128),
        ]
        for (x, y, width, height) in windows {
            let part = slide.render(x: x, y: y, width: width, height: height)
            var isEqual = part.count == width * height * 3
            for j in 0..<height where isEqual {
                let start = ((y + j) * slide.width + x) * 3
                isEqual =
                    pixels[start..<(start + width * 3)]
                    == part[(j * width * 3)..<((j + 1) * width * 3)]
            }
            #expect(isEqual, "\(slide.id): window at \(x), \(y)")
        }
        check(slide, pixels)
    }

    /// Glass is white, tissue is not, tumors are paler than the lymphoid tissue around them.
    private func check(_ slide: SyntheticSlide, _ pixels: [UInt8]) {
        let corner = pixels[0..<3].map { Int($0) }
        #expect(corner.allSatisfy { $0 > 230 })
        var tissue = 0
        for n in stride(from: 0, to: pixels.count, by: 3 * 17) where pixels[n + 1] < 200 {
            tissue += 1
        }
        let share = Double(tissue) * 17 * 3 / Double(pixels.count)
        #expect((0.12...0.6).contains(share), "\(slide.id): tissue \(share)")
        for outline in slide.outlines {
            let inner = HistologyOutlines.mean(pixels, slide, outline.polygon.outer, scale: 0.7)
            let outer = HistologyOutlines.mean(pixels, slide, outline.polygon.outer, scale: 1.4)
            // Lymphocytes take more red light away than the eosin of tumor cells.
            if outline.isTumor {
                #expect(inner.x > outer.x + 5, "\(slide.id) \(outline.name): \(inner) \(outer)")
            } else {
                #expect(inner.x < outer.x - 12, "\(slide.id) \(outline.name): \(inner) \(outer)")
            }
        }
    }

    @Test("tumors and holes have the group names of their year, and holes lie in tumors")
    func outlines() {
        let slides = SlidePhantom.caseIDs.map { SlidePhantom().slide($0) }
        #expect(
            slides.map { $0.outlines.map(\.group) } == [
                ["_0", "_2", "_0", "_0"], [], ["metastases", "metastases", "normal", "normal"],
            ])
        for slide in slides {
            #expect(Set(slide.outlines.map(\.name)).count == slide.outlines.count)
            for outline in slide.outlines {
                let ring = outline.polygon.outer
                #expect([80, 160].contains(ring.count))
                #expect(HistologyOutlines.area(ring) > 5_000)
                #expect(!HistologyOutlines.crossesItself(ring), "\(slide.id) \(outline.name)")
                for point in ring {
                    #expect(point.x > 0 && point.x < Double(slide.width))
                    #expect(point.y > 0 && point.y < Double(slide.height))
                    guard !outline.isTumor else { continue }
                    let isInTumor = slide.outlines.contains {
                        $0.isTumor && HistologyOutlines.contains($0.polygon.outer, point)
                    }
                    #expect(isInTumor, "\(slide.id) \(outline.name)")
                }
            }
        }
    }

    @Test("the cards know the cases, their groups and their patients")
    func cards() throws {
        let nuclei = try DatasetCard.named("sample-nuclei")
        let nucleiSplit = try DatasetSplit.named(#require(nuclei.defaultSplit))
        #expect(nucleiSplit.allCases.sorted() == NucleiPhantom.caseIDs)
        #expect(nuclei.caseCount == NucleiPhantom.caseIDs.count)
        let card = try DatasetCard.named("sample-slide")
        let split = try DatasetSplit.named(#require(card.defaultSplit))
        #expect(split.allCases.sorted() == SlidePhantom.caseIDs)
        #expect(split.findings(for: card).isEmpty)
        for id in SlidePhantom.caseIDs {
            for outline in SlidePhantom().slide(id).outlines {
                let groups = outline.isTumor ? card.labels[0].groups : card.backgroundGroups
                #expect(groups.contains(outline.group), "\(outline.group)")
            }
            #expect(card.patient(of: id) == String(id.dropFirst(8).prefix(3)))
        }
    }

    @Test("another seed is another slide of the same size")
    func seeds() {
        let first = SlidePhantom().slide("patient_001_node_1")
        let other = SlidePhantom(seed: 5).slide("patient_001_node_1")
        #expect(other.width == first.width && other.outlines != first.outlines)
        #expect(
            other.render(x: 900, y: 900, width: 64, height: 64)
                != first.render(x: 900, y: 900, width: 64, height: 64))
    }
}

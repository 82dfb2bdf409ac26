import MedicalImaging
import SafeFiles
import Testing

@testable import MedicalDatasets

/// What is asked of the embedded pictures of nuclei.
///
/// The digests are of the sample this repository ships: whoever changes the phantom on purpose bakes new ones and says so in
/// the change log, because users' stores change with it.
@Suite("Nuclei phantom") struct HistologyNucleiTests {
    /// SHA-256 of the pixels, and of the vertices in hundredths of a pixel as text.
    private static let digests: [(pixels: String, outlines: String)] = [
        (
            "2659209f8424274cb23e3f2b48e55a925ad42c6ecad02c03e9e78a24eecca8ec",
            "a2b109279fbde1a7a1cc8cb462082fe2b21c7674135442a3e116291b9a134453"
        ),
        (
            "b4e12b440723d3186ac815636d57cab5ac0bc48b94a01f134e808b031e4b4ec6",
            "467a739924224cbff72faffa04183ef1e3f69014e37816eee1d922bd4894a22e"
        ),
        (
            "015c6053bf4cad3dff0055eb8cec43fcde6fbf5b16babc445584ff5d4a73ef27",
            "3dc8831cf7ddbc15892f0daceb8bd2d08f47834f98dd6beb1e28dc2e14974d61"
        ),
        (
            "0fce35a412c4ed21a5619f71f834a8ffec795184d1bea2176ec6a37a969682cf",
            "36ffefe54ecac81f7220aa58307c615538ac3851444775e45a95f59f5ff4e3b1"
        ),
        (
            "faa53e432f2a4981472605fd4bdfeeffd2966342f57877d55b4936fa4e2531a5",
            "0979856e5f16f52829e7dba0db2569797a5bfebbe5ed17e050ff246c335ef6b0"
        ),
        (
            "09b7e077b611756b84f107ee4a067074ad06e3c62ad594e277cf5dd41979247e",
            "cb02fbcf19af65f67eff1efc8ad8744b3e149f0d4a08ade5b64c3fab05c1e082"
        ),
    ]

    private static let pictures = NucleiPhantom.caseIDs.map { NucleiPhantom().makeCase($0) }

    @Test("six cases have the bytes that they always had")
    func digests() {
        #expect(NucleiPhantom.caseIDs == (1...6).map { "sampleN-000\($0)" })
        for (picture, digest) in zip(Self.pictures, Self.digests) {
            #expect(picture.rgb.count == picture.width * picture.height * 3)
            #expect(ContentDigest.sha256(of: picture.rgb) == digest.pixels, "\(picture.id)")
            let text = HistologyOutlines.text(picture.outlines)
            #expect(ContentDigest.sha256(of: Array(text.utf8)) == digest.outlines, "\(picture.id)")
        }
    }

    @Test("two runs are equal, and another seed is another picture of the same size")
    func seeds() {
        let again = NucleiPhantom(seed: 2018).makeCase("sampleN-0004")
        #expect(again == Self.pictures[3])
        let other = NucleiPhantom(seed: 7).makeCase("sampleN-0004")
        #expect(other.width == again.width && other.height == again.height)
        #expect(other.rgb != again.rgb && other.outlines != again.outlines)
    }

    @Test(
        "there are as many nuclei as in real tissue, some overlap, and some are cut by the border")
    func nuclei() {
        for picture in Self.pictures {
            let area = Double(picture.width * picture.height) / (512 * 512)
            let density = Double(picture.outlines.count) / area
            #expect((40...280).contains(density), "\(picture.id): \(density)")
            let counts = HistologyOutlines.counts(picture)
            #expect(counts.contains(0) && counts.contains(1), "\(picture.id)")
            #expect(counts.contains(2), "\(picture.id): nothing is contested")
            let isCut = picture.outlines.contains { outline in
                outline.outer.contains { $0.x < 0 || $0.y < 0 || $0.x > Double(picture.width) }
            }
            #expect(isCut, "\(picture.id)")
        }
    }

    @Test("outlines are simple rings inside the picture or at most two pixels outside")
    func rings() {
        for picture in Self.pictures {
            var degenerate: [Int] = []
            for (index, outline) in picture.outlines.enumerated() {
                #expect(outline.holes.isEmpty)
                if outline.outer.count < 3 {
                    degenerate.append(index)
                    continue
                }
                #expect([20, 36].contains(outline.outer.count))
                #expect(HistologyOutlines.area(outline.outer) > 30, "\(picture.id) \(index)")
                for point in outline.outer {
                    #expect(point.x >= -2 && point.x <= Double(picture.width) + 2)
                    #expect(point.y >= -2 && point.y <= Double(picture.height) + 2)
                }
            }
            let expected = ["sampleN-0002", "sampleN-0006"].contains(picture.id) ? [7] : []
            #expect(degenerate == expected, "\(picture.id)")
            let isFractional = picture.outlines.contains {
                $0.outer[0].x.rounded() != $0.outer[0].x
            }
            #expect(isFractional)
        }
    }

    @Test("the picture is darker and bluer inside the outlines than around them")
    func fit() {
        for picture in Self.pictures {
            let counts = HistologyOutlines.counts(picture)
            let (inside, outside) = HistologyOutlines.means(picture.rgb, counts)
            #expect(inside.x < outside.x - 55, "\(picture.id): red \(inside.x) \(outside.x)")
            #expect(inside.y < outside.y - 35, "\(picture.id): green \(inside.y) \(outside.y)")
            // Haematoxylin takes red, eosin green.
            #expect(inside.z - inside.x > outside.z - outside.x + 20, "\(picture.id)")
            // Moved by half a nucleus, the outlines fit worse.
            let (moved, _) = HistologyOutlines.means(
                picture.rgb, HistologyOutlines.counts(picture, shift: 12))
            #expect(moved.x > inside.x + 12, "\(picture.id): \(moved.x) \(inside.x)")
        }
    }
}

import Testing

@testable import SamplePreparation

@Suite struct TissuePiecesTests {
    /// Pieces by flood fill, as sorted lists of pixels.
    static func flood(_ samples: [UInt8], width: Int, height: Int) -> [[Int]] {
        var left = samples
        var pieces: [[Int]] = []
        for seed in samples.indices where left[seed] == 1 {
            var (stack, piece) = ([seed], [Int]())
            left[seed] = 0
            while let n = stack.popLast() {
                piece.append(n)
                let (y, x) = n.quotientAndRemainder(dividingBy: width)
                for row in max(0, y - 1)...min(height - 1, y + 1) {
                    for column in max(0, x - 1)...min(width - 1, x + 1)
                    where left[row * width + column] == 1 {
                        left[row * width + column] = 0
                        stack.append(row * width + column)
                    }
                }
            }
            pieces.append(piece.sorted())
        }
        return pieces
    }

    @Test(
        "Pieces and lost pieces equal a flood fill", arguments: [5, 30, 45, 60, 95], [1, 17, 64])
    func piecesEqualFloodFill(share: Int, width: Int) {
        let height = 21
        let samples = TissueAreaTests.noisy(width, height, seed: UInt32(share), share: share)
        // what is left afterwards: a rough third of the pixels
        let after = TissueAreaTests.noisy(width, height, seed: 999, share: 4)
        let expected = Self.flood(samples, width: width, height: height)
        samples.withUnsafeBufferPointer { before in
            var pieces = TissuePieces(before, width: width, height: height)
            #expect(pieces.count == expected.count)
            let lost = after.withUnsafeBufferPointer { pieces.missing(from: $0, width: width) }
            let wanted = expected.filter { $0.allSatisfy { after[$0] == 0 } }.map { piece in
                TissueMask.Piece(
                    area: piece.count, x0: piece.map { $0 % width }.min()!,
                    y0: piece.map { $0 / width }.min()!, x1: piece.map { $0 % width }.max()!,
                    y1: piece.map { $0 / width }.max()!)
            }
            #expect(lost == wanted)
        }
    }

    @Test("A speck the median removes is reported with its place and area")
    func lostSpeckIsReported() throws {
        // a block of 30x30 and, far from it, one of 3x2
        var rgb = [UInt8](repeating: 240, count: 100 * 60 * 3)
        func paint(_ columns: Range<Int>, _ rows: Range<Int>) {
            for y in rows { for x in columns { rgb[(y * 100 + x) * 3 + 1] = 80 } }
        }
        paint(10..<40, 10..<40)
        paint(80..<83, 50..<52)
        let mask = try TissueMask.compute(rgb: rgb, width: 100, height: 60)
        #expect(mask.report.lostPieces == 1)
        #expect(mask.report.lostPixels == 6)
        #expect(mask.report.lost == [TissueMask.Piece(area: 6, x0: 80, y0: 50, x1: 82, y1: 51)])
        #expect(mask.report.stages.map(\.pieces) == [2, 2, 1])
        let kept = try TissueMask.compute(
            rgb: rgb, width: 100, height: 60, recipe: TissueRecipe(medianSize: 1))
        #expect(kept.report.lostPieces == 0 && kept[81, 50])
    }

    @Test("Of many lost pieces the largest are listed and all are counted")
    func manyLostPieces() throws {
        let side = 300
        var rgb = [UInt8](repeating: 240, count: side * side * 3)
        var specks = 0
        for y in stride(from: 0, to: side, by: 6) {
            for x in stride(from: 0, to: side, by: 6) {
                rgb[(y * side + x) * 3] = 20
                specks += 1
            }
        }
        rgb[((side - 2) * side + side - 2) * 3] = 20
        rgb[((side - 2) * side + side - 1) * 3] = 20
        let recipe = TissueRecipe(closingIterations: 0)
        let report = try TissueMask.compute(
            rgb: rgb, width: side, height: side, recipe: recipe
        ).report
        #expect(report.lostPieces == specks + 1)
        #expect(report.lostPixels == specks + 2)
        #expect(report.lost.count == TissueMask.Report.listedPieces)
        #expect(report.lost.first?.area == 2)
        #expect(report.lost.dropFirst().allSatisfy { $0.area == 1 })
    }
}

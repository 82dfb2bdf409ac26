import Testing

@testable import SamdataWorkflow

@Suite("Borders of labels")
struct PicturesContourTests {
    @Test("a single pixel has four sides, clockwise")
    func single() {
        let contour = MaskContour(of: 3, in: [0, 0, 0, 0, 3, 0, 0, 0, 0], width: 3, height: 3)
        #expect(contour.pixels == [4])
        #expect(
            contour.segments.map { [$0.x0, $0.y0, $0.x1, $0.y1] } == [
                [1, 1, 2, 1], [2, 2, 1, 2], [1, 2, 1, 1], [2, 1, 2, 2],
            ])
    }

    @Test("a full slice is bounded by its own edges")
    func full() {
        let contour = MaskContour(of: 1, in: .init(repeating: 1, count: 20), width: 5, height: 4)
        #expect(contour.segments.count == 4)
        #expect(contour.pixels.count == 14)
    }

    @Test("a label that is absent has no border")
    func absent() {
        let contour = MaskContour(of: 2, in: [0, 1], width: 2, height: 1)
        #expect(contour.segments.isEmpty && contour.pixels.isEmpty)
    }

    @Test("all masks of a 3 x 3 grid: unit edges, directions and pixels follow the definition")
    func smallWorlds() {
        for mask in 0..<512 {
            // Other labels and the background count alike.
            let labels = (0..<9).map { mask >> $0 & 1 == 1 ? UInt8(1) : UInt8($0 % 2) * 2 }
            func isLabel(_ x: Int, _ y: Int) -> Bool {
                (0..<3).contains(x) && (0..<3).contains(y) && labels[y * 3 + x] == 1
            }
            let contour = MaskContour(of: 1, in: labels, width: 3, height: 3)
            var found: [[Int]] = []
            var balance: [[Int]: Int] = [:]
            for piece in contour.segments {
                let (stepX, stepY) = (
                    (piece.x1 - piece.x0).signum(), (piece.y1 - piece.y0).signum()
                )
                #expect(abs(stepX) + abs(stepY) == 1)
                for step in 0..<(abs(piece.x1 - piece.x0) + abs(piece.y1 - piece.y0)) {
                    found.append([piece.x0 + step * stepX, piece.y0 + step * stepY, stepX, stepY])
                }
                balance[[piece.x0, piece.y0], default: 0] += 1
                balance[[piece.x1, piece.y1], default: 0] -= 1
            }
            var expected: [[Int]] = []
            for y in 0..<3 {
                for x in 0..<3 where isLabel(x, y) {
                    if !isLabel(x, y - 1) { expected.append([x, y, 1, 0]) }
                    if !isLabel(x + 1, y) { expected.append([x + 1, y, 0, 1]) }
                    if !isLabel(x, y + 1) { expected.append([x + 1, y + 1, -1, 0]) }
                    if !isLabel(x - 1, y) { expected.append([x, y + 1, 0, -1]) }
                }
            }
            #expect(Set(found) == Set(expected) && found.count == expected.count, "mask \(mask)")
            // Every loop closes.
            #expect(balance.values.allSatisfy { $0 == 0 }, "mask \(mask)")
            // Only a pixel with four neighbours of its own kind is inside; in this grid the middle one.
            let inner =
                isLabel(1, 1) && isLabel(0, 1) && isLabel(2, 1) && isLabel(1, 0) && isLabel(1, 2)
            let pixels = (0..<9).filter { labels[$0] == 1 && !(inner && $0 == 4) }
            #expect(contour.pixels == pixels, "mask \(mask)")
        }
    }
}

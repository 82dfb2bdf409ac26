import Testing

@testable import SamplePreparation

@Suite struct LatticeTests {
    static let edges = PatchRecipe.Edge.allCases

    static func lattice(
        _ width: Int, _ height: Int, patch: Int, stride: Int? = nil,
        edge: PatchRecipe.Edge = .inside, isDoubled: Bool = false, downsample: Double = 1
    ) throws -> PatchLattice {
        try PatchLattice(
            recipe: PatchRecipe(patch: patch, stride: stride, edge: edge, isDoubled: isDoubled),
            slideWidth: width, slideHeight: height, downsampleX: downsample)
    }

    static func corner(_ lattice: PatchLattice, _ index: Int) -> [Int] {
        let origin = lattice.origin(of: index)
        return [origin.x, origin.y]
    }

    @Test("An image of 1000x1000 has 16 patches of 250, whatever the edge rule")
    func sixteenPatches() throws {
        for edge in [PatchRecipe.Edge.inside, .cover, .pad] {
            let lattice = try Self.lattice(1000, 1000, patch: 250, edge: edge)
            #expect(lattice.count == 16)
            #expect(Self.corner(lattice, 0) == [0, 0])
            #expect(Self.corner(lattice, 5) == [250, 250])
            #expect(Self.corner(lattice, 15) == [750, 750])
        }
    }

    @Test("A patch larger than the image is one padded patch, or none under inside")
    func patchLargerThanImage() throws {
        for edge in [PatchRecipe.Edge.cover, .pad] {
            for isDoubled in [false, true] {
                let lattice = try Self.lattice(
                    1000, 1000, patch: 1024, edge: edge, isDoubled: isDoubled)
                #expect(lattice.rows == 1 && lattice.columns == 1)
                #expect(Self.corner(lattice, 0) == [0, 0])
            }
        }
        #expect(try Self.lattice(1000, 1000, patch: 1024).count == 0)
        #expect(try Self.lattice(1000, 1000, patch: 1024).pieces(budget: 3) == [])
    }

    @Test(
        "Places are distinct, numbered row by row and within the rule of the edge", arguments: edges
    )
    func placesAreDistinct(edge: PatchRecipe.Edge) throws {
        var noise = Noise(seed: 4)
        for _ in 0..<120 {
            let (width, height) = (1 + noise.below(90), 1 + noise.below(90))
            let (patch, stride) = (1 + noise.below(30), 2 + noise.below(35))
            let isDoubled = noise.below(2) == 1
            let lattice = try Self.lattice(
                width, height, patch: patch, stride: stride, edge: edge, isDoubled: isDoubled)
            let places = (0..<lattice.count).map { lattice.place($0) }
            #expect(places.map(\.index) == Array(0..<lattice.count))
            for isShifted in [false, true] {
                let part = places.filter { $0.isShifted == isShifted }
                let (rows, columns) =
                    isShifted
                    ? (lattice.shiftedRows, lattice.shiftedColumns)
                    : (lattice.rows, lattice.columns)
                #expect(
                    part.map { [$0.row, $0.column] }
                        == (0..<rows).flatMap { row in (0..<columns).map { [row, $0] } })
                #expect(Set(part.map { [$0.storedX, $0.storedY] }).count == part.count)
            }
            if !isDoubled { #expect(lattice.shiftedRows == 0 && lattice.shiftedColumns == 0) }
            for place in places {
                #expect(place.x == place.storedX && place.y == place.storedY)
                switch edge {
                case .inside:
                    #expect(place.x >= 0 && place.x + patch <= width)
                    #expect(place.y >= 0 && place.y + patch <= height)
                case .cover:
                    #expect(place.x >= 0 && (place.x + patch <= width || width < patch))
                    #expect(place.y >= 0 && (place.y + patch <= height || height < patch))
                case .pad:
                    #expect(place.x >= 0 && place.x < width && place.y >= 0 && place.y < height)
                case .centred:
                    #expect((place.x + patch / 2) * 2 % stride * (isDoubled ? 0 : 1) == 0)
                    #expect(place.x + patch / 2 < width && place.y + patch / 2 < height)
                }
            }
        }
    }

    @Test(
        "Cover and pad leave no pixel out, and inside only a margin, when patches touch",
        arguments: [PatchRecipe.Edge.inside, .cover, .pad], [1.0, 2.0, 1.0 / 2])
    func everyPixelIsCovered(edge: PatchRecipe.Edge, downsample: Double) throws {
        var noise = Noise(seed: 8)
        for _ in 0..<60 {
            let (width, height) = (4 + 2 * noise.below(40), 4 + 2 * noise.below(40))
            let patch = 2 + noise.below(20)
            let lattice = try Self.lattice(
                width, height, patch: patch, stride: 1 + noise.below(patch), edge: edge,
                downsample: downsample)
            let stored = (lattice.storedWidth, lattice.storedHeight)
            #expect(stored.0 == Int(Double(width) / downsample))
            #expect(stored.1 == Int(Double(height) / downsample))
            var covered = [Bool](repeating: false, count: stored.0 * stored.1)
            for n in 0..<lattice.count {
                let place = lattice.place(n)
                for y in place.storedY..<min(place.storedY + patch, stored.1) {
                    for x in place.storedX..<min(place.storedX + patch, stored.0) {
                        covered[y * stored.0 + x] = true
                    }
                }
            }
            let (right, bottom) =
                edge == .inside
                ? (
                    (lattice.columns - 1) * lattice.recipe.stride + patch,
                    (lattice.rows - 1) * lattice.recipe.stride + patch
                ) : stored
            guard lattice.count > 0 else { continue }
            #expect(stored.0 - right < lattice.recipe.stride)
            for y in 0..<bottom {
                #expect(covered[y * stored.0..<y * stored.0 + right].allSatisfy { $0 })
            }
        }
    }

    @Test("The second lattice lies half a stride away, row after row behind the first")
    func secondLattice() throws {
        let lattice = try Self.lattice(100, 70, patch: 20, isDoubled: true)
        #expect(lattice.columns == 5 && lattice.rows == 3)
        #expect(lattice.shiftedColumns == 4 && lattice.shiftedRows == 3)
        #expect(lattice.count == 27)
        #expect(Self.corner(lattice, 4) == [80, 0])
        #expect(Self.corner(lattice, 5) == [10, 10])
        #expect(Self.corner(lattice, 9) == [0, 20])
        #expect(Self.corner(lattice, 26) == [70, 50])
        let short = try Self.lattice(100, 65, patch: 20, isDoubled: true)
        #expect(short.rows == 3 && short.shiftedRows == 2)
        #expect(short.place(22).isShifted == false)
        #expect(Self.corner(short, 22) == [80, 40])
    }

    @Test("A downsample that is not whole gives origins within half a pixel of the true place")
    func fractionalDownsample() throws {
        let scale = 0.5 / 0.2461
        let lattice = try Self.lattice(
            98_304, 220_160, patch: 256, edge: .cover, downsample: scale)
        for n in stride(from: 0, to: lattice.count, by: 97) {
            let place = lattice.place(n)
            #expect(abs(Double(place.x) - Double(place.storedX) * scale) <= 0.5)
            #expect(abs(Double(place.y) - Double(place.storedY) * scale) <= 0.5)
            #expect(Double(place.x) + 256 * scale <= 98_304.5)
        }
        let exact = try Self.lattice(2560, 2560, patch: 256, downsample: 2)
        #expect(exact.count == 25)
        #expect(Self.corner(exact, 24) == [2048, 2048])
        // 1000 / 0.1 is a little less than 10000 in binary; nothing is lost by that
        #expect(try Self.lattice(1000, 1, patch: 1, downsample: 0.1).storedWidth == 10_000)
    }

    @Test("Pieces follow each other and cover the lattice", arguments: [1, 7, 64, 500, 100_000])
    func piecesCoverTheLattice(budget: Int) throws {
        let lattice = try Self.lattice(5000, 4100, patch: 128, isDoubled: true)
        let pieces = try lattice.pieces(budget: budget)
        #expect(pieces.flatMap { Array($0) } == Array(0..<lattice.count))
        #expect(pieces.dropLast().allSatisfy { $0.count == budget })
        #expect(pieces.allSatisfy { !$0.isEmpty && $0.count <= budget })
    }

    @Test("Extreme sizes are counted or refused, never trapped on")
    func extremeSizes() throws {
        let longest = PatchLattice.longestSide
        let wide = try Self.lattice(longest, 1, patch: 1, edge: .pad)
        #expect(wide.count == longest)
        #expect(Self.corner(wide, longest - 1) == [longest - 1, 0])
        #expect(throws: PatchError.self) { try wide.pieces(budget: 1) }
        #expect(throws: PatchError.self) { try Self.lattice(longest, longest, patch: 1) }
        for (width, height) in [(Int.max, 1), (0, 4), (4, -3), (Int.min, Int.min)] {
            #expect(throws: PatchError.self) { try Self.lattice(width, height, patch: 8) }
        }
        for scale in [0, -1, .nan, .infinity, 1e9] {
            #expect(throws: PatchError.self) {
                try Self.lattice(10, 10, patch: 8, downsample: scale)
            }
        }
        let tiny = try Self.lattice(1, 1, patch: 8, edge: .cover, downsample: 4096)
        #expect(tiny.count == 1 && tiny.storedWidth == 1)
        for (patch, stride) in [(0, 1), (1, 0), (-1, 1), (Int.max, 1), (8, Int.max)] {
            #expect(throws: PatchError.self) {
                try Self.lattice(10, 10, patch: patch, stride: stride)
            }
        }
        #expect(throws: PatchError.self) {
            try Self.lattice(10, 10, patch: 4, stride: 1, isDoubled: true)
        }
        #expect(try PatchPieces.pieces(of: .max, budget: .max).count == 1)
        #expect(throws: PatchError.self) { try PatchPieces.pieces(of: .max, budget: 1) }
        #expect(throws: PatchError.self) { try PatchPieces.pieces(of: -1, budget: 1) }
        #expect(throws: PatchError.self) { try PatchPieces.pieces(of: 1, budget: 0) }
    }
}

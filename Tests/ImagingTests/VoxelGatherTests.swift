import MedicalImaging
import Testing

@Suite struct VoxelGatherTests {
    /// Copies element by element.
    private func naive<Sample: VoxelSample>(_ plane: VoxelGather.Plane, of input: [Sample])
        -> [Sample]
    {
        (0..<plane.rows).flatMap { row in
            (0..<plane.columns).map { column in
                input[plane.start + row * plane.rowStride + column * plane.columnStride]
            }
        }
    }

    private func gathered<Sample: VoxelSample>(
        _ plane: VoxelGather.Plane, of input: [Sample], zero: Sample
    ) -> [Sample] {
        var output = [Sample](repeating: zero, count: plane.rows * plane.columns)
        output.withUnsafeMutableBytes { target in
            input.withUnsafeBytes {
                VoxelGather.copy(
                    plane, of: $0, width: MemoryLayout<Sample>.size, into: target)
            }
        }
        return output
    }

    /// Every way of walking a small volume: each pair of axes in each order and direction, from every start.
    private static let planes: [VoxelGather.Plane] = {
        let lengths = [3, 4, 5]
        let strides = [1, 3, 12]
        var planes: [VoxelGather.Plane] = []
        for row in 0..<3 {
            for column in 0..<3 where column != row {
                let rest = 3 - row - column
                for signs in 0..<4 {
                    for index in 0..<lengths[rest] {
                        var start = index * strides[rest]
                        if signs & 1 != 0 { start += (lengths[row] - 1) * strides[row] }
                        if signs & 2 != 0 { start += (lengths[column] - 1) * strides[column] }
                        planes.append(
                            VoxelGather.Plane(
                                start: start,
                                rowStride: signs & 1 != 0 ? -strides[row] : strides[row],
                                columnStride: signs & 2 != 0 ? -strides[column] : strides[column],
                                rows: lengths[row], columns: lengths[column]))
                    }
                }
            }
        }
        return planes
    }()

    @Test("Every plane of a small volume equals a copy element by element, for all widths")
    func smallWorlds() {
        #expect(Self.planes.count == 6 * 4 * 4)
        for plane in Self.planes {
            let bytes = (0..<60).map { UInt8($0 * 4 + 3) }
            #expect(gathered(plane, of: bytes, zero: 0) == naive(plane, of: bytes), "\(plane)")
            let shorts = (0..<60).map { Int16($0 * 1000 - 30_000) }
            #expect(gathered(plane, of: shorts, zero: 0) == naive(plane, of: shorts), "\(plane)")
            let floats = (0..<60).map { Float($0) * 1.25 - 7 }
            #expect(gathered(plane, of: floats, zero: 0) == naive(plane, of: floats), "\(plane)")
            let doubles = (0..<60).map { Double($0) * .pi }
            #expect(gathered(plane, of: doubles, zero: 0) == naive(plane, of: doubles), "\(plane)")
        }
    }

    @Test(
        "Sizes around the block length are copied whole",
        arguments: [1, 2, 31, 32, 33, 63, 64, 65, 100])
    func blocks(size: Int) {
        let input = Noise.words(size * (size + 3), seed: UInt32(size))
        let plane = VoxelGather.Plane(
            start: size - 1, rowStride: -1, columnStride: size, rows: size, columns: size + 3)
        #expect(gathered(plane, of: input, zero: 0) == naive(plane, of: input))
        let every = VoxelGather.Plane(
            start: 0, rowStride: 0, columnStride: 2, rows: 3, columns: size / 2)
        #expect(gathered(every, of: input, zero: 0) == naive(every, of: input))
    }

    @Test("A plane without rows or columns copies nothing")
    func empty() {
        for (rows, columns) in [(0, 5), (5, 0), (0, 0)] {
            let plane = VoxelGather.Plane(
                start: 1_000, rowStride: 7, columnStride: -9, rows: rows, columns: columns)
            #expect(gathered(plane, of: [UInt8](), zero: 0).isEmpty)
        }
    }

    @Test("A plane outside the input, or one too large for the output, stops the program")
    func outside() async {
        await #expect(processExitsWith: .failure) {
            let input: [Int16] = [1, 2, 3, 4]
            var output: [Int16] = [0, 0, 0, 0]
            let plane = VoxelGather.Plane(
                start: 1, rowStride: 2, columnStride: 1, rows: 2, columns: 2)
            output.withUnsafeMutableBytes { target in
                input.withUnsafeBytes { VoxelGather.copy(plane, of: $0, width: 2, into: target) }
            }
        }
        await #expect(processExitsWith: .failure) {
            let input: [Int16] = [1, 2, 3, 4]
            var output: [Int16] = [0, 0, 0]
            let plane = VoxelGather.Plane(
                start: 0, rowStride: 2, columnStride: 1, rows: 2, columns: 2)
            output.withUnsafeMutableBytes { target in
                input.withUnsafeBytes { VoxelGather.copy(plane, of: $0, width: 2, into: target) }
            }
        }
    }
}

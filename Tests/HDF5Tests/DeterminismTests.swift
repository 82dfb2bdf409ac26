import Foundation
import HDF5
import Testing

@Suite struct DeterminismTests {
    private func build(_ name: String) throws -> [UInt8] {
        let writer = try HDF5Writer(name: name)
        try writer.createGroup("/prompts/deep")
        for index in 0..<20 { try writer.setAttribute("a\(index)", .string("value \(index)")) }
        for index in 0..<5 {
            try writer.setAttribute(
                "v\(index)", .strings(["a", "\(index)"]), at: "/prompts/deep", variableLength: true)
        }
        try writer.setAttribute("affine", .matrix([1, 0, 0, 1], shape: [2, 2]), at: "/prompts")
        try writer.writeArray("/prompts/box", (0..<400).map(Float.init), shape: [100, 4])
        try writer.writeArray("/slice_index", (0..<31).map(Int32.init), shape: [31])
        try writer.writeStrings("/names", ["liver", "spleen"])
        try writer.createChunkedDataset(
            "/image", type: .int16, shape: [40, 16, 16], chunk: [1, 16, 16], shuffle: true,
            deflate: 4)
        for slice in 0..<40 {
            let values = (0..<256).map { Int16($0 * slice) }
            let chunk = HDF5TestFiles.zlibStored(HDF5TestFiles.shuffled(values))
            try chunk.withUnsafeBytes {
                try writer.writeChunk("/image", offset: [slice, 0, 0], bytes: $0)
            }
        }
        return try writer.finish()
    }

    /// Leaves freed memory full of a pattern behind, which uninitialised bytes would pick up.
    private func dirtyHeap() {
        var blocks: [UnsafeMutableRawPointer] = []
        for size in [24, 64, 256, 512, 2048, 4096, 65536, 1 << 20] {
            for _ in 0..<200 {
                let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
                block.initializeMemory(as: UInt8.self, repeating: 0xa5, count: size)
                blocks.append(block)
            }
        }
        for block in blocks { block.deallocate() }
    }

    @Test("equal calls give equal bytes two seconds later and with other memory underneath")
    func equalBytes() async throws {
        let first = try build("one.h5")
        dirtyHeap()
        try await Task.sleep(for: .seconds(2.1))
        let second = try build("two.h5")
        #expect(first == second)
        #expect(first.count > 20_000)
    }

    @Test("writers that work at the same time do not disturb each other")
    func parallel() async throws {
        let expected = try build("alone.h5")
        let images = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for index in 0..<8 { group.addTask { try build("\(index % 2).h5") } }
            return try await group.reduce(into: [[UInt8]]()) { $0.append($1) }
        }
        #expect(images.count == 8)
        #expect(images.allSatisfy { $0 == expected })
    }

    @Test("one reader serves several tasks")
    func sharedReader() async throws {
        let reader = try HDF5Reader(path: HDF5TestFiles.fixture("foreign"))
        let sums = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try reader.readArray("/cube", as: Int64.self).reduce(0) { $0 + Int($1) }
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(sums == [Int](repeating: 209 * 210 / 2, count: 8))
    }
}

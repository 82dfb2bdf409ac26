import Foundation
import HDF5
import MedicalImaging
import SafeFiles
import SampleStore
import Testing

@Suite("Case files")
struct CaseFileTests {
    @Test(
        "what is written is read back, for every pixel type and for samples of 1, 3 and 5 channels",
        arguments: PixelType.allCases, [1, 3, 5])
    func roundTrip(type: PixelType, channels: Int) throws {
        let folder = try StoreFolder()
        let invented = InventedCase(type, channels: channels)
        let path = folder.path + "/c.h5"
        let published = try invented.write(to: path)
        #expect(published.bytes == Folders.size(of: path))
        #expect(try published.sha256 == FileReading.sha256(of: path))
        let reader = try CaseFileReader(path: path)
        #expect(reader.description == invented.description)
        #expect(reader.sliceIndices == invented.slices)
        #expect(reader.organAreas == invented.areas)
        #expect(try reader.records() == invented.records)
        #expect(try reader.promptNames() == invented.prompts.map(\.name).sorted())
        for prompt in invented.prompts { #expect(try reader.prompts(prompt.name) == prompt) }
        for position in invented.slices.indices {
            #expect(try reader.label(at: position).samples == invented.labels[position])
            for channel in 0..<channels {
                let bytes = try reader.imageBytes(at: position, channel: channel)
                #expect(bytes == invented.planes[position][channel])
                let floats = try reader.image(at: position, channel: channel)
                #expect(floats.rows == 5 && floats.columns == 6)
                let expected: [Float] = bytes.withUnsafeBytes { raw in
                    switch type {
                    case .uint8: raw.map { Float($0) }
                    case .int16: raw.bindMemory(to: Int16.self).map { Float($0) }
                    case .int32: raw.bindMemory(to: Int32.self).map { Float($0) }
                    case .float32: Array(raw.bindMemory(to: Float.self))
                    }
                }
                #expect(floats.samples == expected)
            }
            #expect(
                try reader.imageBytes(at: position) == invented.planes[position][channels / 2])
        }
    }

    @Test("the library's own filters undo the chunks, so that any HDF5 reader can")
    func ordinaryFilters() throws {
        let folder = try StoreFolder()
        let invented = InventedCase(.int16)
        try invented.write(to: folder.path + "/c.h5")
        let file = try HDF5Reader(path: folder.path + "/c.h5")
        let values = try file.readArray("/image", as: Int16.self)
        let expected = invented.planes.flatMap { $0[0] }
        #expect(values.withUnsafeBytes { Array($0) } == expected)
        #expect(try file.readArray("/label", as: UInt8.self) == invented.labels.flatMap { $0 })
    }

    @Test("a case without slices and records keeps the shapes of its arrays")
    func empty() throws {
        let folder = try StoreFolder()
        for channels in [1, 3] {
            let invented = InventedCase(.int16, channels: channels).emptied
            let path = "\(folder.path)/\(channels).h5"
            try invented.write(to: path)
            let reader = try CaseFileReader(path: path)
            #expect(reader.count == 0)
            #expect(reader.description == invented.description)
            #expect(try reader.records() == [])
            for prompt in invented.prompts { #expect(try reader.prompts(prompt.name) == prompt) }
            let file = try HDF5Reader(path: path)
            #expect(try file.info("/prompts/random3").shape == [0, 3, 2])
            #expect(try file.info("/prompts/box+5").shape == [0, 4])
            #expect(try file.info("/image").shape.suffix(2) == [5, 6])
            #expect(throws: StoreError.self) { _ = try reader.label(at: 0) }
        }
    }

    @Test("equal calls give equal bytes, and every call counts")
    func determinism() throws {
        let folder = try StoreFolder()
        var digests: [String] = []
        for name in ["a", "b"] {
            digests.append(try InventedCase().write(to: "\(folder.path)/\(name).h5").sha256)
        }
        // another name of the file, another folder, and the other channel count: only the last one matters
        try Folders.make(folder.path + "/deeper")
        digests.append(try InventedCase().write(to: folder.path + "/deeper/c.h5").sha256)
        #expect(Set(digests).count == 1)
        var other = InventedCase()
        other.description.warnings = ["one", "zwölg"]
        #expect(try other.write(to: folder.path + "/d.h5").sha256 != digests[0])
    }

    @Test("positions, channels and prompts that are not there are named, with those that are")
    func notFound() throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        try InventedCase(.int16, channels: 3).write(to: path)
        let reader = try CaseFileReader(path: path)
        for (body, text) in [
            ({ _ = try reader.label(at: 3) }, "there is no slice at position 3; available: 0 to 2"),
            (
                { _ = try reader.imageBytes(at: -1) },
                "there is no slice at position -1; available: 0 to 2"
            ),
            (
                { _ = try reader.prompts("circle") },
                "there is no prompt `circle`; available: background1, box+5, random3"
            ),
            (
                { _ = try reader.imageBytes(at: 0, channel: 3) },
                "there is no channel 3; available: 0 to 2"
            ),
        ] as [(() throws -> Void, String)] {
            let error = #expect(throws: StoreError.self) { try body() }
            #expect(error?.description == "\(path): \(text)")
        }
    }
}

import Foundation
import Testing

@testable import TIFF

@Suite("SubIFDs of TIFF files")
struct TIFFSubIFDTests {
    /// A grey pyramid of 32 x 32 pixels in tiles of 16, whose smaller images are SubIFDs.
    struct Parts {
        var main: HostileTIFF
        /// The smaller images, and the directory each is chained to.
        var subs: [(image: HostileTIFF, next: Int?)]

        init(subs: [(HostileTIFF, Int?)]) {
            let mark = HostileTIFF.payloadMark
            main = HostileTIFF(tiled: true).with(256, [32]).with(257, [32])
                .with(324, [mark, mark, mark, mark]).with(325, [256, 256, 256, 256])
            self.subs = subs
        }

        /// The offsets of the directories, the main one first.
        var places: [UInt64] {
            var places: [UInt64] = [8]
            var end = UInt64(named([UInt64](repeating: 1, count: subs.count)).bytes.count)
            for sub in subs {
                places.append(end)
                end += UInt64(sub.image.bytes.count - 8)
            }
            return places
        }

        func named(_ offsets: [UInt64]) -> HostileTIFF { main.with(330, offsets, type: 13) }

        /// The file with the main image naming these directories.
        func bytes(naming offsets: [UInt64]? = nil) -> [UInt8] {
            let places = places
            var bytes = named(offsets ?? Array(places.dropFirst())).bytes
            for (number, sub) in subs.enumerated() {
                var image = sub.image
                image.next = sub.next.map { places[$0] } ?? 0
                let start = places[number + 1]
                let payload = start + UInt64(image.bytes.count) - 256 - 8
                let tag: UInt16 = image.tags.contains { $0.tag == 324 } ? 324 : 273
                bytes += image.with(tag, [payload]).bytes.dropFirst(8)
            }
            return bytes
        }
    }

    static let small = HostileTIFF(tiled: true)

    @Test("an image in a SubIFD is described, read and a level, and its parent is told")
    func simple() throws {
        let thumbnail = HostileTIFF().with(payload: [UInt8](repeating: 9, count: 256))
        let parts = Parts(subs: [(Self.small, nil), (thumbnail, nil)])
        let reader = try TIFFReader(bytes: parts.bytes())
        #expect(reader.directories.count == 1)
        #expect(reader.allDirectories.map(\.index) == [0, 1, 2])
        #expect(reader.allDirectories.map(\.parent) == [nil, 0, 0])
        #expect(reader.subdirectories(of: 0).map(\.width) == [16, 16])
        #expect(reader.subdirectories(of: 1).isEmpty && reader.subdirectories(of: 7).isEmpty)
        // The one in strips is no level.
        #expect(reader.levels.map(\.directory) == [0, 1])
        #expect(try reader.readAll(directory: 1).uint8 == [UInt8](repeating: 7, count: 256))
        #expect(try reader.readAll(directory: 2).uint8 == [UInt8](repeating: 9, count: 256))
    }

    @Test("SubIFDs may be chained instead of listed, or both, and name SubIFDs of their own")
    func chained() throws {
        let parts = Parts(subs: [(Self.small, 2), (Self.small, nil)])
        let places = parts.places
        let one = try TIFFReader(bytes: parts.bytes(naming: [places[1], 0]))
        #expect(one.allDirectories.map(\.parent) == [nil, 0, 0])
        let both = try TIFFReader(bytes: parts.bytes())
        #expect(both.allDirectories.count == 3)
        #expect(try both.readAll(directory: 2).uint8 == [UInt8](repeating: 7, count: 256))
        // The first names the second.
        var nested = Parts(subs: [(Self.small.with(330, [1]), nil), (Self.small, nil)])
        nested.subs[0].image = Self.small.with(330, [nested.places[2]])
        let deep = try TIFFReader(bytes: nested.bytes(naming: [nested.places[1], 0]))
        #expect(deep.allDirectories.map(\.parent) == [nil, 0, 1])
        #expect(deep.levels.map(\.directory) == [0, 1])
    }

    @Test("loops, offsets outside and too many SubIFDs are refused in one line")
    func hostile() throws {
        let parts = Parts(subs: [(Self.small, nil), (Self.small, nil)])
        let places = parts.places
        let toMain = Parts(subs: [(Self.small, 0)])
        let toItself = Parts(subs: [(Self.small, 1)])
        let round = Parts(subs: [(Self.small, 2), (Self.small, 1)])
        var ownParent = Parts(subs: [(Self.small.with(330, [1]), nil)])
        ownParent.subs[0].image = Self.small.with(330, [8])
        let cases: [(String, [UInt8], TIFFError.Kind, String)] = [
            ("the main directory", parts.bytes(naming: [8, places[1]]), .damaged, "loop"),
            ("one twice", parts.bytes(naming: [places[1], places[1]]), .damaged, "loop"),
            ("a chain to the main one", toMain.bytes(), .damaged, "loop"),
            ("a chain to itself", toItself.bytes(), .damaged, "loop"),
            ("a ring", round.bytes(naming: [round.places[1], 0]), .damaged, "loop"),
            ("a child naming its parent", ownParent.bytes(), .damaged, "loop"),
            ("outside", parts.bytes(naming: [0xffff_fff0, places[1]]), .damaged, "4294967280"),
            (
                "a list outside",
                HostileTIFF(tiled: true).with(330, [1, 2, 3]).bytes.patched(
                    330, value: 0x7fff_0000), .damaged, "2147418112"
            ),
            (
                "2^32-1 of them",
                HostileTIFF(tiled: true).with(330, [8, 8]).bytes.patched(
                    330, count: 0xffff_ffff), .damaged, "4294967295 SubIFDs"
            ),
            (
                "a type without offsets", HostileTIFF(tiled: true).with(330, [8], type: 3).bytes,
                .damaged, "type 3"
            ),
        ]
        for (what, bytes, kind, words) in cases {
            let error = TIFFHostileTests.refusal(bytes, "\(what)")
            #expect(error?.kind == kind, "\(what): \(error as Any)")
            #expect(error?.description.contains(words) == true, "\(what): \(error as Any)")
        }
        let few = TIFFLimits(directories: 2)
        #expect(
            TIFFHostileTests.refusal(parts.bytes(), limits: few, "limit")?.kind == .tooLarge)
        // Offset 0 is room for a directory that was never written.
        #expect(try TIFFReader(bytes: parts.bytes(naming: [0, 0])).allDirectories.count == 1)
    }

    @Test("levels need not be exact halves, and other shapes are none")
    func tolerance() throws {
        func widths(_ sizes: [(width: UInt64, height: UInt64, isReduced: Bool)]) throws -> [Int] {
            let mark = HostileTIFF.payloadMark
            func tiled(_ width: UInt64, _ height: UInt64) -> HostileTIFF {
                let count = Int((width + 15) / 16 * ((height + 15) / 16))
                // No tile is stored: sizes are all that matters.
                return HostileTIFF(tiled: true).with(256, [width]).with(257, [height])
                    .with(324, [UInt64](repeating: mark, count: count))
                    .with(325, [UInt64](repeating: 0, count: count))
            }
            var bytes = tiled(1000, 700).bytes
            var last = bytes.count - 256 - 4
            // The link of the first directory stands before its tail: find it by the entries.
            last = 8 + 2 + 10 * 12
            for size in sizes {
                let start = bytes.count
                var image = tiled(size.width, size.height)
                if size.isReduced { image = image.with(254, [1]) }
                // Values outside the entries move along with the directory.
                let moved = image.bytes.shifted(by: start - 8)
                bytes += moved.dropFirst(8)
                for byte in 0..<4 {
                    bytes[last + byte] = UInt8(truncatingIfNeeded: start >> (8 * byte))
                }
                last = start + 2 + (size.isReduced ? 11 : 10) * 12
            }
            return try TIFFReader(bytes: bytes).levels.map(\.width)
        }
        #expect(try widths([(500, 350, false)]) == [1000, 500])
        // One pixel of rounding on either side.
        #expect(try widths([(333, 234, false), (111, 78, false)]) == [1000, 333, 111])
        // 3 % apart: not even when marked; 1.4 % apart: only when marked.
        #expect(try widths([(500, 340, true)]) == [1000])
        #expect(try widths([(500, 345, false)]) == [1000])
        #expect(try widths([(500, 345, true)]) == [1000, 500])
        // A level must be smaller than the one before.
        #expect(try widths([(250, 175, true), (500, 350, true)]) == [1000, 500, 250])
    }

    @Test("SubIFDs of real files are levels", .enabled(if: TIFFFixtures.shared != nil))
    func real() throws {
        let shared = try #require(TIFFFixtures.shared)
        func open(_ name: String) throws -> TIFFReader {
            try TIFFReader(
                path: shared.appendingPathComponent("data/tiff-coverage/" + name).path)
        }
        let chain = try open("lt_subifd_chain.tif")
        #expect(chain.directories.count == 2)
        // The first page lists its two; the second lists one, to which the other is chained.
        #expect(chain.allDirectories.map(\.width) == [1024, 1024, 256, 512, 256, 512])
        #expect(chain.allDirectories.map(\.parent) == [nil, nil, 0, 0, 1, 1])
        #expect(chain.levels.map(\.width) == [1024, 512, 256])
        #expect(chain.levels.map(\.directory) == [0, 3, 2])
        for image in chain.allDirectories {
            #expect(image.isReducedImage == (image.parent != nil))
            let pixels = try chain.readAll(directory: image.index)
            #expect(pixels.height * 2 == pixels.width && pixels.missingBlocks == 0)
        }
        // In strips: pages of different sizes are no pyramid.
        #expect(try open("et_shapes_multi_size.tif").levels.map(\.width) == [128])
        let boxes = try open("openslide_boxes_pyramid.tiff")
        #expect(boxes.levels.map(\.width) == [300, 150, 75, 37])
        #expect(boxes.levels.map(\.height) == [250, 125, 62, 31])
        #expect(try open("li_orient1.tif").levels.map(\.width) == [120, 60, 30])
    }
}

extension [UInt8] {
    /// A little-endian classic file of one directory at byte 8 with one entry changed.
    func patched(_ tag: UInt16, count: UInt32? = nil, value: UInt32? = nil) -> [UInt8] {
        var copy = self
        for entry in 0..<Int(self[8]) {
            let at = 10 + entry * 12
            guard UInt16(self[at]) | UInt16(self[at + 1]) << 8 == tag else { continue }
            for byte in 0..<4 {
                if let count {
                    copy[at + 4 + byte] = UInt8(truncatingIfNeeded: count >> (8 * byte))
                }
                if let value {
                    copy[at + 8 + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
                }
            }
        }
        return copy
    }

    /// The same file when its directory is moved behind another: offsets of values outside the entries grow.
    func shifted(by distance: Int) -> [UInt8] {
        var copy = self
        let sizes: [UInt8: Int] = [3: 2, 4: 4, 5: 8, 13: 4]
        for entry in 0..<Int(self[8]) {
            let at = 10 + entry * 12
            func number(_ place: Int) -> Int {
                (0..<4).reduce(0) { $0 | Int(self[place + $1]) << (8 * $1) }
            }
            guard number(at + 4) * (sizes[self[at + 2]] ?? 4) > 4 else { continue }
            let moved = number(at + 8) + distance
            for byte in 0..<4 {
                copy[at + 8 + byte] = UInt8(truncatingIfNeeded: moved >> (8 * byte))
            }
        }
        return copy
    }
}

import Foundation

@testable import JPEGCodec
@testable import WholeSlides

/// Writes small slides of any form, right or wrong: classic TIFF, little endian.
struct SlideBuilder: Sendable {
    /// One image of the file.
    struct Page: Sendable {
        var width = 100
        var height = 70
        /// The sides of a tile; strips of `tileHeight` rows when `isTiled` is off.
        var tileWidth = 48
        var tileHeight = 32
        var isTiled = true
        var compression: UInt64 = 1
        var photometric: UInt64 = 2
        var samples = 3
        var bits = 8
        var description: String?
        /// Pixels per unit, and the unit: 2 inch, 3 centimetre.
        var resolution: (Double, UInt64)?
        var subfileType: UInt64 = 0
        var tables: [UInt8] = []
        /// The stored bytes of each tile or strip; none for one that is missing.
        var blocks: [[UInt8]] = []
        var subIFDs: [Page] = []
        var subsampling: UInt64?
        var orientation: UInt64?
    }

    var pages: [Page]

    /// A smooth picture with a dark disc.
    static func colour(_ x: Int, _ y: Int, seed: Int = 0) -> [UInt8] {
        let isInside = (x - 40 - seed) * (x - 40 - seed) + (y - 30) * (y - 30) < 400
        let ramp = [230 - x, 120 + y, 180 - (x + y) / 2 + seed % 7]
        return ramp.map { UInt8(clamping: isInside ? $0 / 3 : $0) }
    }

    /// A rectangle of the picture, row by row; pixels beyond the size of the page are black, as padding.
    static func pixels(
        _ page: Page, x: Int, y: Int, width: Int, height: Int, seed: Int = 0
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(width * height * 3)
        for row in y..<(y + height) {
            for column in x..<(x + width) {
                let isInside =
                    column >= 0 && row >= 0 && column < page.width && row < page.height
                if isInside {
                    result += colour(column, row, seed: seed)
                } else {
                    result += repeatElement(0, count: 3)
                }
            }
        }
        return result
    }

    /// Uncompressed tiles or strips.
    static func plain(_ page: Page, seed: Int = 0) -> Page {
        var page = page
        let across = page.isTiled ? (page.width + page.tileWidth - 1) / page.tileWidth : 1
        let down = (page.height + page.tileHeight - 1) / page.tileHeight
        page.blocks = (0..<(across * down)).map { index in
            let width = page.isTiled ? page.tileWidth : page.width
            let top = index / across * page.tileHeight
            let height = page.isTiled ? page.tileHeight : min(page.tileHeight, page.height - top)
            return pixels(
                page, x: index % across * width, y: top, width: width, height: height, seed: seed)
        }
        return page
    }

    /// JPEG tiles with shared tables, components numbered 0, 1, 2 as Aperio does.
    static func jpeg(_ page: Page, chroma: JPEG.Chroma) throws -> Page {
        var page = page
        page.compression = 7
        page.photometric = chroma == .untransformedRGB ? 2 : 6
        page.subsampling = 2
        let across = (page.width + page.tileWidth - 1) / page.tileWidth
        let down = (page.height + page.tileHeight - 1) / page.tileHeight
        page.blocks = try (0..<(across * down)).map { index in
            let file = try JPEG.encode(
                JPEGPicture(
                    width: page.tileWidth, height: page.tileHeight, components: 3,
                    samples: pixels(
                        page, x: index % across * page.tileWidth,
                        y: index / across * page.tileHeight, width: page.tileWidth,
                        height: page.tileHeight)),
                quality: 90, chroma: chroma)
            let parts = split(file)
            page.tables = parts.tables
            return chroma == .untransformedRGB ? renumbered(parts.tile) : parts.tile
        }
        return page
    }

    /// Takes tables and marks out of a JPEG.
    static func split(_ file: [UInt8]) -> (tables: [UInt8], tile: [UInt8]) {
        var tables: [UInt8] = [0xff, 0xd8]
        var tile: [UInt8] = [0xff, 0xd8]
        var position = 2
        while file[position + 1] != 0xda {
            let mark = file[position + 1]
            let end = position + 2 + Int(file[position + 2]) << 8 + Int(file[position + 3])
            if mark == 0xdb || mark == 0xc4 { tables += file[position..<end] }
            if mark == 0xc0 { tile += file[position..<end] }
            position = end
        }
        return (tables + [0xff, 0xd9], tile + file[position...])
    }

    private static func renumbered(_ tile: [UInt8]) -> [UInt8] {
        var tile = tile
        guard let frame = tile.indices.first(where: { tile[$0] == 0xff && tile[$0 + 1] == 0xc0 }),
            let scan = tile.indices.first(where: { tile[$0] == 0xff && tile[$0 + 1] == 0xda })
        else { return tile }
        for component in 0..<3 {
            tile[frame + 10 + component * 3] = UInt8(component)
            tile[scan + 5 + component * 2] = UInt8(component)
        }
        return tile
    }

    /// The file.
    var bytes: [UInt8] {
        var file: [UInt8] = [0x49, 0x49, 42, 0, 0, 0, 0, 0]
        var link = 4
        for page in pages {
            let start = append(page, to: &file)
            Self.patch(&file, link, start.directory)
            link = start.link
        }
        return file
    }

    private static func patch(_ file: inout [UInt8], _ place: Int, _ value: Int) {
        for byte in 0..<4 { file[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    }

    private func append(_ page: Page, to file: inout [UInt8]) -> (directory: Int, link: Int) {
        func number(_ value: UInt64, _ size: Int) -> [UInt8] {
            (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var offsets: [UInt64] = []
        for block in page.blocks {
            offsets.append(block.isEmpty ? 0 : UInt64(file.count))
            file += block
        }
        let children = page.subIFDs.map { UInt64(append($0, to: &file).directory) }
        let long: (UInt16, [UInt64]) -> (UInt16, UInt16, [UInt8], Int) = { tag, values in
            (tag, 4, values.flatMap { number($0, 4) }, values.count)
        }
        let short: (UInt16, [UInt64]) -> (UInt16, UInt16, [UInt8], Int) = { tag, values in
            (tag, 3, values.flatMap { number($0, 2) }, values.count)
        }
        var tags: [(UInt16, UInt16, [UInt8], Int)] = [
            long(254, [page.subfileType]), long(256, [UInt64(page.width)]),
            long(257, [UInt64(page.height)]),
            short(258, [UInt64](repeating: UInt64(page.bits), count: page.samples)),
            short(259, [page.compression]), short(262, [page.photometric]),
        ]
        if let text = page.description {
            let bytes = Array(text.utf8) + [0]
            tags.append((270, 2, bytes, bytes.count))
        }
        let counts = page.blocks.map { UInt64($0.count) }
        if !page.isTiled { tags.append(long(273, offsets)) }
        if let orientation = page.orientation { tags.append(short(274, [orientation])) }
        tags.append(short(277, [UInt64(page.samples)]))
        if !page.isTiled {
            tags.append(long(278, [UInt64(page.tileHeight)]))
            tags.append(long(279, counts))
        }
        if let (value, unit) = page.resolution {
            let ratio = number(UInt64((value * 1000).rounded()), 4) + number(1000, 4)
            tags.append((282, 5, ratio, 1))
            tags.append((283, 5, ratio, 1))
            tags.append(short(296, [unit]))
        }
        if page.isTiled {
            tags.append(long(322, [UInt64(page.tileWidth)]))
            tags.append(long(323, [UInt64(page.tileHeight)]))
            tags.append(long(324, offsets))
            tags.append(long(325, counts))
        }
        if !children.isEmpty { tags.append(long(330, children)) }
        if !page.tables.isEmpty { tags.append((347, 7, page.tables, page.tables.count)) }
        if let factor = page.subsampling { tags.append(short(530, [factor, factor])) }
        let directory = file.count + file.count % 2
        file += [UInt8](repeating: 0, count: directory - file.count)
        var extra = directory + 2 + tags.count * 12 + 4
        var rows = number(UInt64(tags.count), 2)
        var tail: [UInt8] = []
        for (tag, type, body, count) in tags {
            rows += number(UInt64(tag), 2) + number(UInt64(type), 2) + number(UInt64(count), 4)
            if body.count > 4 {
                rows += number(UInt64(extra), 4)
                tail += body
                extra += body.count
            } else {
                rows += body + [UInt8](repeating: 0, count: 4 - body.count)
            }
        }
        file += rows + [0, 0, 0, 0] + tail
        return (directory, directory + rows.count)
    }

    /// Opens the slide from a temporary file, which is gone after the closure.
    @discardableResult
    func withSlide<Result>(
        options: WholeSlideOptions = WholeSlideOptions(), _ body: (WholeSlide) throws -> Result
    ) throws -> Result {
        try Self.withFile(bytes) { path in
            try body(WholeSlide(path: path, options: options))
        }
    }

    @discardableResult
    static func withFile<Result>(
        _ bytes: [UInt8], _ body: (String) throws -> Result
    ) throws -> Result {
        let place = FileManager.default.temporaryDirectory
            .appendingPathComponent("slide-\(UUID().uuidString).tif")
        try Data(bytes).write(to: place)
        defer { try? FileManager.default.removeItem(at: place) }
        return try body(place.path)
    }
}

extension RGBPixels {
    /// A rectangle inside.
    func crop(x: Int, y: Int, width: Int, height: Int) -> [UInt8] {
        var part: [UInt8] = []
        for row in y..<(y + height) {
            let first = (row * self.width + x) * 3
            part += samples[first..<(first + width * 3)]
        }
        return part
    }

    /// A sum in which every sample has its own weight, modulo 2^32, to compare with other readers.
    var weighted: UInt32 {
        samples.withUnsafeBufferPointer { samples in
            var sum: UInt32 = 0
            var index = 0
            // A plain loop: tests are not optimised, and slides have millions of samples.
            while index < samples.count {
                sum &+= UInt32(samples[index]) &* UInt32(truncatingIfNeeded: index &+ 1)
                index &+= 1
            }
            return sum
        }
    }

    subscript(x: Int, y: Int) -> [UInt8] { Array(samples[((y * width + x) * 3)...].prefix(3)) }
}

/// How an image is cut into tiles or strips, and what a decoded one looks like in memory.
struct BlockLayout {
    let isTiled: Bool
    let blockWidth: Int
    let blockHeight: Int
    /// Blocks side by side, and from top to bottom.
    let across: Int
    let down: Int
    /// 1 where the samples of a pixel stand together.
    let planes: Int
    /// Samples per pixel within a block.
    let samples: Int
    let bits: Int
    /// Bytes of a decoded row; rows start at whole bytes.
    let rowBytes: Int
    let blockBytes: Int
    /// All blocks of all planes.
    let count: Int

    /// Whether blocks are strips so large that they are decoded row by row.
    var isTall: Bool { !isTiled && blockBytes > TIFFLimits.tallStripBytes }
    var noun: String { isTiled ? "tile" : "strip" }

    init(_ directory: TIFFDirectory, file: String) throws(TIFFError) {
        let place = "directory \(directory.index)"
        isTiled = directory.isTiled
        blockWidth = directory.blockWidth
        blockHeight = directory.blockHeight
        guard (1...TIFFLimits.largestSide).contains(blockWidth),
            (1...TIFFLimits.largestSide).contains(blockHeight)
        else {
            throw TIFFError(
                .damaged, file: file, place: place,
                found:
                    "\(directory.isTiled ? "tiles" : "strips") of \(blockWidth) x \(blockHeight) pixels",
                expected: "sides of 1 to \(TIFFLimits.largestSide); fetch or write the file again")
        }
        // Sides are below 2^31, so sums of two cannot overflow; products can.
        across = (directory.width + blockWidth - 1) / blockWidth
        down = (directory.height + blockHeight - 1) / blockHeight
        planes = directory.isPlanar ? directory.samplesPerPixel : 1
        samples = directory.isPlanar ? 1 : directory.samplesPerPixel
        bits = directory.bitsPerSample
        guard let rowBits = TIFFLimits.product(blockWidth, samples, bits), rowBits < Int.max - 7,
            let bytes = TIFFLimits.product((rowBits + 7) / 8, blockHeight),
            let count = TIFFLimits.product(across, down, planes), count <= Int(UInt32.max)
        else {
            throw TIFFError(
                .tooLarge, file: file, place: place,
                found:
                    "\(blockWidth) x \(blockHeight) pixels of \(samples) x \(bits) bits in one piece",
                expected: "sizes that can be counted; fetch or write the file again")
        }
        rowBytes = (rowBits + 7) / 8
        blockBytes = bytes
        self.count = count
    }

    /// The number of a block in the file.
    func index(column: Int, row: Int, plane: Int) -> Int { (plane * down + row) * across + column }

    /// How many of a block's rows the file stores: the last strip ends with the image, tiles are padded.
    func storedRows(ofBlockRow row: Int, imageHeight: Int) -> Int {
        isTiled ? blockHeight : min(blockHeight, imageHeight - row * blockHeight)
    }
}

/// What opening a file finds out, shared by all readers of it.
final class TIFFIndex: Sendable {
    let isBigTIFF: Bool
    /// The images of the main chain.
    let chain: [TIFFDirectory]
    /// Those, then the images in SubIFDs.
    let all: [TIFFDirectory]
    let levels: [TIFFLevel]

    init(_ directories: DirectoryChain, _ handle: TIFFHandle) throws(TIFFError) {
        var all: [TIFFDirectory] = []
        for (index, entry) in directories.entries.enumerated() {
            all.append(
                try handle.describe(index, offset: entry.offset, parent: entry.parent))
        }
        isBigTIFF = directories.isBigTIFF
        chain = Array(all[..<directories.mainCount])
        self.all = all
        levels = TIFFLevel.pyramid(of: all)
    }
}

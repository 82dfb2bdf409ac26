/// Small PNG files in hexadecimal.
///
/// The comment of each says who wrote it; all are free of rights.
enum PNGFixtures {
    /// Pillow 13.0: 4 x 3 RGB, sample number n is 7 n.
    static let rgb = bytes(
        """
        89504e470d0a1a0a0000000d49484452000000040000000308020000003b9639910000001a4944415478
        9c636460e713850196909010388771c5fa6d700e0059bd055c6dc414d20000000049454e44ae426082
        """)

    /// Pillow 13.0: 5 x 2 with 1 bit, rows 10110 and 01001.
    static let bilevel = bytes(
        """
        89504e470d0a1a0a0000000d4948445200000005000000020100000000b8112bf00000000c4944415478
        9c63d8c0e00100025c00f9976c49a60000000049454e44ae426082
        """)

    /// Pillow 13.0: 3 x 2 with 2-bit indices 012 and 321; colours 1 and 2 are equal.
    static let palette = bytes(
        """
        89504e470d0a1a0a0000000d4948445200000003000000020203000000e01a8e890000000c504c5445ff
        000000ff0000ff00090807b6b3a3bd0000000c49444154789c639060780200013000fd56cd1c73000000
        0049454e44ae426082
        """)

    /// Pillow 13.0: the same with colour 0 transparent.
    static let transparentPalette = bytes(
        """
        89504e470d0a1a0a0000000d4948445200000003000000020203000000e01a8e890000000c504c5445ff
        000000ff0000ff00090807b6b3a3bd0000000174524e530040e6d8660000000c49444154789c63906078
        0200013000fd56cd1c730000000049454e44ae426082
        """)

    /// Own script: 2 x 1 grey 100 and 200 with gAMA 1.0, a tEXt chunk, and a time.
    static let gammaGrey = bytes(
        """
        89504e470d0a1a0a0000000d4948445200000002000000010800000000d14920560000000467414d4100
        0186a031e8965f00000007744558745469746c650078297e4d3a0000000774494d4507e80102030405b7
        ea5da60000000b4944415478da63483901000193012d12e7c9910000000049454e44ae426082
        """)

    /// Own script: 2 x 1 grey of 16 bits, 0x1234 and 0xfedc, with gAMA 1/2.2.
    static let wideGrey = bytes(
        """
        89504e470d0a1a0a0000000d494844520000000200000001100000000081d9fc150000000467414d4100
        00b18f0bfc61050000000d4944415478da631032f977070003c10221d2bd55220000000049454e44ae42
        6082
        """)

    /// Own script: 3 x 3 grey 1...9 in the seven passes of Adam7.
    static let interlaced = bytes(
        """
        89504e470d0a1a0a0000000d49484452000000030000000308000000010444daf5000000174944415478
        da636064606660e7646062e0606061650300012a002ea6a846fc0000000049454e44ae426082
        """)

    /// Own script: 1 x 1 RGBA of 16 bits.
    static let wideAlpha = bytes(
        """
        89504e470d0a1a0a0000000d49484452000000010000000110060000004f8518ca0000000b4944415478
        da6360840200002d0009ad268d530000000049454e44ae426082
        """)

    /// Own script: 2 x 1 with indices 0 and 3 into a palette of three colours.
    static let shortPalette = bytes(
        """
        89504e470d0a1a0a0000000d4948445200000002000000010803000000c3fc8fb800000009504c544500
        00000000000000008363e9c00000000b4944415478da6360600600000600048bf198fd0000000049454e
        44ae426082
        """)

    private static func bytes(_ text: String) -> [UInt8] {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}

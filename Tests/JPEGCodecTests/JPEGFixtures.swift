/// Small JPEG files written by Pillow from a colour ramp of 27 x 20 pixels made for these tests.
enum JPEGFixtures {
    static func bytes(_ digits: String) -> [UInt8] {
        var result: [UInt8] = []
        var high: UInt8?
        for digit in digits.utf8 {
            let value = digit < 0x3a ? digit - 0x30 : digit - 0x57
            if let first = high {
                result.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return result
    }

    /// A sum in which every sample has its own weight, modulo 2^32, to compare with other decoders.
    static func weighted(_ samples: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0
        for (index, sample) in samples.enumerated() {
            sum &+= UInt32(truncatingIfNeeded: Int(sample) * (index + 1))
        }
        return sum
    }

    /// A smooth colour picture with a few hard edges.
    static func samples(width: Int, height: Int, components: Int) -> [UInt8] {
        var result: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for component in 0..<components {
                    let ramp = x * (3 + component) + y * (5 - component)
                    result.append(UInt8(ramp % 251))
                }
            }
        }
        return result
    }

    /// The largest difference between two sets of samples.
    static func worst(_ first: [UInt8], _ second: [UInt8]) -> Int {
        zip(first, second).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }

    /// Takes the tables of a JPEG out into a stream of their own: the way slides keep them.
    static func split(_ file: [UInt8]) -> (tables: [UInt8], tile: [UInt8]) {
        var tables: [UInt8] = [0xff, 0xd8]
        var tile: [UInt8] = [0xff, 0xd8]
        var position = 2
        while file[position + 1] != 0xda {
            let mark = file[position + 1]
            let end = position + 2 + Int(file[position + 2]) << 8 + Int(file[position + 3])
            let isTable = mark == 0xdb || mark == 0xc4
            let isMark = mark == 0xe0 || mark == 0xee
            if isTable { tables += file[position..<end] }
            if !isTable && !isMark { tile += file[position..<end] }
            position = end
        }
        return (tables + [0xff, 0xd9], tile + file[position...])
    }

    static let baseline = bytes(
        "ffd8ffe000104a46494600010100000100010000ffdb004300050304040403050404040505050607"
            + "0c08070707070f0b0b090c110f1212110f111113161c1713141a1511111821181a1d1d1f1f1f1317"
            + "2224221e241c1e1f1effdb0043010505050706070e08080e1e1411141e1e1e1e1e1e1e1e1e1e1e1e"
            + "1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1effc0"
            + "0011080014001b03012200021101031101ffc4001f00000105010101010101000000000000000001"
            + "02030405060708090a0bffc400b5100002010303020403050504040000017d010203000411051221"
            + "31410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a2526272829"
            + "2a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a"
            + "838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6"
            + "c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffc4001f010003"
            + "0101010101010101010000000000000102030405060708090a0bffc400b511000201020404030407"
            + "05040400010277000102031104052131061241510761711322328108144291a1b1c109233352f015"
            + "6272d10a162434e125f11718191a262728292a35363738393a434445464748494a53545556575859"
            + "5a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6"
            + "a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9ea"
            + "f2f3f4f5f6f7f8f9faffda000c03010002110311003f00d786efdeaec377ef5c9c377ef5721bbf7a"
            + "f270f92791f0992e0b63ac86efdead0bbe3ad72b0ddfbd5a177c75af728e49a6c7eaf9660bf77b1c"
            + "14323fad5c8657f5a28afa3c345763e1f254b42e432bfad5a123e3ad1457b9462adb1fab65897b33"
            + "ffd9")

    static let progressive = bytes(
        "ffd8ffe000104a46494600010100000100010000ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13"
            + "201513121213271c1e17202e2931302e292d2c333a4a3e333646372c2d405741464c4e525352323e"
            + "5a615a50604a51524fffdb0043010e0e0e131113261515264f352d354f4f4f4f4f4f4f4f4f4f4f4f"
            + "4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4fffc2"
            + "0011080014001b03012200021101031101ffc4001700010101010000000000000000000000000200"
            + "0403ffc400160101010100000000000000000000000000030405ffda000c03010002100310000001"
            + "e8f3339342ce97431aa695aa5bff00ffc400161001010100000000000000000000000000110020ff"
            + "da0008010100010502666666673fffc400161101010100000000000000000000000000000203ffda"
            + "0008010301013f01ce512cd0ffc400161101010100000000000000000000000000000103ffda0008"
            + "010201013f019926488fffc40014100100000000000000000000000000000030ffda000801010006"
            + "3f024fffc40017100101010100000000000000000000000001001011ffda0008010100013f21210c"
            + "084301861bb7ffda000c03010002000300000010a40f83ffc4001711010003000000000000000000"
            + "0000000000102131ffda0008010301013f1075c72fffc40016110101010000000000000000000000"
            + "0000010010ffda0008010201013f10c8240bffc40017100101010100000000000000000000000000"
            + "011130ffda0008010100013f10e0a84d1451a7ffd9")

    static let cmyk = bytes(
        "ffd8ffee000e41646f626500640000000000ffdb004300100b0c0e0c0a100e0d0e1211101318281a"
            + "181616183123251d283a333d3c3933383740485c4e404457453738506d51575f626768673e4d7179"
            + "7064785c656763ffc000140800080008044311004d11005911004b1100ffc4001600010101000000"
            + "00000000000000000000030407ffc4001b1000010403000000000000000000000000000405063121"
            + "2242ffda000e0443004d0059004b00003f0028f7252adcef615b90560d00ffd9")

    static let turned = bytes(
        "ffd8ffe000104a46494600010100000100010000ffe100224578696600004d4d002a000000080001"
            + "01120003000000010006000000000000ffdb004300100b0c0e0c0a100e0d0e1211101318281a1816"
            + "16183123251d283a333d3c3933383740485c4e404457453738506d51575f626768673e4d71797064"
            + "785c656763ffc0000b080014001b01011100ffc40016000101010000000000000000000000000005"
            + "0706ffc400191000030003000000000000000000000000000441010232ffda0008010100003f00ce"
            + "ab0615832ac12d79c13c560c2b0655825af38278ac18560cab04b5e707ffd9")

}

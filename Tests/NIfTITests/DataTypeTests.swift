import NIfTI
import Testing

@Suite struct DataTypeTests {
    @Test func `codes and sizes are those of the standard`() {
        let standard: [(Int, Int, String, Bool)] = [
            (1, 1, "bit", false), (2, 8, "uint8", true), (4, 16, "int16", true),
            (8, 32, "int32", true), (16, 32, "float32", true), (32, 64, "complex64", false),
            (64, 64, "float64", true), (128, 24, "rgb24", true), (256, 8, "int8", true),
            (512, 16, "uint16", true), (768, 32, "uint32", true), (1024, 64, "int64", true),
            (1280, 64, "uint64", true), (1536, 128, "float128", false),
            (1792, 128, "complex128", false), (2048, 256, "complex256", false),
            (2304, 32, "rgba32", false),
        ]
        #expect(NIfTIDataType.allCases.count == standard.count)
        for (code, bits, name, isReadable) in standard {
            let type = NIfTIDataType(rawValue: code)
            #expect(type?.bitsPerVoxel == bits)
            #expect(type?.name == name)
            #expect(type?.isReadable == isReadable)
        }
    }
}

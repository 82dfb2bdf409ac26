import NIfTI
import Testing

/// A broken file and the words its error must hold.
struct Hostile: Sendable, CustomTestStringConvertible {
    let name: String
    let kind: NIfTIError.Kind
    let words: [String]

    init(_ name: String, _ kind: NIfTIError.Kind, _ words: String...) {
        self.name = name
        self.kind = kind
        self.words = words
    }

    var testDescription: String { name }

    static let all: [Hostile] = [
        Hostile("truncated.nii.gz", .truncated, "expected 472 bytes", "truncated"),
        Hostile("truncated_trailer.nii.gz", .truncated, "expected 472 bytes", "truncated"),
        Hostile("truncated_header.nii.gz", .notNIfTI, "at least 348"),
        Hostile("only_magic.nii.gz", .notNIfTI, "found 0 bytes"),
        Hostile("wrong_crc.nii.gz", .damaged, "wrong checksum"),
        Hostile("wrong_length.nii.gz", .damaged, "damaged gzip stream"),
        Hostile("flipped_byte.nii.gz", .damaged, "damaged gzip stream"),
        Hostile("second_member_cut.nii.gz", .truncated, "expected 472 bytes"),
        Hostile("member_missing.nii.gz", .truncated, "found 400 bytes, expected 472 bytes"),
        Hostile("bomb.nii.gz", .damaged, "more than 472 bytes", "header announces"),
        Hostile("bomb_members.nii.gz", .damaged, "more than 472 bytes"),
        Hostile("truncated.nii", .truncated, "471 bytes in truncated.nii, expected 472 bytes"),
        Hostile("header_only.nii", .truncated, "352 bytes", "expected 472"),
        Hostile("header_short.nii", .notNIfTI, "200 bytes"),
        Hostile("empty.nii", .notNIfTI, "0 bytes"),
        Hostile("dims_overflow.nii", .header, "dim", "fewer bytes than any file"),
        Hostile("dims_huge.nii.gz", .tooLarge, "32767x32767x32767", "--max-memory"),
        Hostile("dims_overflow2.nii", .header, "dim", "fewer bytes than any file"),
        Hostile("dims_wrap2.nii", .header, "dim", "fewer bytes than any file"),
        Hostile("dims_negative2.nii", .header, "dim[2]", "found -4"),
        Hostile("dim_negative.nii", .header, "dim[2]", "found -4"),
        Hostile("dim_zero.nii", .header, "dim[2]", "found 0", "at least 1"),
        Hostile("dim_count.nii", .header, "dim[0]", "found 9", "1 to 7"),
        Hostile("dim_count_zero.nii", .header, "dim[0]", "found 0"),
        Hostile("large_claim.nii.gz", .tooLarge, "2048x2048x600"),
        Hostile("offset_nan.nii", .header, "vox_offset", "nan"),
        Hostile("offset_infinite.nii", .header, "vox_offset", "inf"),
        Hostile("offset_beyond.nii", .header, "vox_offset", "found 1000000", "472 bytes"),
        Hostile("offset_negative.nii", .header, "vox_offset", "-352"),
        Hostile("offset_inside_header.nii", .header, "vox_offset", "100", "from 352 on"),
        Hostile("offset_absurd.nii", .header, "vox_offset"),
        Hostile("offset_beyond.nii.gz", .header, "vox_offset", "1000000000"),
        Hostile("offset_negative2.nii", .header, "vox_offset", "-1", "from 544 on"),
        Hostile("offset_absurd2.nii", .header, "vox_offset"),
        Hostile("extension_odd.nii", .header, "extension at byte 352", "size 17"),
        Hostile("extension_negative.nii", .header, "extension at byte 352", "size -16"),
        Hostile("extension_beyond.nii", .header, "extension at byte 352", "from 16 to 32"),
        Hostile("extension_tiny.nii", .header, "extension at byte 352", "size 8"),
        Hostile("extension_area.nii.gz", .header, "extensions", "at most 16777216"),
        Hostile("type_bit.nii", .unsupportedType, "datatype", "1 (bit)"),
        Hostile("type_complex64.nii", .unsupportedType, "32 (complex64)"),
        Hostile("type_complex128.nii", .unsupportedType, "1792 (complex128)"),
        Hostile("type_complex256.nii", .unsupportedType, "2048 (complex256)"),
        Hostile("type_float128.nii", .unsupportedType, "1536 (float128)"),
        Hostile("type_rgba32.nii", .unsupportedType, "2304 (rgba32)"),
        Hostile("type_unknown.nii", .unsupportedType, "datatype", "found 77"),
        Hostile("affine_singular.nii", .affine, "sform", "singular"),
        Hostile("affine_zero.nii", .affine, "sform", "singular"),
        Hostile("affine_nan.nii", .affine, "sform", "not finite"),
        Hostile("affine_infinite.nii", .affine, "sform", "not finite"),
        Hostile("qform_too_long.nii", .affine, "quatern_b", "unit quaternion"),
        Hostile("qform_nan.nii", .affine, "quatern_b", "unit quaternion"),
        Hostile("pixdim_nan.nii", .affine, "pixdim", "not finite"),
        Hostile("scl_inter_nan.nii", .header, "scl_inter", "nan"),
        Hostile("lonely.hdr", .file(.missing), "lonely.img or lonely.img.gz"),
        Hostile("short_image.hdr", .truncated, "119 bytes in short_image.img", "expected 120"),
        Hostile("pair_magic.nii", .header, "magic", ".hdr or .hdr.gz"),
        Hostile("analyze.hdr", .notNIfTI, "ANALYZE 7.5"),
        Hostile("analyze.img", .notNIfTI, "348", "give the .hdr file"),
        Hostile("wrong_magic.nii", .notNIfTI, "magic", "n+9"),
        Hostile("random.nii", .notNIfTI, "sizeof_hdr"),
        Hostile("random.nii.gz", .damaged, "damaged gzip stream"),
        Hostile("text.nii", .notNIfTI, "sizeof_hdr"),
    ]
}

@Suite struct HostileTests {
    @Test(arguments: Hostile.all)
    func `a broken file is one line with file, place and next step`(_ file: Hostile) {
        let path = Fixtures.hostile(file.name)
        let error = #expect(throws: NIfTIError.self) { try NIfTIFile(path: path).loadImage() }
        let text = error.map { "\($0)" } ?? ""
        #expect(error?.kind == file.kind, "\(text)")
        #expect(text.hasPrefix(path + ": "))
        #expect(!text.contains("\n"))
        for word in file.words { #expect(text.contains(word), "\(text)") }
        #expect(text.contains("; "), "no next step: \(text)")
    }

    @Test func `a broken sform can be passed over when there is a qform`() throws {
        let error = #expect(throws: NIfTIError.self) {
            try NIfTIFile(path: Fixtures.hostile("affine_nan.nii")).readImage(affine: .qform)
        }
        #expect(error?.description.contains("qform_code: found 0") == true)
    }

    @Test func `voxels of a file with a broken affine can still be read as they are stored`() throws
    {
        let stored = try NIfTIFile(path: Fixtures.hostile("affine_zero.nii")).readStored()
        #expect(stored.count == 60)
    }

    @Test func `headers cut anywhere or flipped anywhere never trap`() throws {
        let good = try NIfTIWriter.encode(Samples.volume(of: Int16.self))
        var accepted = 0
        for length in stride(from: 0, to: 400, by: 7) {
            _ = try? NIfTIHeader(bytes: Array(good.prefix(length)), path: "cut")
        }
        try Fixtures.withFolder { folder in
            for position in 0..<352 {
                for bit in [0, 3, 7] {
                    var bytes = good
                    bytes[position] ^= UInt8(1 << bit)
                    let path = folder + "x.nii"
                    try Samples.write(bytes, path)
                    if (try? NIfTIFile(path: path).loadImage(volume: 0)) != nil { accepted += 1 }
                    _ = try? NIfTIFile(path: path).readLabels { UInt8(exactly: $0) }
                }
            }
        }
        // Most bits of the header are text and unused fields.
        #expect(accepted > 300)
        #expect(accepted < 1056)
    }
}

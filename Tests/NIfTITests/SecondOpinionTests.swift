import NIfTI
import Testing

@Suite struct SecondOpinionTests {
    /// Where libnifti is known to see a file differently, and why.
    private static let known: [String: String] = [
        // nibabel, ITK and this reader go by the first bytes or refuse; libnifti goes by the name.
        "gzip_named.nii": "libnifti refuses",
        // libnifti takes the length of the header for the offset; the four bytes behind it belong to the header.
        "offset_zero.nii": "vox_offset: 352 here, 348 in libnifti",
    ]

    @Test(arguments: Fixtures.expected)
    func `libnifti reads the same header`(_ expected: Expected) {
        let differences = NIfTISecondOpinion.compare(path: Fixtures.path(expected.name))
        if let field = Self.known[expected.name] {
            #expect(differences.count == 1)
            #expect(differences.first?.hasPrefix(field) == true)
        } else {
            #expect(differences == [])
        }
    }

    @Test func `both refuse what is not NIfTI`() {
        #expect(NIfTISecondOpinion.compare(path: Fixtures.hostile("text.nii")) == [])
        #expect(NIfTISecondOpinion.compare(path: "/nowhere/x.nii") == [])
    }

    @Test func `a difference is reported`() {
        // libnifti accepts a header whose quaternion is impossible and whose voxels are missing.
        let found = NIfTISecondOpinion.compare(path: Fixtures.hostile("qform_too_long.nii"))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("qform") == true)
    }

    @Test(arguments: Hostile.all)
    func `broken headers do not bring libnifti down`(_ file: Hostile) {
        // Whatever it says, it comes back, and each line is one line.
        let lines = NIfTISecondOpinion.compare(path: Fixtures.hostile(file.name))
        #expect(lines.allSatisfy { !$0.contains("\n") })
    }
}

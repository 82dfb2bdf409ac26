import Testing

@testable import MedicalDatasets

@Suite("Path patterns")
struct PathPatternTests {
    @Test(
        "the shortest case id that lets the rest match is taken",
        arguments: [
            ("img{case}.nii[.gz]", "img0001.nii.gz", "0001"),
            ("img{case}.nii[.gz]", "img0001.nii", "0001"),
            ("img{case}.nii[.gz]", "img0001.nii.gz.bak", nil),
            ("img{case}.nii[.gz]", "img.nii", nil),
            ("img{case}.nii[.gz]", "sub/img1.nii", nil),
            ("img{case}.nii[.gz]", "img-1.nii", nil),
            ("img{case}.nii[.gz]", "img.1.nii", nil),
            ("{case}[.gz]", "a.gz", "a"),
            ("{case}_labels.nii", "a_labels_labels.nii", "a_labels"),
            ("{case}/{case}_ct.nii", "p1/p1_ct.nii", "p1"),
            ("{case}/{case}_ct.nii", "p1/p2_ct.nii", nil),
            ("{case}/ct.nii", "p1/ct.nii", "p1"),
            ("{case}/ct.nii", "p1/q/ct.nii", nil),
            ("My Data/{case}.tif", "My Data/TCGA-21-5784.tif", "TCGA-21-5784"),
            ("{case}.nii", "h\u{E9}.nii", nil),
            ("{case}.nii", String(repeating: "x", count: 129) + ".nii", nil),
        ] as [(String, String, String?)])
    func matching(pattern: String, path: String, id: String?) throws {
        #expect(try PathPattern(pattern).caseID(of: path) == id)
    }

    @Test("a path made from a pattern and an id is found by the pattern again")
    func roundTrip() throws {
        for card in DatasetCard.builtIn {
            for pattern in card.layouts.flatMap({ $0.image + $0.label + $0.annotation }) {
                #expect(pattern.caseID(of: pattern.path(of: "case_1-a")) == "case_1-a")
            }
        }
    }

    @Test("a hostile name costs no more than a friendly one")
    func hostile() throws {
        let pattern = try PathPattern("[a][a][a][a]{case}{case}{case}.nii")
        let name = String(repeating: "a", count: 250)
        let time = ContinuousClock().measure { #expect(pattern.caseID(of: name) == nil) }
        #expect(time < .milliseconds(100))
        let patients = try #require(PatientPattern("{a}{b}{c}{d}{e}{f}{patient}{g}{h}x"))
        #expect(patients.patient(of: String(repeating: "a", count: 128)) == nil)
    }

    @Test("patient templates with no, two or broken placeholders are refused")
    func patientTemplates() {
        for text in [
            "", "abc", "{node}", "{patient}{patient}", "{patient", "{}{patient}", "{patient}/x",
        ] {
            #expect(PatientPattern(text) == nil, "\(text)")
        }
        #expect(PatientPattern("{patient}_{scan}")?.patient(of: "a_b_c") == "a_b")
        #expect(PatientPattern("{patient}_{scan}")?.patient(of: "abc") == nil)
    }
}

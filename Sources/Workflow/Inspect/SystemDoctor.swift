import DeflateCompression
import HDF5
import MedicalDatasets
import NIfTI
import SafeFiles
import SamplePreparation
import SampleStore
import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// What samdata runs on, with a test of about a second.
public struct SystemDoctor: Codable, Hashable, Sendable {
    /// The schema of the JSON form.
    public var schema = "samdata.doctor/1"
    /// The version of samdata.
    public var version: String
    /// The versions of the C libraries.
    public var libraries: [String: String]
    /// Whether libhdf5 was built thread-safe; samdata uses one lock either way.
    public var hdf5IsThreadSafe: Bool
    /// Cores this process may use.
    public var cores: Int
    /// Which kernels and which OpenBLAS are at work, and what slows them, one line each.
    public var numerics: [String]
    /// Names of the built-in data sets.
    public var datasets: [String]
    /// Names of the built-in splits.
    public var splits: [String]
    /// Whether a sample case went through preparation and came back the same.
    public var selfTestPassed: Bool
    /// What the self-test found.
    public var selfTest: String

    /// Looks at the system.
    ///
    /// - Parameter version: The version of samdata.
    /// - Returns: What was found.
    public static func examine(version: String) -> SystemDoctor {
        let test = selfTest()
        return SystemDoctor(
            version: version,
            libraries: ["hdf5": HDF5Library.version, "libdeflate": DeflateLibrary.version],
            hdf5IsThreadSafe: HDF5Library.isThreadSafe,
            cores: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            numerics: NumericsBackend.current.lines,
            datasets: DatasetCard.builtIn.map(\.name), splits: DatasetSplit.builtIn.map(\.name),
            selfTestPassed: test.passed, selfTest: test.text)
    }

    /// The examination for people.
    public var lines: [String] {
        [
            "samdata \(version)",
            "libraries: "
                + libraries.keys.sorted().map { "\($0) \(libraries[$0] ?? "")" }.joined(
                    separator: ", ")
                + (hdf5IsThreadSafe ? "" : " (hdf5 is not thread-safe; calls are serialised)"),
            "cores: \(cores)",
        ] + numerics + [
            "data sets: \(datasets.joined(separator: " "))",
            "splits: \(splits.joined(separator: " "))",
            "self-test: \(selfTest)",
        ]
    }

    /// Makes one sample case, prepares it twice with different numbers of threads and reads it back.
    private static func selfTest() -> (passed: Bool, text: String) {
        do {
            var template = Array("/tmp/samdata-doctor-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else {
                throw FileError.system(errno, "create a folder for the self-test", path: "/tmp")
            }
            let folder = String(
                decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            defer { removeTree(folder) }
            let (image, label) = AbdomenPhantom().makeCase("0001")
            try Folders.make(folder + "/in/RawData/Training/img")
            try Folders.make(folder + "/in/RawData/Training/label")
            try NIfTIWriter.write(image, to: folder + "/in/RawData/Training/img/img0001.nii.gz")
            try NIfTIWriter.write(
                label, as: .labels, to: folder + "/in/RawData/Training/label/label0001.nii.gz")
            let card = try DatasetCard.named("sample")
            let configuration = PrepareConfiguration(
                card: card, split: nil, preset: .termProject,
                recipe: SlicePreset.termProject.recipe, prompts: PromptRecipe(), seed: 0)
            let plan = try PreparePlanner(card: card, split: nil)
                .plan(root: folder + "/in", configuration: configuration).plan
            var digests: Set<String> = []
            var slices = 0
            for threads in [1, 2] {
                let layout = StoreLayout(root: "\(folder)/out\(threads)")
                var run = PrepareRun(plan: plan, card: card, root: folder + "/in", layout: layout)
                run.threads = threads
                let manifest = try run.run().manifest
                manifest?.cases.forEach { digests.insert($0.sha256) }
                slices = try CaseFileReader(path: layout.caseFile("0001")).count
            }
            let labelled = (0..<label.shape.k).count { k in
                let plane = label.shape.i * label.shape.j
                return label.samples[(k * plane)..<((k + 1) * plane)].contains { $0 != 0 }
            }
            guard digests.count == 1, slices == labelled else {
                return (
                    false,
                    "failed: \(digests.count) different files, \(slices) slices instead of \(labelled)"
                )
            }
            return (true, "passed (a sample case prepared twice: same bytes, \(slices) slices)")
        } catch {
            return (false, "failed: \(error)")
        }
    }

    private static func removeTree(_ path: String) {
        for name in (try? Folders.names(in: path)) ?? [] {
            let child = path + "/" + name
            if Folders.isFolder(child) { removeTree(child) } else { unlink(child) }
        }
        rmdir(path)
    }
}

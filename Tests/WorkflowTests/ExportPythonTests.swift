import Foundation
import MedicalImaging
import SamplePreparation
import Testing

@testable import SamdataWorkflow

/// A Python with the packages the checks need.
enum ExportPython {
    static let package = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The interpreter that `SAMDATA_PYTHON` names, or the one beside the package's build.
    static let interpreter: String? = {
        let own = ProcessInfo.processInfo.environment["SAMDATA_PYTHON"]
        return [own, package + "/.build/python/bin/python"].compactMap(\.self).first {
            FileManager.default.isExecutableFile(atPath: $0) && hasPackages($0)
        }
    }()

    static func run(_ python: String, _ arguments: [String]) throws -> (status: Int32, text: String)
    {
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    static func hasPackages(_ python: String) -> Bool {
        let code = "import numpy, scipy, h5py, nibabel, pycocotools, PIL, skimage"
        return (try? run(python, ["-c", code]))?.status == 0
    }
}

/// Every export opened by the readers its users use: NumPy, h5py, nibabel, pycocotools, Pillow, scikit-image, SciPy.
@Suite("Exports as Python reads them", .enabled(if: ExportPython.interpreter != nil))
struct ExportPythonTests {
    @Test(
        "Every reader finds in the export what h5py finds in the store",
        arguments: ExportFormat.allCases.filter { $0 != .geojson })
    func check(format: ExportFormat) throws {
        let python = try #require(ExportPython.interpreter)
        let store: ExportStoreForTests
        switch format {
        case .transunet:
            store = try ExportStoreForTests(
                recipe: SlicePreset.transunet.recipe, preset: .transunet)
        case .medsam:
            store = try ExportStoreForTests(
                recipe: SlicePreset.medsam.recipe, preset: .medsam, ids: ["0031"])
        case .nnunet: store = try ExportStoreForTests(recipe: .wholeVolumes)
        default: store = try ExportStoreForTests(recipe: ExportRunTests.windowed)
        }
        try store.export(format) { $0.zoomed = format == .transunet ? 22 : nil }
        let script = ExportPython.package + "/Tests/Python/check_exports.py"
        let result = try ExportPython.run(
            python, [script, format.rawValue, store.store.root, store.path("out")])
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("checked"), "\(result.text)")
    }

    @Test(
        "Every reader finds in the export of pictures what h5py finds in the store",
        arguments: [ExportFormat.png, .npz, .coco, .geojson, .lvit])
    func checkPictures(format: ExportFormat) throws {
        let python = try #require(ExportPython.interpreter)
        let store = try ExportPictureStoreForTests()
        try store.export(format)
        let script = ExportPython.package + "/Tests/Python/check_picture_exports.py"
        let result = try ExportPython.run(
            python, [script, format.rawValue, store.store.root, store.path("out")])
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("checked"), "\(result.text)")
    }
}

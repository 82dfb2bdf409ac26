import MedicalDatasets
import NIfTI
import SafeFiles

/// Writes the embedded sample data set in the layout of BTCV.
public enum SampleWriter {
    /// What was written.
    public struct Outcome: Codable, Hashable, Sendable {
        /// The schema of the JSON form.
        public var schema = "samdata.sample/1"
        /// The folder.
        public var folder: String
        /// The case ids.
        public var cases: [String]
        /// Size of all files in bytes.
        public var bytes: Int
        /// The folders of predictions; empty when none were asked for.
        public var predictions: [String]
    }

    /// Writes six cases, each an image and a label map.
    ///
    /// - Parameters:
    ///   - folder: The folder; made when it is not there. A file of the same name with other contents is never replaced:
    ///     it may be a real scan.
    ///   - withPredictions: Whether `predictions/a` and `predictions/b` are written too: label maps of two made-up models.
    ///   - report: Called after each case with its id, how many are done and how many there are.
    /// - Returns: What was written; the same bytes on every machine with the same libdeflate.
    /// - Throws: `FileError` or `NIfTIError` when the folder cannot be written.
    public static func write(
        to folder: String, withPredictions: Bool = false,
        report: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws -> Outcome {
        let images = folder + "/RawData/Training/img"
        let labels = folder + "/RawData/Training/label"
        try Folders.make(images)
        try Folders.make(labels)
        let predictions =
            withPredictions
            ? SamplePredictions.Model.allCases.map { "\(folder)/predictions/\($0.rawValue)" } : []
        for path in predictions { try Folders.make(path) }
        let phantom = AbdomenPhantom()
        var bytes = 0
        for (index, id) in AbdomenPhantom.caseIDs.enumerated() {
            let (image, label) = phantom.makeCase(id)
            let paths = ("\(images)/img\(id).nii.gz", "\(labels)/label\(id).nii.gz")
            var files = [
                (paths.0, try NIfTIWriter.encode(image, compressed: true, path: paths.0)),
                (
                    paths.1,
                    try NIfTIWriter.encode(label, as: .labels, compressed: true, path: paths.1)
                ),
            ]
            for model in SamplePredictions.Model.allCases where withPredictions {
                let path = "\(folder)/predictions/\(model.rawValue)/\(id).nii.gz"
                let mask = SamplePredictions.prediction(of: model, for: label, caseID: id)
                files.append(
                    (
                        path,
                        try NIfTIWriter.encode(mask, as: .labels, compressed: true, path: path)
                    ))
            }
            for (path, contents) in files {
                try publish(contents, to: path)
                bytes += contents.count
            }
            report(id, index + 1, AbdomenPhantom.caseIDs.count)
        }
        return Outcome(
            folder: folder, cases: AbdomenPhantom.caseIDs, bytes: bytes,
            predictions: predictions)
    }

    static func publish(_ contents: [UInt8], to path: String) throws {
        if let size = Folders.size(of: path) {
            guard size == contents.count,
                try FileReading.sha256(of: path) == ContentDigest.sha256(of: contents)
            else {
                throw FileError(
                    .cannotCreate, path: path,
                    message:
                        "another file is there, expected none or the sample's own; choose an empty folder"
                )
            }
            return
        }
        try AtomicFile.write(contents, to: path)
    }
}

import SafeFiles

/// What pathologists said about a slide and its patient.
public struct Diagnosis: Codable, Hashable, Sendable {
    /// The stage of the slide: `negative`, `itc`, `micro` or `macro`; empty when the table does not list it.
    public var slide: String
    /// The stage of the patient, for example `pN1mi`; empty when the table does not list it.
    public var patient: String
}

/// The stages of slides and patients as the Camelyon17 challenge publishes them.
///
/// A text file with the columns `patient,stage`. Rows whose first field ends in `.tif` are slides, rows ending in `.zip` are
/// patients; the next lines of a patient's row are its slides. Endings are cut off.
///
/// - Source: `stages.csv` of CAMELYON17, called `stage_labels.csv` in older copies.
public struct StageTable: Sendable {
    /// The names the table has in the public archive.
    public static let names = ["stages.csv", "stage_labels.csv"]
    private static let largest = 16 << 20

    /// The stage of each slide, by case id.
    public private(set) var slides: [String: String] = [:]
    /// The stage of each patient, for example of `patient_004`.
    public private(set) var patients: [String: String] = [:]

    /// Reads a table.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``WorkflowError`` naming the line that is not understood, or a `FileError`.
    public init(path: String) throws {
        let bytes = try FileReading.contents(of: path, limit: Self.largest)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw WorkflowError(
                .data, "\(path): found bytes that are not UTF-8, expected a table of stages")
        }
        for (n, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated() where !line.allSatisfy(\.isWhitespace)
        {
            guard let fields = ScoreList.fields(line, ","), fields.count >= 2 else {
                throw WorkflowError(
                    .data,
                    "\(path): line \(n + 1): found `\(line.prefix(60))`, expected two columns such as "
                        + "patient_004_node_4.tif,macro")
            }
            let (name, stage) = (fields[0], fields[1])
            if n == 0, name == "patient" { continue }
            if name.hasSuffix(".zip") {
                patients[String(name.dropLast(4))] = stage
            } else {
                slides[name.hasSuffix(".tif") ? String(name.dropLast(4)) : name] = stage
            }
        }
        guard !slides.isEmpty || !patients.isEmpty else {
            throw WorkflowError(
                .data,
                "\(path): found no stage, expected lines such as patient_004_node_4.tif,macro")
        }
    }

    /// What the table says about a slide.
    ///
    /// The patient is the part of the case id before `_node_`.
    ///
    /// - Parameter caseID: For example `patient_004_node_4`.
    /// - Returns: `nil` when neither the slide nor its patient is listed.
    public func diagnosis(of caseID: String) -> Diagnosis? {
        let patient = caseID.split(separator: "_").prefix(2).joined(separator: "_")
        guard slides[caseID] != nil || patients[patient] != nil else { return nil }
        return Diagnosis(slide: slides[caseID] ?? "", patient: patients[patient] ?? "")
    }
}

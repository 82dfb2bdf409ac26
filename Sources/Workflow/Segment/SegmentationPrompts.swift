import MedicalImaging
import SampleStore
import SegmentAnything

/// The prompts of a case: for each record the stored kinds that are given together.
struct SegmentationPrompts {
    private let kinds: [StoredPrompts]

    /// Reads kinds of prompts.
    ///
    /// - Throws: `StoreError` for a kind that is not stored, ``WorkflowError`` for two boxes or none at all.
    init(_ names: [String], of reader: CaseFileReader) throws {
        guard !names.isEmpty else {
            throw WorkflowError(
                .usage, "--prompts: found no kind, expected one of \(try reader.promptNames())")
        }
        kinds = try names.map { try reader.prompts($0) }
        let boxes = kinds.filter { if case .boxes = $0.values { true } else { false } }
        guard boxes.count <= 1 else {
            throw WorkflowError(
                .usage,
                "--prompts: found two boxes (\(boxes.map(\.name).joined(separator: ", "))), expected "
                    + "at most one; points may be added to it")
        }
    }

    /// The prompt of a record.
    func prompt(of record: Int) -> SAMPrompt {
        var prompt = SAMPrompt()
        for kind in kinds {
            switch kind.values {
            case .boxes(let boxes): prompt.box = boxes[record]
            case .points(let points): prompt.points += points[record]
            }
        }
        return prompt
    }
}

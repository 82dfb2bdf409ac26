// What must hold between the parts of a card.
extension DatasetCard {
    /// Checks what no single key can show.
    func checkWhole(_ top: FieldReader) throws(DatasetError) {
        if layouts.isEmpty, cases.isEmpty {
            throw top.failure(
                "layouts", found: "neither layouts nor cases", expected: "at least one of them",
                nextStep: "add { \"name\": \"raw\", \"image\": \"img/{case}.nii[.gz]\", "
                    + "\"label\": \"label/{case}.nii[.gz]\" }")
        }
        try checkValues(top)
        try checkGroups(top)
    }

    /// Every value in a label file means one thing.
    private func checkValues(_ top: FieldReader) throws(DatasetError) {
        var owners: [Int: String] = [:]
        for value in backgroundValues where owners.updateValue("background", forKey: value) != nil {
            throw top.failure(
                "backgroundValues", found: "the value \(value) twice",
                expected: "every value once")
        }
        // 0 is background in every label file; naming it again does no harm, giving it to a label does.
        owners[0] = "background"
        for (index, label) in labels.enumerated() {
            for value in label.values {
                if let owner = owners.updateValue(label.name, forKey: value) {
                    throw DatasetError(
                        .configuration, place: "labels[\(index)].values",
                        found: "the value \(value) for \(OneLine.quoted(label.name)) and for "
                            + OneLine.quoted(owner),
                        expected: "every value once, and 0 only for background",
                        nextStep: "remove it from one of the two")
                }
            }
        }
    }

    /// Every annotation group means one thing.
    private func checkGroups(_ top: FieldReader) throws(DatasetError) {
        var owners: Set<String> = []
        for group in labels.flatMap(\.groups) + backgroundGroups
        where !owners.insert(group.lowercased()).inserted {
            throw top.failure(
                "backgroundGroups", found: "the annotation group \(OneLine.quoted(group)) twice",
                expected: "every group once, case ignored")
        }
    }
}

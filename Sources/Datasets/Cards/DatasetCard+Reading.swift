import SafeFiles

// One function per part of the file. What holds across parts is checked in DatasetCard+Checks.swift.
extension DatasetCard {
    static let keys = [
        "schema", "name", "title", "modality", "units", "description", "homepage", "datePublished",
        "collection", "licence", "citation", "obtain", "layouts", "cases", "labels",
        "backgroundValues", "backgroundGroups", "knownDefects", "defaultSplit", "patientPattern",
        "caseCount",
    ]

    static func readLayouts(_ top: FieldReader) throws(DatasetError) -> [Layout] {
        var layouts: [Layout] = []
        for reader in try top.objects("layouts", keys: Layout.keys) {
            let layout = try Layout(reader)
            if layouts.contains(where: { $0.name == layout.name }) || layout.name == "listed" {
                throw reader.failure(
                    "name", found: "the layout \(OneLine.quoted(layout.name)) again",
                    expected: "every layout name once, and none called \"listed\"")
            }
            layouts.append(layout)
        }
        return layouts
    }

    static func readCases(_ top: FieldReader) throws(DatasetError) -> [ListedCase] {
        var cases: [ListedCase] = []
        var ids: Set<String> = []
        var paths: Set<String> = []
        for reader in try top.objects("cases", keys: ListedCase.keys) {
            let id = try reader.requiredText("id", "a case id")
            try reader.checkCaseID(id, "id")
            guard ids.insert(id).inserted else {
                throw reader.failure(
                    "id", found: "the case \(OneLine.quoted(id)) again",
                    expected: "every case id once")
            }
            var found: [String: String] = [:]
            for key in ["image", "label", "annotation"] {
                guard let path = try reader.text(key) else { continue }
                try PathPattern.checkRelative(path, reader, key)
                guard paths.insert(path).inserted else {
                    throw reader.failure(
                        key, found: "the file \(OneLine.quoted(path)) again",
                        expected: "every file once")
                }
                found[key] = path
            }
            guard found["image"] != nil || found["label"] != nil else {
                throw reader.failure(
                    "image", found: "neither an image nor a label map",
                    expected: "at least one of them")
            }
            cases.append(
                ListedCase(
                    id: id, image: found["image"], label: found["label"],
                    annotation: found["annotation"]))
        }
        return cases
    }

    static func readLabels(_ top: FieldReader) throws(DatasetError) -> [Label] {
        _ = try top.required("labels", "a list with at least one label")
        var labels: [Label] = []
        for reader in try top.objects("labels", keys: Label.keys) {
            let label = try Label(reader)
            for other in labels {
                let clash: (key: String, what: String)? =
                    other.id == label.id
                    ? ("id", "the id \(label.id)")
                    : other.name.lowercased() == label.name.lowercased()
                        ? ("name", "the name \(OneLine.quoted(label.name))") : nil
                if let clash {
                    throw reader.failure(
                        clash.key,
                        found: "\(clash.what), which \(OneLine.quoted(other.name)) already has",
                        expected: "every id and every name once")
                }
            }
            labels.append(label)
        }
        if labels.isEmpty {
            throw top.failure(
                "labels", found: "an empty list", expected: "at least one label",
                nextStep: "add { \"id\": 1, \"name\": \"...\", \"color\": \"#E6194B\", "
                    + "\"values\": [1] }")
        }
        return labels
    }

    static func readDefects(_ top: FieldReader) throws(DatasetError) -> [Defect] {
        var defects: [Defect] = []
        for reader in try top.objects("knownDefects", keys: Defect.keys) {
            let id = try reader.requiredText("case", "a case id")
            try reader.checkCaseID(id, "case")
            defects.append(Defect(case: id, note: try reader.requiredText("note", "a sentence")))
        }
        return defects
    }

    static func readPatientPattern(_ top: FieldReader) throws(DatasetError) -> PatientPattern? {
        guard let text = try top.text("patientPattern") else { return nil }
        guard let pattern = PatientPattern(text) else {
            throw top.failure(
                "patientPattern", found: OneLine.quoted(text),
                expected: "a template with {patient} once, for example "
                    + "\"patient_{patient}_node_{node}\"")
        }
        return pattern
    }
}

extension DatasetCard.Licence {
    init(_ reader: FieldReader?) throws(DatasetError) {
        guard let reader else {
            self.init(name: "unknown", spdx: nil, url: nil, redistribution: false)
            return
        }
        self.init(
            name: try reader.requiredText("name", "the name of the licence"),
            spdx: try reader.text("spdx"), url: try reader.text("url"),
            redistribution: try reader.bool("redistribution", default: false))
    }
}

extension DatasetCard.Citation {
    init?(_ reader: FieldReader?) throws(DatasetError) {
        guard let reader else { return nil }
        self.init(
            text: try reader.requiredText("text", "the reference as a sentence"),
            bibtex: try reader.text("bibtex", lineFeeds: true), doi: try reader.text("doi"))
    }
}

extension DatasetCard.Label {
    init(_ reader: FieldReader) throws(DatasetError) {
        _ = try reader.required("id", "a whole number from 1 to 255")
        let id = try reader.integer("id", in: 1...255) ?? 1
        let name = try reader.requiredText("name", "the name of the organ or structure")
        // Names become part of file names in exports.
        if name.count > 64 || name.contains("/") || name.contains("\\") || name.hasPrefix(".")
            || name.hasPrefix("-") || name.first == " " || name.last == " "
        {
            throw reader.failure(
                "name", found: OneLine.quoted(name),
                expected: "1 to 64 characters without slashes, not starting with . or - or a blank")
        }
        let colorText = try reader.requiredText("color", "a colour such as \"#E6194B\"")
        guard let color = LabelColor(colorText) else {
            throw reader.failure(
                "color", found: OneLine.quoted(colorText),
                expected: "a number sign and six hexadecimal digits, for example \"#E6194B\"")
        }
        let values = try reader.integers("values", in: Self.valueRange)
        let groups = try reader.texts("groups")
        if values.isEmpty, groups.isEmpty {
            throw reader.failure(
                "values", found: "no value", expected: "the values in label files that mean it")
        }
        self.init(id: UInt8(id), name: name, color: color, values: values, groups: groups)
    }
}

extension DatasetCard.Layout {
    init(_ reader: FieldReader) throws(DatasetError) {
        let name = try reader.name("name", "a name for the layout")
        _ = try reader.required("image", "a pattern such as \"img/img{case}.nii[.gz]\"")
        self.init(
            name: name, image: try PathPattern.read(reader, "image"),
            label: try PathPattern.read(reader, "label"),
            annotation: try PathPattern.read(reader, "annotation"),
            labelRequired: try reader.bool("labelRequired", default: true))
        if image.isEmpty {
            throw reader.failure("image", found: "an empty list", expected: "at least one pattern")
        }
    }
}

// One function per part of the file.
extension DatasetSplit {
    static func readDigest(_ top: FieldReader) throws(DatasetError) -> String? {
        guard let text = try top.text("cardSHA256") else { return nil }
        let isDigest =
            text.utf8.count == 64
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
        guard isDigest else {
            throw top.failure(
                "cardSHA256", found: OneLine.quoted(text),
                expected: "64 lower-case hexadecimal digits",
                nextStep: "leave the key out, or write the SHA-256 of the card file")
        }
        return text
    }

    static func readParts(_ top: FieldReader) throws(DatasetError)
        -> ([SplitPart: [String]], [String: SplitPart])
    {
        _ = try top.required("parts", "an object with train, validation and test")
        let names = SplitPart.allCases.map(\.rawValue)
        var parts: [SplitPart: [String]] = [:]
        var partOfCase: [String: SplitPart] = [:]
        guard let reader = try top.object("parts", keys: names) else { return (parts, partOfCase) }
        for part in SplitPart.allCases {
            let cases = try reader.texts(part.rawValue)
            for id in cases {
                try reader.checkCaseID(id, part.rawValue)
                if let other = partOfCase.updateValue(part, forKey: id) {
                    throw reader.failure(
                        part.rawValue,
                        found:
                            "the case \(OneLine.quoted(id)), which is in \(other.rawValue) already",
                        expected: "every case in one part, once",
                        nextStep: "remove it from one of the two places")
                }
            }
            if !cases.isEmpty { parts[part] = cases }
        }
        if parts.isEmpty {
            throw top.failure("parts", found: "no case in any part", expected: "at least one case")
        }
        return (parts, partOfCase)
    }

    static func readSliceCounts(_ top: FieldReader, _ partOfCase: [String: SplitPart])
        throws(DatasetError) -> [String: Int]
    {
        guard let node = top.node("caseSliceCounts") else { return [:] }
        guard case .object(let members) = node.content else {
            throw top.failure(
                "caseSliceCounts", found: node.kindName,
                expected: "an object of case ids and counts")
        }
        var counts: [String: Int] = [:]
        for member in members {
            guard partOfCase[member.key] != nil else {
                throw top.failure(
                    "caseSliceCounts", found: "the case \(OneLine.quoted(member.key))",
                    expected: "a case of one of the parts")
            }
            guard case .integer(let count) = member.value.content, (1...1_000_000).contains(count)
            else {
                throw DatasetError(
                    .configuration,
                    place: FieldReader.place(
                        member.value.line, "caseSliceCounts.\(OneLine.escaped(member.key))"),
                    found: member.value.kindName, expected: "a whole number from 1 to 1000000",
                    nextStep: "correct the value there")
            }
            counts[member.key] = count
        }
        return counts
    }
}

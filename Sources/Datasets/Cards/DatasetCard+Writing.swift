extension DatasetCard {
    /// The card as a JSON text made to be read and edited by people.
    ///
    /// Reading it back gives an equal card; the built-in files have exactly this form. Empty parts are left out.
    public var jsonText: String { JSONWriter.text(of: node) }

    /// The card as a tree, in the order in which people expect the keys.
    var node: JSONNode {
        .object([
            ("schema", .string(Self.schema)),
            ("name", .string(name)),
            ("title", title == name ? nil : .string(title)),
            ("modality", .string(modality)),
            ("units", .string(units)),
            ("description", description.isEmpty ? nil : .string(description)),
            ("homepage", homepage.map(JSONNode.string)),
            ("datePublished", datePublished.map(JSONNode.string)),
            ("collection", collection == name ? nil : .string(collection)),
            ("licence", licence.node),
            ("citation", citation?.node),
            ("obtain", obtain.isEmpty ? nil : .strings(obtain)),
            ("layouts", layouts.isEmpty ? nil : .array(layouts.map(\.node))),
            ("cases", cases.isEmpty ? nil : .array(cases.map(\.node))),
            ("labels", .array(labels.map(\.node))),
            ("backgroundValues", backgroundValues.isEmpty ? nil : .integers(backgroundValues)),
            ("backgroundGroups", backgroundGroups.isEmpty ? nil : .strings(backgroundGroups)),
            ("knownDefects", knownDefects.isEmpty ? nil : .array(knownDefects.map(\.node))),
            ("defaultSplit", defaultSplit.map(JSONNode.string)),
            ("patientPattern", patientPattern.map { .string($0.text) }),
            ("caseCount", caseCount.map(JSONNode.integer)),
        ])
    }
}

extension DatasetCard: Codable {
    /// Reads and checks a card inside another Codable value.
    ///
    /// ``sha256`` is then the digest of ``jsonText``.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: ``DatasetError``, or what the decoder throws.
    public init(from decoder: any Decoder) throws {
        try self.init(node: JSONNode(from: decoder))
    }

    /// Writes the card into another Codable value.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws { try node.encode(to: encoder) }
}

extension DatasetCard.Licence {
    var node: JSONNode {
        .object([
            ("name", .string(name)), ("spdx", spdx.map(JSONNode.string)),
            ("url", url.map(JSONNode.string)), ("redistribution", .bool(redistribution)),
        ])
    }
}

extension DatasetCard.Citation {
    var node: JSONNode {
        .object([
            ("text", .string(text)), ("bibtex", bibtex.map(JSONNode.string)),
            ("doi", doi.map(JSONNode.string)),
        ])
    }
}

extension DatasetCard.Label {
    var node: JSONNode {
        .object([
            ("id", .integer(Int(id))), ("name", .string(name)),
            ("color", .string(color.description)),
            ("values", values.isEmpty ? nil : .integers(values)),
            ("groups", groups.isEmpty ? nil : .strings(groups)),
        ])
    }
}

extension DatasetCard.Layout {
    var node: JSONNode {
        .object([
            ("name", .string(name)), ("image", PathPattern.node(image)),
            ("label", PathPattern.node(label)), ("annotation", PathPattern.node(annotation)),
            ("labelRequired", labelRequired ? nil : .bool(false)),
        ])
    }
}

extension DatasetCard.ListedCase {
    var node: JSONNode {
        .object([
            ("id", .string(id)), ("image", image.map(JSONNode.string)),
            ("label", label.map(JSONNode.string)), ("annotation", annotation.map(JSONNode.string)),
        ])
    }
}

extension DatasetCard.Defect {
    var node: JSONNode { .object([("case", .string(`case`)), ("note", .string(note))]) }
}

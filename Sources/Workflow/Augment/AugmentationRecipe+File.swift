import FoundationEssentials
import SafeFiles
import SampleAugmentation

extension AugmentationRecipe {
    /// Reads a recipe from a JSON file, such as `samdata augment --show NAME` prints.
    ///
    /// Keys that are not known are refused: a misspelt one would leave a default in place without a word. Every range is
    /// checked here, so that no run fails at the one slice that draws a bad number.
    ///
    /// - Parameter path: The file, 1 MB at most.
    /// - Returns: The recipe.
    /// - Throws: ``WorkflowError`` naming the file and the place in it, or a `FileError`.
    public static func read(_ path: String) throws -> AugmentationRecipe {
        func failure(_ text: String) -> WorkflowError {
            WorkflowError(
                .data, "\(path): \(text); see `samdata augment --show strong` for a recipe")
        }
        let bytes = try FileReading.contents(of: path, limit: 1 << 20)
        guard Nesting.depth(of: bytes) <= 32 else {
            throw failure("found brackets more than 32 deep, expected a recipe")
        }
        do {
            let recipe = try JSONDecoder().decode(AugmentationRecipe.self, from: Data(bytes))
            let tree = try JSONDecoder().decode(RecipeTree.self, from: Data(bytes))
            if let problem = try recipe.problem ?? tree.unknownKey(for: recipe) {
                throw failure(problem)
            }
            do { try recipe.check(channels: 3) } catch let error as WorkflowError {
                throw failure(error.message)
            }
            return recipe
        } catch let error as DecodingError {
            throw failure(RecipeMessages.text(error))
        } catch let error as AugmentationError {
            throw failure("\(error)")
        }
    }

    /// Applies every transform, drawn, to a small picture, so that bad numbers are found before any work.
    ///
    /// - Parameter channels: The channels of the samples; with 3, nothing is unsuitable for lack of colour.
    /// - Throws: ``WorkflowError`` naming the step.
    func check(channels: Int) throws {
        let extent = SampleExtent(channels: channels, rows: 16, columns: 16)
        for (n, step) in steps.enumerated() where step.probability > 0 {
            for (m, list) in step.alternatives.enumerated() {
                for (k, transform) in list.enumerated() {
                    // Rectangles that were drawn belong to a picture of another size.
                    if case .dropout(let dropout) = transform, dropout.rectangles != nil {
                        continue
                    }
                    var random = AugmentationKey(caseSeed: 0, slice: 0, copy: 0).randomSource
                    var sample = AugmentationSample(
                        extent: extent,
                        image: (0..<extent.imageCount).map { Float($0 % 17) / 17 },
                        labels: (0..<extent.labelCount).map { UInt8($0 % 3) })
                    do {
                        try transform.drawn(from: &random, extent: extent).transform
                            .apply(to: &sample)
                    } catch {
                        throw WorkflowError(
                            .configuration, "steps[\(n)].alternatives[\(m)][\(k)]: \(error)")
                    }
                }
            }
        }
    }

    /// What is wrong with a recipe that could be read.
    private var problem: String? {
        if name.isEmpty || name.utf8.count > 100 || name.contains(where: \.isNewline) {
            return "name: found `\(name.prefix(100))`, expected one line of 1 to 100 characters"
        }
        if !(1...100).contains(steps.count) {
            return "steps: found \(steps.count), expected 1 to 100"
        }
        for (n, step) in steps.enumerated() {
            if !(0...1).contains(step.probability) {
                return "steps[\(n)].probability: found \(step.probability), expected 0 to 1"
            }
            if step.alternatives.isEmpty || step.alternatives.count > 100
                || step.alternatives.contains(where: { $0.count > 100 })
            {
                return "steps[\(n)].alternatives: expected 1 to 100 lists of at most 100 transforms"
            }
            let slices = Transform.flip(Flip(axis: .slices))
            if scope == .slice, step.alternatives.contains(where: { $0.contains(slices) }) {
                return
                    "steps[\(n)]: found a flip along the slices, which does nothing to one slice, expected it under "
                    + "\"scope\": \"volume\" only"
            }
        }
        return nil
    }
}

/// How deep brackets are nested, found without recursion.
private enum Nesting {
    static func depth(of bytes: [UInt8]) -> Int {
        var (depth, most, isText, isEscaped) = (0, 0, false, false)
        for byte in bytes {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isText = false
                }
            } else if byte == 0x22 {
                isText = true
            } else if byte == 0x5B || byte == 0x7B {
                depth += 1
                most = max(most, depth)
            } else if byte == 0x5D || byte == 0x7D {
                depth -= 1
            }
        }
        return most
    }
}

/// A recipe as its file has it, to find keys that nobody reads.
private enum RecipeTree: Decodable {
    case object([String: RecipeTree])
    case list([RecipeTree])
    case leaf

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let members = try? container.decode([String: RecipeTree].self) {
            self = .object(members)
        } else if let items = try? container.decode([RecipeTree].self) {
            self = .list(items)
        } else {
            self = .leaf
        }
    }

    /// The first key that is not known, by comparing with how the recipe is written.
    func unknownKey(for recipe: AugmentationRecipe) throws -> String? {
        // What a transform writes only once it has been drawn.
        let drawn: Set<String> = ["seed", "order", "rectangles"]
        func first(_ found: RecipeTree, _ known: RecipeTree, _ place: String) -> String? {
            switch (found, known) {
            case (.object(let found), .object(let known)):
                let name = place.isEmpty ? "" : place + "."
                let isTransform = known["transform"] != nil
                for key in found.keys.sorted() {
                    guard let next = known[key] else {
                        if isTransform, drawn.contains(key) { continue }
                        return "\(name)\(key): found this key, expected some of "
                            + known.keys.sorted().joined(separator: ", ")
                    }
                    guard let value = found[key] else { continue }
                    if let problem = first(value, next, name + key) { return problem }
                }
                return nil
            case (.list(let found), .list(let known)):
                for (n, pair) in zip(found, known).enumerated() {
                    if let problem = first(pair.0, pair.1, "\(place)[\(n)]") { return problem }
                }
                return nil
            default: return nil
            }
        }
        let written = try JSONDecoder().decode(RecipeTree.self, from: JSONEncoder().encode(recipe))
        return first(self, written, "")
    }
}

/// What a decoder says, in words for people.
private enum RecipeMessages {
    private static let words = [
        "Axis": "horizontal, vertical or slices", "Interpolation": "nearest or linear",
        "Scope": "slice or volume",
        "Part": "brightness, contrast, saturation and hue",
    ]

    static func text(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            return "\(place(context)): found no `\(key.stringValue)`, expected one"
        case .typeMismatch(let type, let context):
            return "\(place(context)): found another kind of value, expected \(kind(type))"
        case .valueNotFound(let type, let context):
            return "\(place(context)): found null, expected \(kind(type))"
        case .dataCorrupted(let context):
            guard !context.codingPath.isEmpty else {
                let reason = context.underlyingError.map { " (\($0))" } ?? ""
                return "found no JSON\(reason), expected a recipe"
            }
            for (name, allowed) in words
            where context.debugDescription.hasPrefix("Cannot initialize \(name) ") {
                let value = context.debugDescription.split(separator: " ").last ?? ""
                return "\(place(context)): found `\(value)`, expected \(allowed)"
            }
            return "\(place(context)): \(context.debugDescription)"
        @unknown default: return "expected a recipe"
        }
    }

    private static func kind(_ type: any Any.Type) -> String {
        let name = "\(type)"
        if name.hasPrefix("Dictionary") { return "an object" }
        if name.hasPrefix("Array") { return "an array" }
        if name == "String" { return "a text" }
        if ["Double", "Int", "UInt64", "Float"].contains(name) { return "a number" }
        return name
    }

    private static func place(_ context: DecodingError.Context) -> String {
        let keys = context.codingPath.map {
            $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)"
        }
        let text = keys.joined()
        return text.isEmpty ? "the recipe" : text.hasPrefix(".") ? String(text.dropFirst()) : text
    }
}

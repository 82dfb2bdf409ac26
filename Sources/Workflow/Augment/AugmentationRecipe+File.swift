import FoundationEssentials
import SafeFiles
import SampleAugmentation

extension AugmentationRecipe {
    /// Reads a recipe from a JSON file, such as `samdata augment --show NAME` prints.
    ///
    /// - Parameter path: The file, 1 MB at most.
    /// - Returns: The recipe.
    /// - Throws: ``WorkflowError`` naming the file and the place in it, or a `FileError`.
    public static func read(_ path: String) throws -> AugmentationRecipe {
        let bytes = try FileReading.contents(of: path, limit: 1 << 20)
        let recipe: AugmentationRecipe
        do {
            recipe = try JSONDecoder().decode(AugmentationRecipe.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw WorkflowError(
                .data,
                "\(path): \(Self.place(of: error)); see `samdata augment --show strong` for a recipe"
            )
        }
        if let problem = recipe.problem {
            throw WorkflowError(
                .data, "\(path): \(problem); see `samdata augment --show strong` for a recipe")
        }
        return recipe
    }

    /// What is wrong with a recipe that could be read.
    private var problem: String? {
        if name.isEmpty || name.utf8.count > 100 || name.contains(where: \.isNewline) {
            return "name: found `\(name)`, expected one line of 1 to 100 characters"
        }
        if steps.count > 100 { return "steps: found \(steps.count), expected at most 100" }
        for (n, step) in steps.enumerated() {
            if !(0...1).contains(step.probability) {
                return "steps[\(n)].probability: found \(step.probability), expected 0 to 1"
            }
            if step.alternatives.isEmpty || step.alternatives.count > 100
                || step.alternatives.contains(where: { $0.count > 100 })
            {
                return "steps[\(n)].alternatives: expected 1 to 100 lists of at most 100 transforms"
            }
        }
        return nil
    }

    private static func place(of error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            let keys = context.codingPath.map {
                $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)"
            }
            let text = keys.joined()
            return text.hasPrefix(".") ? String(text.dropFirst()) : text
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "\(path(context)): found no `\(key.stringValue)`, expected one"
        case .typeMismatch(let type, let context):
            return "\(path(context)): found another kind of value, expected \(type)"
        case .valueNotFound(let type, let context):
            return "\(path(context)): found null, expected \(type)"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "found no JSON, expected a recipe"
                : "\(path(context)): \(context.debugDescription)"
        @unknown default: return "expected a recipe"
        }
    }
}

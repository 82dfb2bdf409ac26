import Testing

@testable import TensorFiles

@Suite("The model in a checkpoint")
struct StateDictionaryTests {
    typealias Build = TorchBuilder

    static func file(_ items: [(String, [UInt8])]) throws -> TensorFile {
        try TensorFile(Build.archive(Build.dictionary(items)), named: "x.pth")
    }

    static func weights(_ names: String...) -> [UInt8] {
        Build.dictionary(names.map { ($0, Build.tensor()) })
    }

    @Test("a training checkpoint gives its model and says what was left out")
    func training() throws {
        let found = try StateDictionary(of: try TensorFixtures.open("zip_training_state.pth"))
        #expect(found.group == "model")
        #expect(found.tensors.count == 7)
        #expect(found.tensor(named: "1.running_var")?.entry.name == "model|1.running_var")
        #expect(
            found.summary
                == "took 7 tensors under model; left out 12 tensors of optimizer|state|0, "
                + "optimizer|state|1, optimizer|state|2, optimizer|state|3")
    }

    @Test("plain, prefixed and nested checkpoints give plain names")
    func plain() throws {
        let plain = try StateDictionary(of: try TensorFixtures.open("zip_plain.pth"))
        #expect(plain.group.isEmpty && plain.strippedPrefix.isEmpty)
        #expect(plain.summary == "took 6 tensors at the top")
        let prefixed = try StateDictionary(of: try TensorFixtures.open("zip_module_prefix.pth"))
        #expect(prefixed.strippedPrefix == "module.")
        #expect(prefixed.tensors.map(\.name) == plain.tensors.map(\.name))
        #expect(prefixed.summary == "took 6 tensors at the top, without the prefix module.")
        let nested = try StateDictionary(of: try TensorFixtures.open("zip_parameters.pth"))
        #expect(nested.group == "state_dict")
        #expect(nested.tensors.map(\.name) == ["0.weight", "0.bias", "1.weight", "1.bias"])
        let flat = try StateDictionary(of: try TensorFixtures.open("mixed.safetensors"))
        #expect(flat.tensors.count == 9)
    }

    @Test("a prefix that only some names have stays")
    func partial() throws {
        let file = try Self.file([("net", Self.weights("module.a", "b"))])
        #expect(try StateDictionary(of: file).tensors.map(\.name) == ["module.a", "b"])
        let both = try Self.file([("net", Self.weights("module._orig_mod.a", "module._orig_mod.b"))]
        )
        let found = try StateDictionary(of: both)
        #expect(found.tensors.map(\.name) == ["a", "b"])
        #expect(found.strippedPrefix == "module._orig_mod.")
    }

    @Test("two groups that may be the model are both named, and one can be asked for")
    func ambiguous() throws {
        let file = try Self.file([
            ("model", Self.weights("a.w", "b.w")), ("net", Self.weights("a.w")),
            ("optimizer", Self.weights("m")),
        ])
        let expected = TensorFileError.ambiguous(
            file: "x.pth", candidates: ["model with 2 tensors", "net with 1 tensors"])
        #expect(throws: expected) { try StateDictionary(of: file) }
        #expect(
            expected.description
                == "x.pth: found several groups of tensors that may be the model (model with 2 tensors, "
                + "net with 1 tensors), expected one; name the one that is meant, or save it alone with torch.save"
        )
        #expect(try StateDictionary(of: file, at: "net").tensors.count == 1)
        #expect(
            throws: TensorFileError.noSuchTensor(
                file: "x.pth", name: "group of tensors ema", present: ["model", "net", "optimizer"])
        ) { try StateDictionary(of: file, at: "ema") }
    }

    @Test("an unusual key is taken when it is the only one, a usual one wins over others")
    func unusual() throws {
        let only = try Self.file([("teacher", Self.weights("a")), ("optim", Self.weights("m"))])
        #expect(try StateDictionary(of: only).group == "teacher")
        let usual = try Self.file([("teacher", Self.weights("a")), ("model", Self.weights("a"))])
        #expect(try StateDictionary(of: usual).group == "model")
        let step = try Self.file([("step", Build.tensor()), ("model", Self.weights("a"))])
        #expect(try StateDictionary(of: step).group == "model")
        let none = try Self.file([("optimizer", Self.weights("m"))])
        #expect(throws: TensorFileError.self) { try StateDictionary(of: none) }
        let empty = try Self.file([("epoch", Build.integer(1))])
        #expect(throws: TensorFileError.self) { try StateDictionary(of: empty) }
    }
}

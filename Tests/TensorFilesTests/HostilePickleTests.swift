import Testing

@testable import TensorFiles

@Suite("Hostile pickles")
struct HostilePickleTests {
    typealias Build = TorchBuilder

    @Test("an honest archive made by hand opens, so that refusals below mean something")
    func honest() throws {
        let file = try TensorFile(
            Build.archive(
                Build.dictionary([
                    ("w", Build.tensor()),
                    ("turned", Build.tensor(shape: [2, 2], strides: [1, 2])),
                    ("repeated", Build.tensor(offset: 3, shape: [3, 2], strides: [0, 0])),
                    ("none", Build.tensor(shape: [0, 5], strides: [5, 1])),
                    ("single", Build.tensor(offset: 2, shape: [], strides: [])),
                ])), named: "x.pth")
        #expect(try file.floats(of: "w") == [0, 1, 2, 3])
        #expect(try file.floats(of: "turned") == [0, 2, 1, 3])
        #expect(try file.floats(of: "repeated") == [3, 3, 3, 3, 3, 3])
        #expect(try file.floats(of: "none") == [])
        #expect(try file.floats(of: "single") == [2])
        #expect(file.entry(named: "turned")?.shape == [2, 2])
    }

    @Test(
        "a call of anything is refused by name",
        arguments: [
            ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "exec"),
            ("builtins", "getattr"), ("__builtin__", "apply"), ("subprocess", "Popen"),
            ("torch", "load"), ("torch._utils", "_rebuild_tensor"), ("collections", "Counter"),
            ("torch.hub", "load"), ("torch", "ComplexFloatStorage"), ("numpy", "load"),
            ("segment_anything.modeling.sam", "Sam"),
        ])
    func calls(_ module: String, _ name: String) throws {
        let command = Build.text("touch /hacked")
        let message = try #require(
            Build.refusal(Build.call(Build.global(module, name), [command])))
        #expect(
            message.contains("x.pth/a/data.pkl: at byte 2: refused \(module).\(name), expected"))
        // The same by the instruction of protocol 4.
        let later = Build.text(module) + Build.text(name) + [0x93]
        let second = try #require(Build.refusal(Build.call(later, [command])))
        #expect(second.contains("refused \(module).\(name), expected"))
        // Not even mentioned without a call.
        #expect(Build.refusal(Build.dictionary([("f", Build.global(module, name))])) != nil)
    }

    @Test("what is allowed to be mentioned cannot be called")
    func constants() throws {
        let message = try #require(
            Build.refusal(Build.call(Build.global("torch", "FloatStorage"), [])))
        #expect(message.contains("refused a call of torch.FloatStorage"))
        #expect(Build.refusal(Build.call(Build.text("os.system"), [])) != nil)
        #expect(Build.refusal(Build.call(Build.global("torch", "float32"), [])) != nil)
        #expect(
            Build.refusal(Build.dictionary([("t", Build.global("torch", "float32"))])) == nil)
    }

    @Test("instructions that make objects or change the stack are refused by name")
    func instructions() throws {
        let table: [([UInt8], String)] = [
            ([0x69] + Array("os\nsystem\n".utf8), "INST"), ([0x28, 0x6f], "OBJ"),
            ([0x29, 0x29, 0x81], "NEWOBJ"), ([0x92], "NEWOBJ_EX"), ([0x82, 1], "EXT1"),
            ([0x83, 1, 0], "EXT2"), ([0x84, 1, 0, 0, 0], "EXT4"), ([0x50, 0x41, 0x0a], "PERSID"),
            ([0x30], "POP"), ([0x32], "DUP"), ([0x97], "NEXT_BUFFER"), ([0x8f], "EMPTY_SET"),
        ]
        for (bytes, name) in table {
            let message = try #require(Build.refusal(bytes))
            #expect(message.contains("refused the instruction \(name), expected"), "\(message)")
        }
        #expect(try #require(Build.refusal([0xfe])).contains("refused 0xfe"))
        let build = Build.dictionary([]) + Build.dictionary([("__class__", [0x4e])]) + [0x62]
        #expect(try #require(Build.refusal(build)).contains("refused BUILD on a dictionary"))
    }

    @Test("attributes of an ordered dictionary and NumPy numbers are passed over")
    func passedOver() throws {
        let state = Build.dictionary([("_metadata", Build.dictionary([]))])
        let ordered = Build.call(Build.global("collections", "OrderedDict"), [])
        let items = [0x28] + Build.text("w") + Build.tensor() + [0x75]
        let type =
            Build.call(Build.global("numpy", "dtype"), [Build.text("f8")])
            + Build.tuple([Build.integer(3), Build.text("<")]) + [0x62]
        let number = Build.call(
            Build.global("numpy.core.multiarray", "scalar"), [type, [0x43, 1, 0]])
        let file = try TensorFile(
            Build.archive(
                Build.dictionary([
                    ("model", ordered + items + state + [0x62]), ("best", number),
                ])))
        #expect(file.entries.map(\.name) == ["model|w"])
    }

    @Test("values nested without end are refused, in either order of building")
    func nesting() throws {
        let count = 100_000
        let inward =
            [UInt8](repeating: 0x5d, count: count) + [UInt8](repeating: 0x61, count: count - 1)
        #expect(try #require(Build.refusal(inward)).contains("nested deeper than 64 levels"))
        let tuples = [0x4e] + [UInt8](repeating: 0x85, count: count)
        #expect(try #require(Build.refusal(tuples)).contains("nested deeper than 64 levels"))
        // The outer list holds the inner one before the inner one grows.
        let outward: [UInt8] =
            [0x5d, 0x71, 0, 0x5d, 0x71, 1, 0x61] + [0x68, 1, 0x5d, 0x71, 2, 0x61]
        #expect(try #require(Build.refusal(outward)).contains("a list that is not open"))
    }

    @Test("a list that holds itself is refused")
    func cycle() throws {
        #expect(
            try #require(Build.refusal([0x5d, 0x71, 0, 0x68, 0, 0x61])).contains(
                "a list that is not open"))
        let dictionary: [UInt8] = [0x7d, 0x71, 0] + Build.text("k") + [0x68, 0, 0x73]
        #expect(try #require(Build.refusal(dictionary)).contains("not open"))
    }

    @Test("a small pickle that unfolds to an endless tree is refused")
    func memoBomb() throws {
        for leaf in [Build.tensor(), [0x4e]] {
            // Each tuple holds the one before four times; all but the first mention come from the memo.
            func bomb(_ levels: Int) -> [UInt8] {
                (1...levels).reduce(leaf + [0x71, 0]) { bytes, level in
                    let before: [UInt8] = [0x68, UInt8(level - 1)]
                    return [0x28] + bytes + before + before + before + [0x74, 0x71, UInt8(level)]
                }
            }
            #expect(bomb(40).count < 1000)
            let message = try #require(Build.refusal(bomb(40)))
            #expect(message.contains("shared values that unfold to"), "\(message)")
            #expect(Build.refusal(bomb(3)) == nil)
        }
        // The same with dictionaries.
        var nested = Build.dictionary([("w", Build.tensor())]) + [0x71, 0]
        for level in 1...40 {
            let before: [UInt8] = [0x68, UInt8(level - 1)]
            nested =
                [0x7d, 0x28] + Build.text("a") + nested + Build.text("b") + before + [0x75, 0x71]
                + [UInt8(level)]
        }
        #expect(try #require(Build.refusal(nested)).contains("shared values that unfold to"))
    }

    @Test("axes of one element may have any stride")
    func units() throws {
        let file = try TensorFile(
            Build.archive(
                Build.dictionary([
                    ("a", Build.tensor(shape: [2, 1, 2], strides: [1, .max, 1])),
                    (
                        "b",
                        Build.tensor(shape: [1, 2, 1, 2, 1], strides: [.max, 1, .max, 2, .max])
                    ),
                    ("c", Build.tensor(shape: [1, 1], strides: [.max, .max])),
                ])))
        #expect(try file.floats(of: "a") == [0, 1, 1, 2])
        #expect(try file.floats(of: "b") == [0, 2, 1, 3])
        #expect(try file.floats(of: "c") == [0])
    }

    @Test("more values, tensors or bytes than the limits are refused")
    func limits() throws {
        var limits = TensorFileLimits()
        limits.pickleValues = 1000
        let many = [0x5d, 0x28] + [UInt8](repeating: 0x4e, count: 2000) + [0x65]
        #expect(Build.refusal(Build.tuple([many, Build.tensor()])) == nil)
        #expect(
            try #require(Build.refusal(many, limits: limits)).contains("at most 1000"))
        limits = TensorFileLimits()
        limits.tensors = 1
        let two = Build.dictionary([("a", Build.tensor()), ("b", Build.tensor())])
        #expect(try #require(Build.refusal(two, limits: limits)).contains("more tensors"))
        limits = TensorFileLimits()
        limits.tensorBytes = 15
        #expect(
            try #require(Build.refusal(Build.tensor(), limits: limits)).contains(
                "at most 15 bytes as stored and as float32"))
        limits = TensorFileLimits()
        limits.pickleBytes = 10
        #expect(try #require(Build.refusal(Build.tensor(), limits: limits)).contains("at most 10"))
    }

    @Test("views that leave their storage are refused before anything is read")
    func views() throws {
        let big = 1 << 40
        let table: [([UInt8], String)] = [
            (Build.tensor(offset: 1), "up to element 5 of storage 0"),
            (Build.tensor(offset: -1), "from -1"),
            (Build.tensor(strides: [-1]), "strides [-1]"),
            (Build.tensor(offset: 3, strides: [-1]), "strides [-1]"),
            (Build.tensor(shape: [-4]), "shape [-4]"),
            (Build.tensor(shape: [2, 2]), "as many lengths as strides"),
            (Build.tensor(shape: [5]), "up to element 5"),
            (Build.tensor(shape: [2, 2], strides: [3, 1]), "up to element 5"),
            (Build.tensor(shape: [big, big], strides: [0, 0]), "a tensor of shape"),
            (Build.tensor(shape: [big], strides: [0]), "that repeats the 4 of its storage"),
            (Build.tensor(shape: [big], strides: [big]), "or endless"),
            (Build.tensor(offset: .max, shape: [2], strides: [1]), "or endless"),
            (Build.tensor(offset: 5, shape: [0], strides: [1]), "up to element 5"),
            (Build.tensor(count: -4), "a storage of -4 elements"),
            (Build.tensor(count: .max, shape: [1]), "a storage of \(Int.max) elements"),
            (Build.tensor(count: big, shape: [1]), "16 bytes, expected \(big * 4)"),
            (Build.tensor(count: 3, shape: [1]), "16 bytes, expected 12 for 3 float32"),
            (Build.tensor("1"), "no member data/1"), (Build.tensor("../data.pkl"), "no member"),
            (Build.tensor(count: 2, shape: [1], type: "DoubleStorage"), ""),
            (
                Build.tuple([
                    Build.tensor(), Build.tensor(count: 2, shape: [1], type: "DoubleStorage"),
                ]), "2 float64, expected 4 float32 as before"
            ),
            (
                Build.tensor(
                    shape: [Int](repeating: 1, count: 65), strides: [Int](repeating: 1, count: 65)),
                "as many lengths as strides"
            ),
        ]
        for (value, expected) in table {
            let message = Build.refusal(value)
            if expected.isEmpty {
                #expect(message == nil)
            } else {
                #expect(try #require(message).contains(expected), "\(message ?? "")")
                #expect(message?.contains("\n") == false)
            }
        }
    }

    @Test("pickles that end early, hold too little or too much are refused")
    func malformed() throws {
        let table: [([UInt8], String)] = [
            ([], "0 values at the end"), ([0x4e, 0x4e], "2 values at the end"),
            ([0x28, 0x4e], "1 values at the end"), ([0x74], "no mark"),
            ([0x85], "1 values that are not there"), ([0x4e, 0x28, 0x85], "not there"),
            ([0x68, 9], "reference to value 9"), ([0x71, 0], "not there"),
            ([0x58, 0xff, 0xff, 0xff, 0xff], "expected 4294967295"),
            ([0x8d] + [UInt8](repeating: 0xff, count: 8), "below 2^63"),
            ([0x58, 1, 0, 0, 0, 0xff], "not UTF-8"), ([0x51], "not there"),
            ([0x4e, 0x51], "identifier of another kind"), ([0x4e], "found None"),
            ([0x7d, 0x5d, 0x4e, 0x73], "a list as a key"),
            ([0x7d, 0x28, 0x4b, 1, 0x75], "a key alone"), ([0x4e, 0x4e, 0x61], "None"),
            ([0x80, 9], "pickle protocol 9"), ([0x80, 1], "pickle protocol 1"),
            (Array("c\(String(repeating: "m", count: 2000))\n".utf8), "a name without end"),
            (
                Build.dictionary([("a", Build.tensor()), ("a", Build.tensor())]),
                "the key a twice"
            ),
            (Build.dictionary([("a\nb", Build.tensor())]), "without control characters"),
            (Build.dictionary([("", Build.tensor())]), "a name of 0 bytes"),
            (
                Build.dictionary([
                    ("a|b", Build.tensor()), ("a", Build.dictionary([("b", Build.tensor())])),
                ]),
                "the name twice"
            ),
        ]
        for (value, expected) in table {
            let message = try #require(Build.refusal(value), "\(expected)")
            #expect(message.contains(expected), "\(message)")
            #expect(!message.contains("\n"))
        }
    }
}

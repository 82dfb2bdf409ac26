import Testing
import ZipContainers

@testable import TensorFiles

@Suite("Hostile containers")
struct HostileContainerTests {
    typealias Build = TorchBuilder

    @Test(
        "a file cut at any byte is refused",
        arguments: ["zip_views.pth", "legacy_format.pth", "mixed.safetensors"])
    func truncated(_ name: String) throws {
        let file = try TensorFixtures.bytes(name)
        #expect(Build.refusal(of: file) == nil)
        for length in 0..<file.count {
            let message = Build.refusal(of: Array(file.prefix(length)))
            #expect(message != nil, "cut to \(length)")
            #expect(message?.hasPrefix("x.pth") ?? true, "\(message ?? "")")
        }
        #expect(Build.refusal(of: file + [0]) != nil)
    }

    @Test(
        "an archive with any byte changed is refused or right",
        arguments: ["zip_views.pth", "zip_other_types.pth"])
    func changed(_ name: String) throws {
        let original = try TensorFixtures.bytes(name)
        let good = try TensorFile(original)
        let values = try good.entries.map { try good.bytes(of: $0.name) }
        var refused = 0
        for index in original.indices {
            for value: UInt8 in [0, 0xff, original[index] ^ 1, original[index] ^ 0x80]
            where value != original[index] {
                var file = original
                file[index] = value
                guard let changed = try? TensorFile(file),
                    let now = try? changed.entries.map({ try changed.bytes(of: $0.name) })
                else {
                    refused += 1
                    continue
                }
                #expect(changed.entries == good.entries, "byte \(index) to \(value)")
                #expect(now == values, "byte \(index) to \(value)")
            }
        }
        #expect(refused > original.count)
    }

    @Test(
        "5 000 files with several changes each never trap, and every error is one line",
        arguments: [
            "zip_views.pth", "zip_protocol4.pth", "legacy_format.pth", "mixed.safetensors",
        ])
    func shaken(_ name: String) throws {
        let original = try TensorFixtures.bytes(name)
        var shaker = Shaker(state: 20_240_601)
        var limits = TensorFileLimits()
        limits.tensorBytes = 1 << 20
        limits.verifiesChecksums = false
        var refused = 0
        for round in 0..<5000 {
            var file = original
            for _ in 0...shaker.next(6) {
                let index = shaker.next(file.count)
                switch shaker.next(4) {
                case 0: file[index] = UInt8(shaker.next(256))
                case 1: file[index] ^= 1 << UInt8(shaker.next(8))
                case 2: file[index] = [0, 1, 0x7f, 0x80, 0xff][shaker.next(5)]
                default: file[index] = file[shaker.next(file.count)]
                }
            }
            guard let message = Build.refusal(of: file, limits: limits) else { continue }
            refused += 1
            #expect(!message.contains("\n") && message.utf8.count < 2000, "round \(round)")
            #expect(message.contains("found") || message.contains("refused"), "\(message)")
            #expect(message.contains("expected") && message.contains("; "), "\(message)")
        }
        #expect(refused > 500)
    }

    /// Pickles lie behind the checksum of their archive, so they are shaken on their own too.
    @Test("5 000 pickles with several changes each never trap")
    func shakenPickles() throws {
        let value = Build.dictionary([
            ("model", Build.dictionary([("w", Build.tensor()), ("v", Build.tensor(shape: [2]))])),
            ("epoch", Build.integer(3)), ("list", Build.tuple([[0x88], [0x4e], [0x4b, 7]])),
        ])
        var shaker = Shaker(state: 7)
        var opened = 0
        for _ in 0..<5000 {
            var changed = value
            for _ in 0...shaker.next(3) {
                let index = shaker.next(changed.count)
                switch shaker.next(3) {
                case 0: changed[index] = UInt8(shaker.next(256))
                case 1: changed.remove(at: index)
                default: changed.insert(changed[shaker.next(changed.count)], at: index)
                }
            }
            if Build.refusal(changed) == nil { opened += 1 }
        }
        #expect(opened > 0 && opened < 4000)
    }

    @Test("archives that are no checkpoints or hide something are refused by name")
    func archives() throws {
        let data = Build.stored("a/data.pkl", Build.pickle(Build.tensor()))
        let floats = Build.floats([0, 1, 2, 3])
        let storage = Build.stored("a/data/0", floats)
        var wrong = storage
        wrong.data[0] ^= 1
        let packed = (
            member: ZipMember(
                name: "a/data/0", method: 8, checksum: 0, compressedSize: 3, size: 16, offset: 0),
            data: [3, 0, 0] as [UInt8]
        )
        let bomb = (
            member: ZipMember(
                name: "a/data.pkl", method: 8, checksum: 0, compressedSize: 3, size: 3_000_000_000,
                offset: 0), data: [3, 0, 0] as [UInt8]
        )
        let table: [([(member: ZipMember, data: [UInt8])], String)] = [
            ([Build.stored("readme.txt", [])], "0 members NAME/data.pkl among readme.txt"),
            ([data, Build.stored("b/data.pkl", data.data), storage], "2 members NAME/data.pkl"),
            ([data, Build.stored("a/constants.pkl", [])], "refused a TorchScript program"),
            (
                [data, storage, Build.stored("a/byteorder", Array("big".utf8))],
                "another byte order"
            ),
            ([data, wrong], "bytes with another checksum"),
            ([data, packed], "refused a compressed member"),
            ([bomb, storage], "refused a compressed member"),
            ([data, storage, Build.stored("../evil", [])], "a relative UTF-8 name"),
            ([data, storage, Build.stored("/evil", [])], "a relative UTF-8 name"),
            ([data, storage, storage], "a second member named a/data/0"),
            ([data, Build.stored("a/data/0", floats + [0])], "17 bytes, expected 16"),
            ([Build.stored("a/data.pkl", data.data + [0]), storage], "bytes behind the pickle"),
            ([data, storage], ""),
        ]
        for (parts, expected) in table {
            let message = Build.refusal(of: Build.zip(parts))
            if expected.isEmpty {
                #expect(message == nil)
            } else {
                #expect(try #require(message).contains(expected), "\(message ?? "")")
            }
        }
        var limits = TensorFileLimits()
        limits.verifiesChecksums = false
        #expect(Build.refusal(of: Build.zip([data, wrong]), limits: limits) == nil)
    }

    @Test("a storage laid over the pickle is refused")
    func overlapping() throws {
        let inner = Build.stored("a/data/0", Build.floats([0, 1, 2, 3]))
        let local = inner.member.localHeader(wideFrom: .max) + inner.data
        // The bytes of a storage stand inside a string of the pickle.
        let text = [0x42] + Build.number(local.count, 4) + local
        let pickle = Build.pickle(Build.tuple([text, Build.tensor()]))
        let outer = Build.stored("a/data.pkl", pickle)
        let file = outer.member.localHeader(wideFrom: .max) + pickle
        let place = try #require(
            file.indices.first { file[$0...].starts(with: local) })
        var hidden = inner.member
        hidden.offset = place
        let directory = [outer.member, hidden].flatMap { $0.directoryEntry(wideFrom: .max) }
        let end = ZipEnd(members: 2, offset: file.count, size: directory.count)
        let message = try #require(
            Build.refusal(of: file + directory + end.records(wideFrom: .max)))
        #expect(message.contains("a/data/0 inside a/data.pkl"))
    }

    @Test("the older container with storages that contradict its pickle is refused")
    func stream() throws {
        let magic: [UInt8] = [
            0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
        ]
        func file(
            version: Int = 1001, little: UInt8 = 0x88, keys: [String] = ["0"], count: Int = 4,
            rest: [UInt8] = []
        ) -> [UInt8] {
            magic + Build.pickle(Build.integer(version))
                + Build.pickle(Build.dictionary([("little_endian", [little])]))
                + Build.pickle(Build.tensor())
                + Build.pickle([0x5d, 0x28] + keys.flatMap { Build.text($0) } + [0x65])
                + Build.number(count, 8) + Build.floats([0, 1, 2, 3]) + rest
        }
        #expect(Build.refusal(of: file()) == nil)
        let table: [([UInt8], String)] = [
            (file(version: 1002), "another version"), (file(little: 0x89), "another byte order"),
            (file(keys: []), "bytes behind the last storage"),
            (file(keys: ["1"]), "no tensor uses"),
            (file(keys: ["0", "0"]), "twice the same"), (file(count: 3), "3 elements"),
            (file(count: -1), "\(UInt64.max) elements"), (file(rest: [1]), "1 bytes behind"),
            (Build.pickle(Build.dictionary([])), "a pickle that is no checkpoint"),
            (Build.pickle(Build.call(Build.global("os", "system"), [])), "refused os.system"),
        ]
        for (bytes, expected) in table {
            let message = try #require(Build.refusal(of: bytes), "\(expected)")
            #expect(message.contains(expected), "\(message)")
        }
        var limits = TensorFileLimits()
        limits.pickleBytes = 50
        #expect(
            try #require(Build.refusal(of: file(), limits: limits)).contains(
                "pickles of 50 bytes or more"))
    }

    @Test("what people open by mistake is named")
    func mistakes() throws {
        let table: [([UInt8], String)] = [
            ([], "no bytes"), (Array("<!DOCTYPE html>".utf8), "a web page"),
            ([0x89, 0x48, 0x44, 0x46, 0x0d], "an HDF5 file"), ([0x1f, 0x8b, 8], "a gzip file"),
            (Array("version https://git-lfs.github.com/spec/v1".utf8), "a pointer of git-lfs"),
            ([UInt8](repeating: 0, count: 257) + Array("ustar".utf8), "a tar archive"),
            (Array("hello".utf8), "5 bytes of another kind"),
        ]
        for (bytes, expected) in table {
            let message = try #require(Build.refusal(of: bytes))
            #expect(message.contains("found \(expected), expected a .pth or .safetensors"))
        }
        #expect(throws: TensorFileError.self) { try TensorFile.open("/nowhere/at all.pth") }
        #expect(throws: TensorFileError.self) { try TensorFile.open("/") }
    }
}

import Foundation
import SafeFiles
import Testing

@Suite("Paths and folders")
struct FilePathTests {
    @Test("paths are taken apart at the last slash")
    func parts() {
        for (path, folder, name) in [
            ("a/b", "a", "b"), ("b", ".", "b"), ("/b", "/", "b"), ("/", "/", ""),
            ("a/b/", "a/b", ""),
            ("", ".", ""), ("/a/b/c.h5", "/a/b", "c.h5"),
        ] {
            #expect(FilePath.folder(of: path) == folder, "\(path)")
            #expect(FilePath.name(of: path) == name, "\(path)")
        }
    }

    @Test("a path is inside a folder when links are followed and even before it exists")
    func inside() throws {
        let folder = try SafeFilesFolder()
        let root = folder.path
        try Folders.make(root + "/store/cases")
        try Folders.make(root + "/store-2")
        try folder.link("alias", to: root + "/store")
        for (path, isInside) in [
            ("store", true), ("store/cases", true), ("store/new/deep.png", true),
            ("alias/x.png", true), ("store-2/x.png", false), ("x.png", false), ("", false),
        ] {
            #expect(
                FilePath.isInside("\(root)/\(path)", of: root + "/store") == isInside, "\(path)")
        }
        #expect(!FilePath.isInside(root, of: root + "/nowhere"))
        #expect(FilePath.isInside("/no/such/path", of: "/"))
    }

    @Test("paths that are not plain and relative are refused with the reason")
    func refusals() throws {
        let folder = try SafeFilesFolder()
        for (path, reason) in [
            ("", "is empty"), ("/etc/passwd", "is absolute"), ("../a", "`..`"), ("a/../b", "`..`"),
            ("a/..", "`..`"), ("..", "`..`"), ("a//b", "empty component"),
            ("a/", "empty component"),
            ("a\\b", "back-slash"), ("a\0b", "control character"), ("a\nb", "control character"),
            ("a\u{7F}", "control character"),
        ] {
            let found = FilePath.reasonToRefuse(relative: path)
            #expect(
                found?.contains(reason) == true, "\(path.debugDescription): \(found ?? "accepted")")
            let error = #expect(throws: FileError.self) { _ = try FilePath.join(folder.path, path) }
            #expect(error?.kind == .unsafePath)
        }
        for path in ["a", "a/b", "..a", "a..", ".hidden", "a/.b", "ä/β.nii.gz", "a b"] {
            #expect(FilePath.reasonToRefuse(relative: path) == nil)
            #expect(try FilePath.join(folder.path, path) == folder.path + "/" + path)
            #expect(try FilePath.join(folder.path + "/", path) == folder.path + "/" + path)
        }
    }

    @Test("links inside the root are followed, links out of it are refused")
    func links() throws {
        let folder = try SafeFilesFolder()
        let root = folder.path + "/root"
        try Folders.make(root + "/sub")
        try Folders.make(folder.path + "/root2")
        try AtomicFile.write([1], to: folder.path + "/secret")
        try AtomicFile.write([2], to: root + "/sub/file")
        try folder.link("root/good", to: "sub/file")
        try folder.link("root/bad", to: "../secret")
        try folder.link("root/worse", to: "/etc")
        try folder.link("root/neighbour", to: "../root2")
        try folder.link("alias", to: "root")
        #expect(try FilePath.join(root, "good") == root + "/good")
        #expect(
            try FilePath.join(folder.path + "/alias", "sub/file") == folder.path + "/alias/sub/file"
        )
        for path in ["bad", "worse", "worse/passwd", "neighbour"] {
            let error = #expect(throws: FileError.self) { _ = try FilePath.join(root, path) }
            #expect(error?.kind == .unsafePath)
            #expect(error?.message.contains("leads out of") == true)
        }
        #expect(FilePath.resolved(root + "/good") == root + "/sub/file")
        #expect(FilePath.resolved(root + "/none") == nil)
    }

    @Test("case ids are 1 to 128 plain characters")
    func caseIDs() {
        for id in ["0001", "a", "A-b_c.d", "0", "_", String(repeating: "x", count: 128)] {
            #expect(FilePath.isCaseID(id), "\(id)")
        }
        for id in [
            "", ".", "..", ".a", "-a", "a/b", "a b", "ä", "a\0", "a\n", "../x",
            String(repeating: "x", count: 129), "x\u{301}",
        ] { #expect(!FilePath.isCaseID(id), "\(id.debugDescription)") }
    }

    @Test(
        "folders are made with those above them, listed in the order of their bytes, and told from files"
    )
    func folders() throws {
        let folder = try SafeFilesFolder()
        try Folders.make(folder.path + "/a/b/c")
        try Folders.make(folder.path + "/a/b/c")
        #expect(Folders.isFolder(folder.path + "/a/b/c"))
        for name in ["ä", "Z", "a1", ".x"] {
            try AtomicFile.write([1, 2], to: "\(folder.path)/a/\(name)")
        }
        #expect(try Folders.names(in: folder.path + "/a") == [".x", "Z", "a1", "b", "ä"])
        #expect(Folders.size(of: folder.path + "/a/Z") == 2)
        #expect(Folders.size(of: folder.path + "/a") == nil)
        #expect(!Folders.isFile(folder.path + "/none"))
        try Folders.removeFile(folder.path + "/a/Z")
        try Folders.removeFile(folder.path + "/a/Z")
        #expect((Folders.freeBytes(at: folder.path) ?? 0) > 0)
        let inFile = #expect(throws: FileError.self) { try Folders.make(folder.path + "/a/a1/x") }
        #expect(inFile?.kind == .cannotCreate)
        let absent = #expect(throws: FileError.self) {
            try Folders.names(in: folder.path + "/none")
        }
        #expect(absent?.kind == .missing)
        let refused = #expect(throws: FileError.self) { try Folders.removeFile(folder.path + "/a") }
        #expect(refused?.kind == .cannotCreate)
    }

    @Test("every number of the C library has a kind, and says what to do next")
    func systemErrors() {
        for (number, operation, kind) in [
            (ENOENT, "open for reading", FileError.Kind.missing), (ENOENT, "create", .cannotCreate),
            (EACCES, "read the folder", .missing), (EACCES, "create", .cannotCreate),
            (ENOSPC, "write", .transient), (EDQUOT, "write", .transient), (EIO, "read", .transient),
            (ESTALE, "read", .transient), (EROFS, "create", .cannotCreate),
            (ENAMETOOLONG, "open for reading", .missing),
            (EMFILE, "open for reading", .inputOutput),
        ] {
            let error = FileError.system(number, operation, path: "p")
            #expect(error.kind == kind, "\(error)")
            #expect(error.description.hasPrefix("p: \(operation): "))
            #expect(error.description.contains("; "))
            #expect(!error.description.contains("\n"))
        }
    }
}

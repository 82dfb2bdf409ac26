import Foundation
import Testing

@Suite("Notebooks")
struct NotebookTests {
    private func notebooks() throws -> [String] {
        let folder = Tools.root.appendingPathComponent("Notebooks").path
        return try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".ipynb") }.sorted().map { "Notebooks/\($0)" }
    }

    @Test("every notebook runs, and its assertions hold", .enabled(if: Tools.python != nil))
    func run() throws {
        let python = try #require(Tools.python)
        let paths = try notebooks()
        #expect(!paths.isEmpty)
        let outcome = try Tools.run(
            python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbmake"] + paths)
        #expect(outcome.code == 0, "\(outcome.output)")
        #expect(outcome.output.contains("\(paths.count) passed"), "\(outcome.output)")
    }

    @Test("every notebook stands in the table of the README beside it, and no other does")
    func table() throws {
        let path = Tools.root.appendingPathComponent("Notebooks/README.md")
        let rows = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("| `") }
            .map { "Notebooks/\($0.split(separator: "`")[1])" }
        #expect(rows == (try notebooks()))
    }

    @Test("notebooks are committed without outputs and counters")
    func clean() throws {
        for path in try notebooks() {
            let bytes = try Data(contentsOf: Tools.root.appendingPathComponent(path))
            let notebook = try #require(
                JSONSerialization.jsonObject(with: bytes) as? [String: Any], "\(path)")
            let cells = try #require(notebook["cells"] as? [[String: Any]], "\(path)")
            let code = cells.filter { $0["cell_type"] as? String == "code" }
            #expect(!code.isEmpty, "\(path)")
            for cell in code {
                #expect((cell["outputs"] as? [Any])?.isEmpty == true, "\(path)")
                #expect(cell["execution_count"] is NSNull, "\(path)")
            }
        }
    }
}

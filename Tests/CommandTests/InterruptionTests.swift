import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Runs that are ended by force, and runs beside each other.
@Suite("The command: interrupted runs", .serialized)
struct InterruptionTests {
    private static let size = (96, 96, 24)
    private static let start = ["prepare", "--card", "card.json", "--from", "in", "--to"]

    /// A small generator whose seed is printed with a failure.
    private struct Delays {
        var state: UInt64
        mutating func next(below bound: Double) -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 40) / Double(1 << 24) * bound
        }
    }

    @Test("twenty kills at random moments and a resumed run give the store of an undisturbed run")
    func kills() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(4, size: Self.size, to: folder)
        let clock = ContinuousClock()
        let began = clock.now
        #expect(try Command.run(Self.start + ["calm"], in: folder.path).code == 0)
        let parts = (clock.now - began).components
        let duration = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
        let calm = try folder.contents("calm")
        #expect(calm.count == 10)
        let seed: UInt64 = 20_250_601
        var delays = Delays(state: seed)
        var killed = 0
        var store = 0
        for _ in 0..<20 {
            let process = try Command.start(Self.start + ["hunted\(store)"], in: folder.path)
            usleep(UInt32(delays.next(below: duration) * 1e6))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .uncaughtSignal { killed += 1 }
            // whatever has its final name is whole
            for (name, bytes) in try folder.contents("hunted\(store)") where !name.contains(".tmp.")
            {
                #expect(calm[name] == bytes, "\(name), seed \(seed)")
            }
            // a finished store cannot be interrupted any more: go on with a fresh one
            if folder.exists("hunted\(store)/manifest.json") { store += 1 }
        }
        #expect(killed >= 5, "only \(killed) of 20 runs were caught, seed \(seed)")
        for number in 0...store {
            #expect(
                try Command.run(Self.start + ["hunted\(number)"], in: folder.path).code == 0)
            try folder.succeed("gc", "hunted\(number)")
            #expect(try folder.contents("hunted\(number)") == calm, "seed \(seed)")
        }
    }

    @Test(
        "SIGTERM ends with 75 and SIGINT with 130, and neither leaves a temporary file",
        arguments: [[SIGTERM, 75], [SIGINT, 130]] as [[Int32]])
    func signals(pair: [Int32]) throws {
        let (number, code) = (pair[0], pair[1])
        let folder = try EmptyFolder()
        try TinyNIfTI.write(6, size: Self.size, to: folder)
        var caught = 0
        for attempt in 0..<12 where caught < 4 {
            let process = try Command.start(Self.start + ["out\(attempt)"], in: folder.path)
            // wait until work has begun, then a little longer each time
            while process.isRunning, !folder.exists("out\(attempt)/plan.json") { usleep(500) }
            usleep(UInt32(attempt) * 4_000)
            kill(process.processIdentifier, number)
            process.waitUntilExit()
            guard !folder.exists("out\(attempt)/manifest.json") else { continue }
            #expect(process.terminationReason == .exit)
            #expect(process.terminationStatus == code)
            #expect(!folder.names("out\(attempt)").contains { $0.contains(".tmp.") })
            caught += 1
        }
        #expect(caught > 0, "every run was faster than the signal")
        // and the work goes on where it stopped
        #expect(try Command.run(Self.start + ["out0"], in: folder.path).code == 0)
        #expect(try folder.run("verify", "out0").code == 0)
    }

    @Test("two processes that prepare into the same store at once give the store of one")
    func together() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(4, size: Self.size, to: folder)
        #expect(try Command.run(Self.start + ["alone"], in: folder.path).code == 0)
        let both = try (0..<2).map { _ in try Command.start(Self.start + ["both"], in: folder.path)
        }
        for process in both {
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        #expect(try folder.contents("both") == folder.contents("alone"))
    }

    @Test("a limit on file sizes is an ordinary error and leaves no part of a file")
    func fileSizeLimit() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(1, size: Self.size, to: folder)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        // blocks of 512 bytes: enough for the plan, too little for the case file
        shell.arguments =
            [
                "-c", "ulimit -f 60; exec \"$0\" \"$@\" 2>err", Command.path,
            ] + Self.start + ["out"]
        shell.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationReason == .exit)
        #expect(shell.terminationStatus == 74)
        let errors = String(decoding: try folder.data("err"), as: UTF8.self)
        #expect(errors.contains("cases/01.h5: write: File too large; raise the limit"), "\(errors)")
        #expect(folder.names("out") == ["cases", "plan.json", "units"])
    }
}

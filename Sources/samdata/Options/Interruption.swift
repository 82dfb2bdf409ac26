import Dispatch
import SafeFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What happens on SIGTERM and SIGINT: own temporary files are removed, nothing new is finished, and the exit code tells a
/// scheduler to run the command again (75) or that a person stopped it (130).
enum Interruption {
    nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

    /// Watches for the signals; called once, before any work starts.
    static func install() {
        // A limit on file sizes is then an ordinary error of the write, which removes its temporary file.
        signal(SIGXFSZ, SIG_IGN)
        let queue = DispatchQueue(label: "samdata.signals")
        for (number, code, text) in [
            (SIGTERM, Int32(75), "terminated"), (SIGINT, Int32(130), "interrupted"),
        ] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                Terminal.write(
                    "\n\(text): finished cases are kept; run the same command again to go on\n")
                TemporaryFiles.removeAll { _exit(code) }
            }
            source.resume()
            sources.append(source)
        }
    }
}

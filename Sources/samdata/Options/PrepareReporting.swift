import ArgumentParser
import SamdataWorkflow
import SampleStore

/// Carries out a run that makes the units of a store, and tells of it.
struct PrepareReporting {
    let layout: StoreLayout
    let output: OutputOptions
    /// The command, for the name of the JSON document.
    let command: String

    /// Works and reports; throws the exit code when units failed.
    func carryOut(_ run: PrepareRun) throws {
        let progress = Progress(noun: "case", isQuiet: output.quiet)
        var worked = 0
        let outcome = try run.run { event in
            switch event {
            case .started(let units, let finished):
                if !output.quiet, finished > 0 {
                    Terminal.say("\(finished) of \(units) cases are already finished")
                }
            case .skipped: break
            case .prepared(let record, let done, let total):
                worked += 1
                progress.step(
                    "\(record.id)  \(record.slices) \(noun(run, record.slices)), \(record.records) records, "
                        + Terminal.bytes(record.bytes), done: done, of: total, worked: worked)
                if !output.quiet, !record.warnings.isEmpty {
                    progress.interrupt()
                    for warning in record.warnings { Terminal.warn("\(record.id): \(warning)") }
                }
            case .failed(_, let message, _, _):
                progress.interrupt()
                Terminal.error(message)
            }
        }
        try report(outcome, noun: noun(run, 2), seconds: progress.seconds)
        if !outcome.failures.isEmpty { throw ExitCode(FailureKind.data.rawValue) }
        if run.shard != nil, !output.quiet {
            Terminal.say("when all shards are done: samdata merge \(layout.root)")
        }
    }

    private struct RunReport: Encodable {
        var schema: String
        var store: String
        var prepared: Int
        var skipped: Int
        var failures: [String: String]
        var wroteManifest: Bool
        var copies: Int?
        var slices: Int?
        var records: Int?
        var bytes: Int?
    }

    private func noun(_ run: PrepareRun, _ count: Int) -> String {
        let isPicture = run.plan.configuration.patches != nil
        return count == 1 ? (isPicture ? "patch" : "slice") : isPicture ? "patches" : "slices"
    }

    private func report(
        _ outcome: PrepareRun.Outcome, noun: String, seconds: Double
    ) throws {
        let cases = outcome.manifest?.cases
        if output.json {
            try Terminal.json(
                RunReport(
                    schema: "samdata.\(command)/1", store: layout.root, prepared: outcome.prepared,
                    skipped: outcome.skipped, failures: outcome.failures,
                    wroteManifest: outcome.wroteManifest,
                    copies: cases?.count { $0.copyOf != nil },
                    slices: cases?.reduce(0) { $0 + $1.slices },
                    records: cases?.reduce(0) { $0 + $1.records },
                    bytes: cases?.reduce(0) { $0 + $1.bytes }))
        } else if let cases {
            let copies = cases.count { $0.copyOf != nil }
            Terminal.result(
                "\(layout.root): \(outcome.manifest?.caseIDs.count ?? 0) cases\(copies == 0 ? "" : " (\(copies) augmented \(copies == 1 ? "copy" : "copies"))"), "
                    + "\(cases.reduce(0) { $0 + $1.slices }) \(noun), "
                    + "\(cases.reduce(0) { $0 + $1.records }) records, "
                    + "\(Terminal.bytes(cases.reduce(0) { $0 + $1.bytes })) "
                    + "(\(outcome.prepared) prepared now in \(Terminal.decimals(seconds, 1)) s, "
                    + "\(outcome.skipped) found finished)")
        } else {
            Terminal.result(
                "\(layout.root): \(outcome.prepared) prepared, \(outcome.skipped) found finished, "
                    + "\(outcome.failures.count) failed; no manifest yet")
        }
    }
}

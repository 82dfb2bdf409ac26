/// The page around the sections: head, style, and nothing that is fetched or run.
enum PageFrame {
    /// A whole document.
    ///
    /// - Parameters:
    ///   - title: The title, not escaped.
    ///   - body: Markup.
    /// - Returns: The document in UTF-8.
    static func page(title: String, body: String) -> [UInt8] {
        Array(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="generator" content="samdata">
            <title>\(Markup.escaped(title))</title>
            <style>
            \(style)
            </style>
            </head>
            <body>
            <main>
            \(body)</main>
            </body>
            </html>

            """.utf8)
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1c2128; --soft: #5a6572; --line: #d9dee5; --ground: #ffffff;
          --panel: #f6f8fa; --reference: #0072b2; --prediction: #d55e00; --good: #2a7f62; --warn: #8a5a00;
          --bad: #b3261e; --box: #c9d6e6; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #a3adba; --line: #363d47;
          --ground: #14171b; --panel: #1d2127; --reference: #56b4e9; --prediction: #f0884a; --good: #6cc3a0;
          --warn: #e0b357; --bad: #f2867c; --box: #3a4a5e; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5;
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
        main { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .4rem; font-weight: 650; }
        h2 { font-size: 1.2rem; margin: 0 0 .9rem; font-weight: 650; }
        h3 { font-size: 1rem; margin: 1.4rem 0 .5rem; font-weight: 600; }
        section { margin-top: 2.75rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
        p { margin: .4rem 0; max-width: 60rem; }
        .lead, .note, figcaption, caption { color: var(--soft); }
        .note, figcaption { font-size: .875rem; }
        .figures { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.75rem 0 0; padding: 0; }
        .figures div { min-width: 9rem; }
        .figures dt { color: var(--soft); font-size: .875rem; }
        .figures dd { margin: 0; }
        .figures .value { font-size: 2rem; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; }
        .figures .detail { color: var(--soft); font-size: .8125rem; font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; margin: .5rem 0 1rem; }
        table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; min-width: 50%; }
        caption { text-align: left; padding: 0 0 .5rem; font-size: .875rem; }
        th, td { padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line);
          font-weight: 400; }
        td, tbody th { white-space: nowrap; }
        thead th { color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); }
        .number { text-align: right; padding-left: .8rem; }
        td small { display: block; color: var(--soft); font-size: .72rem; font-weight: 400; white-space: normal;
          max-width: 8.5rem; margin-left: auto; line-height: 1.3; }
        .emphasis > * { font-weight: 650; }
        ul.findings { list-style: none; margin: 0; padding: 0; }
        ul.findings li { padding: .4rem 0 .4rem .9rem; margin: .35rem 0; border-left: 3px solid var(--line); max-width: 62rem; }
        ul.findings .warning { border-color: var(--warn); }
        ul.findings .error { border-color: var(--bad); }
        ul.findings b { font-weight: 650; }
        .warning b { color: var(--warn); } .error b { color: var(--bad); }
        figure { margin: 1rem 0 1.5rem; }
        svg { max-width: 100%; height: auto; display: block; font: 12px system-ui, "DejaVu Sans", sans-serif; }
        svg text { fill: var(--ink); } svg .soft { fill: var(--soft); }
        svg .axis { stroke: var(--line); stroke-width: 1; fill: none; }
        svg .box { fill: var(--box); stroke: none; } svg .median { stroke: var(--ink); stroke-width: 2; }
        svg .dot { fill: var(--reference); fill-opacity: .65; }
        svg .miss { fill: var(--bad); } svg .ghost { fill: var(--prediction); } svg .error { fill: var(--soft); }
        svg .na { fill: none; stroke: var(--soft); }
        svg .curve { fill: none; stroke: var(--reference); stroke-width: 2; }
        svg .second { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
        svg .bar { fill: var(--reference); } svg .interval { stroke: var(--reference); stroke-width: 2; }
        .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1.5rem; }
        .overlay { position: relative; background: #181a20; border-radius: 4px; overflow: hidden; }
        .overlay svg { width: 100%; height: auto; max-height: 24rem; }
        .overlay image { image-rendering: pixelated; }
        .overlay .reference { stroke: #56b4e9; } .overlay .prediction { stroke: #ff8c42; }
        .overlay path { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linecap: square; }
        .overlay .prediction { stroke-dasharray: 5 4; }
        .key { display: inline-block; width: 1.6rem; height: 0; border-top: 3px solid; vertical-align: middle; margin: 0 .35rem 0 0; }
        .key.reference { border-color: #56b4e9; } .key.prediction { border-color: #ff8c42; border-top-style: dashed; margin-left: 1rem; }
        .matrix td { text-align: right; padding: .35rem .6rem; border: 1px solid var(--line); }
        details { margin: .75rem 0; } summary { cursor: pointer; font-weight: 600; }
        code { font: .8125rem/1.5 ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace; background: var(--panel);
          padding: .1rem .3rem; border-radius: 3px; overflow-wrap: anywhere; }
        .hash { white-space: normal; overflow-wrap: anywhere; }
        @media print { main { max-width: none; padding: 0; } section { break-inside: avoid; } details > * { display: block; }
          .scroll { overflow: visible; } body { font-size: 11px; } }
        """
}

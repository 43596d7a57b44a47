extension HTMLReport {
    /// The page's own styles: light or dark as the reader has it, one column on a phone, and on paper
    /// everything open and black on white. The page itself never scrolls sideways; tables and figures do, in their boxes.
    static let style = """
        :root {
          color-scheme: light dark;
          --text: #1c1e21; --quiet: #5c636b; --page: #ffffff; --box: #f3f5f7; --line: #d5dade;
          --good: #116329; --bad: #a40e26; --link: #0550ae;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --text: #e3e6ea; --quiet: #a3abb4; --page: #14171a; --box: #1f2428; --line: #3b4249;
            --good: #5fd07f; --bad: #ff8a94; --link: #7ab7ff;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 72rem; padding: 1rem; color: var(--text);
          background: var(--page); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
        }
        h1, h2, h3 { line-height: 1.25; }
        h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
        p, ul { max-width: 46rem; }
        a { color: var(--link); }
        code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
        .verdict {
          border-left: .3rem solid var(--good); background: var(--box); padding: .25rem 1rem;
          margin: 1rem 0;
        }
        .verdict.bad { border-color: var(--bad); }
        .good { color: var(--good); }
        .bad { color: var(--bad); }
        .scroll { overflow-x: auto; margin: 1rem 0; max-width: 100%; }
        table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td {
          padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left;
          vertical-align: top; white-space: nowrap;
        }
        th { background: var(--box); }
        td.number { text-align: right; }
        td.long { white-space: normal; min-width: 18rem; overflow-wrap: normal; }
        figure { margin: 1.5rem 0; }
        figure svg {
          display: block; width: 100%; min-width: 38rem; max-width: 60rem; height: auto;
          background: #ffffff; border: 1px solid var(--line);
        }
        figcaption { color: var(--quiet); font-size: .9rem; }
        pre { overflow-x: auto; background: var(--box); padding: 1rem; overflow-wrap: normal; }
        details { margin: .5rem 0; }
        summary { cursor: pointer; font-weight: 600; padding: .25rem 0; }
        @media print {
          :root {
            --text: #000000; --quiet: #333333; --page: #ffffff; --box: #f3f3f3; --line: #999999;
            --good: #004d1a; --bad: #800000; --link: #000000;
          }
          body { max-width: none; padding: 0; font-size: 9pt; }
          nav { display: none; }
          .scroll { overflow: visible; }
          table { font-size: 6.5pt; }
          th, td { white-space: normal; padding: .1rem .3rem; }
          td.long, figure svg { min-width: 0; }
          h2, h3, thead { break-after: avoid; }
          figure, tr { break-inside: avoid; }
          pre { white-space: pre-wrap; }
          ::details-content { content-visibility: visible; display: block; }
        }

        """
}

/** One style for all pages: light, without scripts, for screens of 400 px and wider, and for paper (A4, Letter). */
export const STYLE = `
:root { color-scheme: light; --ink: #1f2933; --muted: #52606d; --line: #cbd2d9; --soft: #f3f5f7; --accent: #0b5a8f; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink); font: 16px/1.5 Arimo, "Liberation Sans", Arial, Helvetica, sans-serif; }
header, main, footer { max-width: 80rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.25rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
p, ul, ol { max-width: 46rem; margin: .5rem 0; }
a { color: var(--accent); }
.protocol { font-size: 1.05rem; margin: 0 0 .75rem; overflow-wrap: anywhere; }
.research { color: var(--muted); margin: 0; }
.notice { border-left: 4px solid #b54708; background: #fff6ed; padding: .6rem .9rem; max-width: 46rem; margin: 1rem 0; }
.notice p { margin: 0; }
.summary { font-size: 1.1rem; }
.figures { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 32rem), 1fr)); align-items: start; }
figure { margin: 0; min-width: 0; }
figure svg { display: block; width: 100%; max-width: 44rem; height: auto; }
figcaption { color: var(--muted); font-size: .875rem; line-height: 1.45; max-width: 44rem; padding: .35rem .9rem 0; }
.scroll { overflow-x: auto; max-width: 100%; margin-bottom: 1.25rem; }
table { border-collapse: collapse; min-width: min(100%, 24rem); font-size: .9375rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding: .25rem 0 .5rem; max-width: 46rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem 1.25rem .3rem 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
th[scope=row] { font-weight: 400; min-width: 7.5rem; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
.facts { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: .3rem 1.25rem; margin: .5rem 0; max-width: 60rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.images { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); padding: 0; margin: .75rem 0; max-width: none; list-style: none; }
.images img { display: block; width: 100%; height: 7rem; object-fit: contain; background: #000; }
.images img.parasitized { border: 3px solid #d55e00; }
.images img.indeterminate { border: 3px dashed #767676; }
.images img.uninfected { border: 3px solid #0072b2; }
.images li { font-size: .8125rem; line-height: 1.35; overflow-wrap: anywhere; }
code, pre { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .875em; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: var(--soft); padding: .6rem .9rem; margin: .5rem 0; }
footer { color: var(--muted); font-size: .875rem; padding-top: 2rem; padding-bottom: 2rem; }
@media (max-width: 40rem) {
  table { font-size: .8125rem; }
  th, td { padding-right: .7rem; }
  th[scope=row] { min-width: 5rem; }
}
@page { margin: 14mm; }
@media print {
  :root { font-size: 9pt; }
  body { font-size: 9pt; }
  header, main, footer { padding-left: 0; padding-right: 0; max-width: none; }
  h2 { margin-top: 1.25rem; }
  footer { padding: 1rem 0 0; }
  h2, h3 { break-after: avoid; }
  figure, tr, .notice, .images li { break-inside: avoid; }
  thead { display: table-header-group; }
  .figures { grid-template-columns: 1fr 1fr; gap: 4mm 6mm; }
  .scroll { overflow: visible; }
  figure svg { max-height: 225mm; }
  .images { grid-template-columns: repeat(6, 1fr); }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

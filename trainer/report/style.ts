/** The page's only style sheet: light, dark, narrow and printed. */
export const STYLE = `
:root {
  --paper: #fdfdfb; --ink: #1d2125; --soft: #5b6470; --rule: #d5d9dd; --band: #f1f3f4; --link: #0b5cad; --shadow: #0003;
  --met: #14743b; --missed: #b3261e;
  --c0: #c2410c; --c1: #0f6cbd; --c2: #157f3c; --c3: #9333a8; --c4: #a16207; --c5: #0e7490; --c6: #be185d;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --ink: #e4e7ea; --soft: #a2abb5; --rule: #363d44; --band: #1d2226; --link: #7cb7f2; --shadow: #000c;
    --met: #5cc98a; --missed: #ff8f85;
    --c0: #ff9a62; --c1: #6cb6ff; --c2: #66cf88; --c3: #d99bea; --c4: #e3bb52; --c5: #5fcfe3; --c6: #ff8fbd;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 5rem; max-width: 86rem;
  background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
}
p, header ul, section > ul { max-width: 46rem; }
h1 { font-size: clamp(1.6rem, 4vw, 2.2rem); line-height: 1.2; margin: 0 0 1rem; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 3.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
a { color: var(--link); text-underline-offset: .15em; }
code { font: .875em/1.5 ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1.5rem 0 0; padding: 0; list-style: none; font-size: .9375rem; }
figure { margin: 1.5rem 0; }
figcaption { margin-bottom: .5rem; max-width: 46rem; }
figure.table > figcaption { font-weight: 600; }
.scroll {
  overflow-x: auto; overscroll-behavior-x: contain;
  /* A shadow at the edge behind which there is more. */
  background:
    linear-gradient(to left, var(--paper) 40%, transparent) right / 3rem 100%,
    linear-gradient(to left, var(--shadow), transparent) right / 1rem 100%;
  background-repeat: no-repeat; background-attachment: local, scroll;
}
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .8125rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .5rem; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--rule); }
thead th { font-weight: 600; color: var(--soft); vertical-align: bottom; }
thead tr:last-child th { border-bottom: 1.5px solid var(--soft); }
thead td { border: 0; }
th.group { text-align: center; border-left: 1px solid var(--rule); }
th.starts, td.starts { border-left: 1px solid var(--rule); }
th.right, td.right { text-align: right; }
tbody th { font-weight: 500; }
th:first-child { position: sticky; left: 0; background: var(--paper); z-index: 1; }
tbody tr:hover > * { background: var(--band); }
td.met { color: var(--met); }
td.missed { color: var(--missed); font-weight: 600; }
.quiet { color: var(--soft); }
tbody tr .shaded { background: color-mix(in srgb, var(--shade) var(--depth), var(--paper)); }
.row { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, var(--least, 27rem)), 1fr)); gap: 0 1.5rem; align-items: start; }
.row > figure { min-width: 0; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
svg.plot { display: block; width: 100%; font-size: 12.5px; fill: var(--soft); }
svg.plot.large { min-width: 38rem; max-width: 60rem; }
svg.plot.small { min-width: 17rem; max-width: 30rem; }
.row:has(> .drawing.small) { --least: 18rem; }
svg .label { fill: var(--ink); }
svg .grid { stroke: var(--rule); stroke-width: 1; fill: none; }
svg .axis { stroke: var(--soft); stroke-width: 1; fill: none; }
svg .line { stroke: var(--colour); stroke-width: 1.5; fill: none; opacity: .55; }
svg .line.hollow { stroke-dasharray: 4 4; opacity: .4; }
svg .mark { stroke: var(--colour); stroke-width: 1.6; }
svg .mark.filled { fill: var(--colour); }
svg .mark.hollow { fill: var(--paper); }
.c0 { --colour: var(--c0); } .c1 { --colour: var(--c1); } .c2 { --colour: var(--c2); } .c3 { --colour: var(--c3); }
.c4 { --colour: var(--c4); } .c5 { --colour: var(--c5); } .c6 { --colour: var(--c6); } .neutral { --colour: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: .5rem 0; padding: 0; list-style: none; font-size: .875rem; }
.legend li { display: flex; align-items: center; gap: .35rem; }
svg.sample { width: 16px; height: 16px; flex: none; }
.commands { padding-left: 2.5rem; max-width: none; }
.commands li { margin: .4rem 0; scroll-margin-top: 1rem; }
.commands li:target { background: var(--band); outline: 2px solid var(--link); outline-offset: 4px; }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  .scroll { overflow: visible; }
  table { font-size: 6.5pt; }
  th, td { padding: .12rem .3rem; }
  th:first-child { position: static; }
  .scroll { background: none; }
  thead { display: table-header-group; }
  tr, figure.drawing, .row > figure { break-inside: avoid; }
  h2, figcaption { break-after: avoid; }
  svg.plot.large { min-width: 0; max-width: 210mm; }
  svg.plot.small { min-width: 0; }
  figure.drawing details { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .shaded { print-color-adjust: exact; }
  a { color: inherit; text-decoration: none; }
}
`;

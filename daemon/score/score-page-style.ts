/** How the score page looks. */
export const PAGE_STYLE = `
body { font: 15px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 1.5rem auto; padding: 0 1rem; max-width: 78rem; }
h1 { font-size: 1.25rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; font-size: .85rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .12rem .55rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
thead th { border-bottom: 1px solid #888; }
tbody tr:nth-child(even) { background: #f6f6f6; }
.matrix { display: inline-table; margin-right: 3rem; }
.matrix tbody tr { background: none; }
.matrix td { min-width: 3.4rem; }
.none { color: #aaa; }
details { border-top: 1px solid #ddd; padding: .35rem 0; }
summary { cursor: pointer; font-weight: 600; }
.strips { display: flex; flex-wrap: wrap; gap: .8rem; margin: .6rem 0; }
.strips svg { max-width: 100%; height: auto; }
.clean { color: #2a7a3a; margin: .3rem 0; }
.patterns { position: absolute; }
@media print { details { break-inside: avoid; } }
`;

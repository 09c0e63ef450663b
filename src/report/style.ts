/** The report's style sheet: readable in light and dark, on paper, and on a telephone. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--ok:#1a7f37;--bad:#b42318;--bar:#3b6fb6}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--line:#3d444d;--paper:#0d1117;--ok:#3fb950;--bad:#f47067;--bar:#6ea8fe}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:70rem;padding:1.5rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
header{border-left:.4rem solid var(--ok);padding-left:1rem}
header.failed,.failure{border-color:var(--bad)}
.status{margin:0;font-weight:700;color:var(--ok)}.failed .status{color:var(--bad)}
h1{margin:0;font-size:1.6rem;overflow-wrap:anywhere}h1 span{display:inline-block}h2{margin:2rem 0 .5rem;font-size:1.15rem}
header p,.time,.figures span,dt{color:var(--soft)}
.failure{border-left:.4rem solid var(--bad);padding-left:1rem}
.figures{display:flex;flex-wrap:wrap;gap:1rem 2.5rem;margin-top:1.5rem}.figures b{display:block;font-size:1.5rem}
table{border-collapse:collapse;width:100%}th,td{padding:.3rem 1rem .3rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{white-space:nowrap}th:last-child,td:last-child{padding-right:0}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.name{white-space:nowrap}.text{min-width:12rem;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dd{margin:0;overflow-wrap:anywhere}
.timeline{list-style:none;margin:0;padding:0;font-size:.875rem}
.timeline li{display:grid;grid-template-columns:16rem 1fr 6rem;gap:.7rem;align-items:center}
.timeline .name{white-space:normal;overflow-wrap:anywhere}.time{text-align:right;font-variant-numeric:tabular-nums}
.track{position:relative;height:.8rem;background:color-mix(in srgb,var(--line) 40%,transparent)}
.bar{position:absolute;inset-block:0;min-width:2px;background:var(--bar)}.timeline .failed .bar{background:var(--bad)}
@media(max-width:45rem){.timeline li{grid-template-columns:8rem 1fr 4rem}dl{grid-template-columns:1fr}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--ok:#1a7f37;--bad:#b42318;--bar:#3b6fb6}
body{max-width:none;padding:0;font-size:10pt}tr,.timeline li{break-inside:avoid}h2{break-after:avoid}.scroll{overflow:visible}.text{min-width:0}.name{white-space:normal;overflow-wrap:anywhere}.bar,.track{print-color-adjust:exact}}
`;

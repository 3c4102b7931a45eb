/** The page's own look: a sheet of paper, light or dark, that prints well. No request to anywhere. */
export const pageStyle = `
:root{color-scheme:light dark;--desk:#e9eae6;--sheet:#fdfdfb;--ink:#1b1d21;--quiet:#565c66;--rule:#cfd2cc;--field:#f3f4ef;
--pass:#175c37;--fail:#9a1f1f;--unknown:#7a4b00;--jury:#4b3a87;--na:#565c66}
@media (prefers-color-scheme:dark){:root{--desk:#101215;--sheet:#191c20;--ink:#e4e5e2;--quiet:#a6acb5;--rule:#41464e;--field:#212529;
--pass:#8fd3a8;--fail:#f4a19b;--unknown:#ecc070;--jury:#c2b2f4;--na:#a6acb5}}
*{box-sizing:border-box}
body{margin:0;background:var(--desk);color:var(--ink);font:94%/1.45 system-ui,-apple-system,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif}
main{max-width:62rem;margin:1.2rem auto;padding:1.6rem 1.75rem 2.4rem;background:var(--sheet);border:1px solid var(--rule)}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .3rem}h2{font-size:1.15rem;margin:1.8rem 0 .5rem}h3{font-size:1rem;margin:0}
p{margin:.35rem 0}.quiet{color:var(--quiet)}
article{border-top:1px solid var(--rule);padding:.7rem 0}
article header{display:grid;grid-template-columns:2.2rem 10.5rem 1fr;gap:.6rem;align-items:baseline}
article>.told{margin-left:2.8rem}
.number{color:var(--quiet);text-align:right;font-variant-numeric:tabular-nums}
.verdict{font-weight:600;white-space:nowrap}
.pass{color:var(--pass)}.fail{color:var(--fail)}.unknown{color:var(--unknown)}.jury{color:var(--jury)}.na{color:var(--na)}
.changed{font-weight:600;border:1px solid;border-radius:3px;padding:0 .35rem;margin-left:.4rem;font-size:.88em;white-space:nowrap}
.finding{border-left:3px solid;padding-left:.7rem;margin:.7rem 0}.finding>*{color:var(--ink)}.finding>h4{margin:0;font-size:1rem}
blockquote{margin:.35rem 0;padding-left:.7rem;border-left:1px solid var(--rule);color:var(--quiet)}
code{font:.92em/1.4 ui-monospace,"DejaVu Sans Mono",Consolas,monospace;background:var(--field);padding:.05rem .3rem;overflow-wrap:anywhere;white-space:pre-wrap}
p,h1,h2,h3,h4,li,td{overflow-wrap:anywhere}
summary{cursor:pointer;min-height:1.6rem;padding:.1rem 0}summary:focus-visible{outline:3px solid var(--jury);outline-offset:2px}
details{margin:.4rem 0}details details{margin-left:1rem}
figure{margin:.6rem 0 0}.curve{overflow-x:auto}svg{display:block;height:auto;max-width:100%}
svg text{fill:var(--ink);font:12px system-ui,"Segoe UI","DejaVu Sans",sans-serif}svg .quiet{fill:var(--quiet)}
svg .axis{stroke:var(--rule);stroke-width:1}
svg .line{fill:none;stroke-width:2}svg .mark{stroke-width:1.6}
svg .pass{stroke:var(--pass);fill:var(--pass)}svg .fail{stroke:var(--fail);fill:var(--fail)}svg .unknown{stroke:var(--unknown);fill:var(--unknown)}svg .jury{stroke:var(--jury);fill:var(--jury)}
svg .line{fill:none}svg .hollow{fill:var(--sheet)}svg text.pass,svg text.fail,svg text.unknown,svg text.jury{stroke:none}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.2rem .5rem;border-bottom:1px solid var(--rule);vertical-align:top}td.count,th.count{text-align:right}
.scroll{overflow-x:auto}
@media (max-width:40rem){main{margin:0;border:0;padding:1rem}article header{grid-template-columns:2rem 1fr}article header h3{grid-column:2}article>.told{margin-left:0}}
@page{margin:14mm}
@media print{:root{--desk:#fff;--sheet:#fff;--ink:#000;--quiet:#444;--rule:#999;--field:#fff;--pass:#0e4d2c;--fail:#8a1515;--unknown:#6b4200;--jury:#41307a;--na:#444}
html{font-size:10pt}main{border:0;margin:0;padding:0;max-width:none}.finding,tr,figure{break-inside:avoid}h2,h3,article header{break-after:avoid}.noprint{display:none}}
`

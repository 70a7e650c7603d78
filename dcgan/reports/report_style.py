"""How a report looks: readable on light and on dark screens, and on paper."""

STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --ink: #1c1f24; --faint: #5b626d; --rule: #d9dde3;
  --curve-1: #b3401a; --curve-2: #1d5fa8; --curve-3: #2f7d32; }
@media (prefers-color-scheme: dark) { :root { --ground: #15181d; --ink: #e6e8eb; --faint: #a4acb8; --rule: #3a414c;
  --curve-1: #ff9a73; --curve-2: #7db8ff; --curve-3: #7fd184; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2 { line-height: 1.2; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--rule);
  overflow-wrap: anywhere; }
th { font-weight: 500; color: var(--faint); }
.changed td { font-weight: 700; }
pre { overflow-x: auto; font-size: .8rem; }
figure { margin: 0 0 1rem; }
figcaption { color: var(--faint); font-size: .85rem; }
.sheets { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 1rem; }
img { max-width: 100%; image-rendering: pixelated; }
svg { width: 100%; height: auto; }
svg text { fill: var(--faint); font-size: 11px; }
.rule { stroke: var(--rule); }
polyline { fill: none; stroke-width: 1.5; }
polyline.curve-1, circle.curve-1 { stroke: var(--curve-1); }
polyline.curve-2, circle.curve-2 { stroke: var(--curve-2); }
polyline.curve-3, circle.curve-3 { stroke: var(--curve-3); }
.key { margin-left: 1rem; white-space: nowrap; }
.key i { display: inline-block; width: 1.2rem; height: 3px; vertical-align: middle; margin-right: .3rem; }
i.curve-1 { background: var(--curve-1); }
i.curve-2 { background: var(--curve-2); }
i.curve-3 { background: var(--curve-3); }
"""

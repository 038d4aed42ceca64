/** The style of the reference page. Its hash is in the page's Content-Security-Policy. */
export const referenceStyle = `
:root { color-scheme: light dark; --text: light-dark(#1c1d21, #e8e8ec); --soft: light-dark(#55575f, #a9abb5); --ground: light-dark(#ffffff, #16171b); --raised: light-dark(#f4f4f7, #202127); --line: light-dark(#d5d6dd, #383a43); --link: light-dark(#0b57a8, #8cbcff); --danger: light-dark(#a3190f, #ff9c92); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; display: grid; gap: 0 2.5rem; grid-template-columns: 14rem minmax(0, 1fr); color: var(--text); background: var(--ground); font: 1rem/1.55 system-ui, sans-serif; }
header { grid-column: 1 / -1; }
h1, h2 { line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--raised); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { padding: .25rem 0; }
code, pre { font: .9em/1.5 ui-monospace, monospace; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; padding: 1rem; overflow-x: auto; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .5rem .75rem .5rem 0; text-align: left; vertical-align: top; font-weight: normal; }
thead th, em { color: var(--soft); }
.effect { font-size: .8rem; border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .6rem; color: var(--soft); }
.effect.destroys { color: var(--danger); border-color: currentColor; }
@media (max-width: 48rem) { body { grid-template-columns: minmax(0, 1fr); padding: 1rem; } }
@media (min-width: 48.01rem) { nav { position: sticky; top: 1.5rem; align-self: start; max-height: calc(100vh - 3rem); overflow-y: auto; } }
`;

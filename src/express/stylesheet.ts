/** The style of the default pages. The pages' content security policy names its hash. */

export const stylesheet = `
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; place-items: center; min-height: 100vh; }
main { width: min(24rem, 100% - 2rem); padding: 2rem 0; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
form { display: grid; gap: 0.5rem; margin: 1rem 0; }
input, button {
  box-sizing: border-box; width: 100%; min-width: 0; font: inherit; padding: 0.7rem;
  border-radius: 0.4rem; border: 1px solid #767676;
}
#code { font-size: 1.5rem; letter-spacing: 0.3em; text-align: center; }
button { background: #1a56db; border-color: #1a56db; color: #fff; cursor: pointer; }
button.quiet { background: transparent; color: inherit; border-color: #767676; }
:focus-visible { outline: 3px solid #c2570c; outline-offset: 2px; }
[role='alert'] { border-left: 4px solid #c81e1e; margin: 0 0 1rem; padding: 0.5rem 0.75rem; }
.app, .wait { color: #6b6b6b; margin: 0; }
@media (prefers-color-scheme: dark) { .app, .wait { color: #a8a8a8; } }
`

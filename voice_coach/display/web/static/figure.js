// Figures: SVG documents, each placed in a shadow tree of its own, so that they take the page's
// colours and follow its clock. Their style becomes a style sheet of that tree, because the page's
// content security policy allows no inline style.

const drawn = new Map();
const OURS = "svg { display: block; width: 100%; height: 100% } .f-ground, .f-floor { fill: none }";

async function load(key) {
  const answer = await fetch(`figure/${key}`);
  return answer.ok ? await answer.text() : null;
}

// Show the figure with this key in `host`, or nothing without a key.
export async function show(host, key) {
  if (host.dataset.figure === (key ?? "")) return;
  host.dataset.figure = key ?? "";
  const tree = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  tree.replaceChildren(); // never show the figure of another step
  if (!key) return;
  if (!drawn.has(key)) drawn.set(key, load(key).catch(() => null));
  const text = await drawn.get(key);
  if (text === null) drawn.delete(key);
  if (host.dataset.figure !== key) return; // another figure was asked for meanwhile
  if (text === null) {
    host.dataset.figure = "?";
    return;
  }
  const style = [];
  const bare = text.replace(/<style>([^]*?)<\/style>/g, (_, rules) => (style.push(rules), ""));
  const svg = new DOMParser().parseFromString(bare, "image/svg+xml").documentElement;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${style.join("\n")} ${OURS}`);
  tree.adoptedStyleSheets = [sheet];
  tree.replaceChildren(document.importNode(svg, true));
}

// Set how far the figure in `host` has moved, 0 to 1; null lets it move by itself.
export function lead(host, moved) {
  for (const animation of host.shadowRoot?.getAnimations?.() ?? []) {
    if (moved === null) {
      if (animation.playState === "paused") animation.play();
      continue;
    }
    animation.pause();
    const period = Number(animation.effect.getComputedTiming().duration);
    animation.currentTime = (moved * period) / 2;
  }
}

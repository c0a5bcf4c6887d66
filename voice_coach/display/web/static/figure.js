// Figures: pictures that stand alone, set into this page in a tree of their own, so that they take
// its colours and can be led by its clock. Their style becomes a sheet of that tree, for the page
// takes no style that is written into it.

const drawn = new Map();
const OURS = "svg { display: block; width: 100%; height: 100% } .f-ground, .f-floor { fill: none }";

async function load(key) {
  const answer = await fetch(`figure/${key}`);
  return answer.ok ? await answer.text() : null;
}

// Show the figure of this name in `host`; nothing where there is none.
export async function show(host, key) {
  if (host.dataset.figure === (key ?? "")) return;
  host.dataset.figure = key ?? "";
  const tree = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  tree.replaceChildren(); // another's would be wrong even for a moment
  if (!key) return;
  if (!drawn.has(key)) drawn.set(key, load(key).catch(() => null));
  const text = await drawn.get(key);
  if (text === null) drawn.delete(key);
  if (host.dataset.figure !== key) return; // another was asked for meanwhile
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

// Lead what moves in `host`: rest at 0, the furthest at 1; null lets it move by itself.
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

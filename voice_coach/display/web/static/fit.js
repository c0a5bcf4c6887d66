// Large words: as large as their box allows, up to a limit.

const done = new WeakMap();

const LARGEST = 0.094; // share of the page's width
const LEAST = 24; // pixels

// Make `element` as large as fits into its parent, beside its other children.
export function fit(element) {
  const box = element.parentElement;
  const wide = innerWidth > innerHeight ? innerWidth : 1.9 * innerWidth;
  const [least, most] = [LEAST, Math.max(LEAST, LARGEST * wide)];
  const state = [element.textContent, box.clientWidth, box.clientHeight, most].join("|");
  if (done.get(element) === state) return;
  done.set(element, state);
  let [low, high] = [least, most];
  const fits = (size) => {
    element.style.fontSize = `${size}px`;
    return box.scrollHeight <= box.clientHeight && element.scrollWidth <= element.clientWidth;
  };
  if (!fits(high)) {
    while (high - low > 1) {
      const middle = (low + high) / 2;
      if (fits(middle)) low = middle;
      else high = middle;
    }
    fits(low);
  }
}

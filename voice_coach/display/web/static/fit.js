// Large words: as large as their box allows, but no larger than is calm.

const done = new WeakMap();

const LARGEST = 0.094; // of the page's width
const LEAST = 24; // pixels

// Set `element` as large as it fits into its parent, beside what else stands there.
export function fit(element) {
  const box = element.parentElement;
  const wide = innerWidth > innerHeight ? innerWidth : 1.9 * innerWidth;
  const [least, most] = [LEAST, Math.max(LEAST, LARGEST * wide)];
  const told = [element.textContent, box.clientWidth, box.clientHeight, most].join("|");
  if (done.get(element) === told) return;
  done.set(element, told);
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

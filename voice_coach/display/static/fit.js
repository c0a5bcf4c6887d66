// Large words: as large as their box allows, between bounds that the style sheet sets.

const done = new WeakMap();

// Set `element` as large as it fits into its parent, beside what else stands there.
export function fit(element) {
  const box = element.parentElement;
  const style = getComputedStyle(element);
  const most = parseFloat(style.getPropertyValue("--largest"));
  const least = parseFloat(style.getPropertyValue("--smallest"));
  const told = [element.textContent, box.clientWidth, box.clientHeight, most, least].join("|");
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

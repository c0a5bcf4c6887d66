// The audio clock, as this page knows it.
//
// Each snapshot tells the audio time at which it was taken. It is never early, only late, by as long
// as it was on its way: so the largest difference to this page's own clock, of the last few, is the
// truest. The estimate is led there gently, so that nothing drawn by it jumps. Without news for a
// while the clock stands still: then nobody knows how the coach breathes.

const WINDOW = 3; // seconds of snapshots that are compared
const LEAP = 0.25; // seconds from which on the estimate jumps instead of being led
const GAIN = 0.2; // seconds by which it may be led within one
const TRUST = 1; // seconds it runs without news

export class AudioClock {
  #heard = [];
  #offset = null;
  #led = 0;

  reset() {
    this.#heard = [];
    this.#offset = null;
  }

  // Take an audio time, and when by this page's clock it was so; both in seconds.
  hear(audio, at) {
    this.#heard = this.#heard.filter((each) => at - each.at < WINDOW);
    this.#heard.push({ at, offset: audio - at });
    if (this.#offset === null || Math.abs(this.#target() - this.#offset) > LEAP) {
      this.#offset = this.#target();
    }
  }

  // Give the audio time now; null before any was heard.
  now(at) {
    if (this.#offset === null) return null;
    const most = GAIN * Math.min(1, Math.max(0, at - this.#led));
    const wrong = this.#target() - this.#offset;
    this.#offset += Math.max(-most, Math.min(most, wrong));
    this.#led = at;
    return Math.min(at, this.#heard.at(-1).at + TRUST) + this.#offset;
  }

  #target() {
    return Math.max(...this.#heard.map((each) => each.offset));
  }
}

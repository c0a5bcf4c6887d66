// The audio clock, as this page knows it.
//
// Each snapshot has the audio time at which it was taken. It arrives late, by the time it took, and
// never early. So the largest difference to this page's own clock, of the last few, is the best one.
// The estimate moves there slowly, so that nothing on the page jumps. Without news for a while the
// clock stands still, because the page does not know how the coach breathes.

const WINDOW = 3; // seconds of snapshots that are compared
const LEAP = 0.25; // seconds of error above which the estimate jumps instead of moving
const GAIN = 0.2; // seconds by which it may move within a second
const TRUST = 1; // seconds it runs without news

export class AudioClock {
  #heard = [];
  #offset = null;
  #led = 0;

  reset() {
    this.#heard = [];
    this.#offset = null;
  }

  // Take an audio time and the time of this page's clock when it arrived, both in seconds.
  hear(audio, at) {
    this.#heard = this.#heard.filter((each) => at - each.at < WINDOW);
    this.#heard.push({ at, offset: audio - at });
    if (this.#offset === null || Math.abs(this.#target() - this.#offset) > LEAP) {
      this.#offset = this.#target();
    }
  }

  // Return the audio time now; null before the first snapshot.
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

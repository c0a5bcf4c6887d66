// What the phone plays, sample by sample: what the coach sent, or its last words once it is lost.
// Pure: it knows no browser, and time is a count of samples.

const STORE = 1 << 16; // samples that are kept: four seconds
const FADE = 80; // samples in which what sounds gives way to what replaces it: 5 ms
const PATIENCE = 8000; // samples without a word from the coach after which it is lost: 0.5 s

export class Player {
  constructor() {
    this.store = new Float32Array(STORE);
    this.lastWords = new Float32Array(0);
    this.running = false;
    this.lost = ""; // why the coach is lost
  }

  // A session begins: count samples from here.
  begin() {
    this.store.fill(0);
    this.position = this.end = this.missed = this.unheard = 0;
    this.running = true;
  }

  // Play these samples from this one on, in place of what was to be played there.
  write(first, samples) {
    const { store, position } = this;
    const old = Array.from({ length: FADE }, (_, i) => store[(position + i) % STORE]);
    for (let i = Math.max(0, position - first); i < samples.length; i++) {
      store[(first + i) % STORE] = samples[i];
    }
    if (first <= position) {
      // What sounds now gives way without a click.
      for (let i = 0; i < FADE; i++) {
        const at = (position + i) % STORE;
        store[at] += (1 - (i + 1) / FADE) * (old[i] - store[at]);
      }
    }
    this.end = Math.max(this.end, first + samples.length);
  }

  // The coach is there.
  hear() {
    this.unheard = 0;
  }

  // Fall silent and say the last words, once.
  lose(why) {
    if (this.lost) return;
    this.lost = why;
    const now = this.position % STORE;
    const fading = Array.from({ length: FADE }, (_, i) => this.store[(now + i) % STORE]);
    this.words = Float32Array.from({ length: FADE + this.lastWords.length }, (_, i) =>
      i < FADE ? fading[i] * (1 - (i + 1) / FADE) : this.lastWords[i - FADE],
    );
    this.said = 0;
  }

  // The next sample for the loudspeaker.
  next() {
    if (this.lost) return this.words[this.said++] ?? 0;
    if (!this.running) return 0;
    if (this.unheard++ > PATIENCE) {
      this.lose("silent");
      return this.next();
    }
    if (this.position >= this.end) this.missed++;
    const at = this.position++ % STORE;
    const sample = this.store[at];
    this.store[at] = 0;
    return sample;
  }
}

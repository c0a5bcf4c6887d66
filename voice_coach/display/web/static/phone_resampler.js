// Changes the sample rate of a stream by windowed-sinc interpolation, sample by sample.
//
// The formula is the usual one (Smith, Digital Audio Resampling, ccrma.stanford.edu/~jos/resample):
// each output sample is the input, weighted by a sinc of the lower of both rates.

const LOBES = 16; // zero crossings on each side: flat to 7 of 8 kHz, and 1 ms of delay
const PHASES = 512; // places between two input samples; the nearest one is within -60 dB

export class Resampler {
  constructor(from, to) {
    this.step = from / to; // input samples for each output sample
    this.next = 0; // input samples until the next output sample
    const cutoff = Math.min(1, to / from);
    this.half = Math.ceil(LOBES / cutoff);
    this.line = new Float32Array(2 * this.half);
    this.newest = 0;
    this.kernels = Array.from({ length: PHASES + 1 }, (_, phase) =>
      Float32Array.from(this.line, (_, tap) => {
        const x = (tap + 1 - this.half - phase / PHASES) * cutoff;
        const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / LOBES);
        const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
        return Math.abs(x) < LOBES ? cutoff * window * sinc : 0;
      }),
    );
  }

  // Take the next input sample, and call `give` with each output sample that is complete.
  push(sample, give) {
    const { line } = this;
    this.newest = (this.newest + 1) % line.length;
    line[this.newest] = sample;
    for (; this.next < 1; this.next += this.step) {
      const kernel = this.kernels[Math.round(this.next * PHASES)];
      let sum = 0;
      let at = this.newest + 1; // the oldest
      for (let tap = 0; tap < kernel.length; tap++, at++) sum += line[at % line.length] * kernel[tap];
      give(sum);
    }
    this.next -= 1;
  }
}

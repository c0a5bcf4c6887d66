// The phone's sound card: plays what the coach sends, and reports that with what was heard meanwhile.
//
// One callback of the browser takes the microphone and fills the loudspeaker, so both have one clock.

import { Player } from "./phone_player.js";
import { Resampler } from "./phone_resampler.js";

const RATE = 16000; // samples a second inside the coach
const PIECE = 384; // samples in a report: 24 ms, three callbacks where the browser runs at that rate
const BEGIN = 1; // the kinds of frames, as in phone_frames.py
const SOUND = 2;
const LAST_WORDS = 3;
const END = 4;

class SoundCard extends AudioWorkletProcessor {
  constructor() {
    super();
    this.player = new Player();
    this.up = new Resampler(RATE, sampleRate);
    this.down = new Resampler(sampleRate, RATE);
    this.ready = []; // samples for the loudspeaker, at its own rate
    this.heard = [];
    this.played = [];
    this.told = "";
    this.port.onmessage = ({ data }) => {
      if (data.line) {
        this.line = data.line;
        this.line.onmessage = (message) => this.take(message.data);
      } else if (data.lost) this.player.lose(data.lost);
    };
  }

  // Take a frame from the coach.
  take({ kind, first, samples }) {
    const { player } = this;
    if (kind === BEGIN || kind === SOUND) player.hear(); // a beat is of the server, not of the coach
    if (kind === BEGIN) {
      player.begin();
      this.heard = [];
      this.played = [];
    } else if (kind === SOUND) player.write(first, samples);
    else if (kind === LAST_WORDS) player.lastWords = samples;
    else if (kind === END && first) player.lose("ended");
    else if (kind === END) player.running = false;
  }

  process([[microphone]], [[loudspeaker]]) {
    const { player } = this;
    const reporting = player.running && !player.lost;
    while (this.ready.length < loudspeaker.length) {
      const sample = player.next();
      if (reporting) this.played.push(sample);
      this.up.push(sample, (each) => this.ready.push(each));
    }
    loudspeaker.set(this.ready.splice(0, loudspeaker.length));
    for (let i = 0; i < loudspeaker.length; i++) {
      // Before the microphone is there, it is silent.
      this.down.push(microphone?.[i] ?? 0, (each) => reporting && this.heard.push(each));
    }
    if (this.line) this.report();
    if (player.lost !== this.told) {
      this.told = player.lost;
      this.port.postMessage({ lost: player.lost });
    }
    return true;
  }

  report() {
    if (Math.min(this.heard.length, this.played.length) < PIECE) return;
    this.line.postMessage({
      missed: this.player.missed,
      heard: Float32Array.from(this.heard.splice(0, PIECE)),
      played: Float32Array.from(this.played.splice(0, PIECE)),
    });
  }
}

registerProcessor("sound-card", SoundCard);

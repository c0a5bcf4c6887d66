// The phone as the coach's microphone and loudspeaker: begins with a touch, and watches what can fail.
//
// Whatever fails, the phone itself falls silent, shows red and says its last words from samples that
// it holds; the coach is told, and ends the session.

const RATE = 16000; // samples a second of the last words

const $ = (id) => document.getElementById(id);

let context = null;
let stream = null;
let node = null;
let worker = null;
let lastWords = null;
let ready = false; // whether the coach can use this phone's sound

export const isPhone = () => document.body.dataset.sound === "phone";

// Begin with microphone and loudspeaker, in the handler of a touch; tell whether they are there.
export async function begin() {
  if (ready) return true;
  show("");
  try {
    await open();
    ready = true;
  } catch (trouble) {
    close();
    show(["denied", "busy", "unreachable"].includes(trouble.message) ? trouble.message : "unusable");
  }
  return ready;
}

async function open() {
  if (!window.isSecureContext || !navigator.mediaDevices || !window.AudioWorkletNode) {
    throw new Error("unusable");
  }
  if (navigator.audioSession) navigator.audioSession.type = "play-and-record"; // Safari alone has it
  // "interactive" is 20 ms in Chromium. A busy phone is then too late for some, and each time the
  // echo comes later, which the canceller has to learn.
  context = new AudioContext({ latencyHint: 0.04 }); // seconds
  const resumed = context.resume(); // still in the touch, or no sound may play
  stream = await navigator.mediaDevices
    .getUserMedia({
      // The coach cancels its echo itself; what the browser does besides would disturb that.
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    })
    .catch(() => {
      throw new Error("denied");
    });
  await context.audioWorklet.addModule("static/phone_worklet.js");
  await resumed;
  node = new AudioWorkletNode(context, "sound-card", { outputChannelCount: [1] });
  context.createMediaStreamSource(stream).connect(node).connect(context.destination);
  worker = new Worker("static/phone_line.js", { type: "module" });
  const { port1, port2 } = new MessageChannel();
  node.port.postMessage({ line: port1 }, [port1]);
  worker.postMessage({ card: port2 }, [port2]);
  const answer = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => resolve({ refused: "unusable" });
  });
  if (answer.refused) throw new Error(answer.refused);
  worker.onmessage = ({ data }) => take(data);
  watch();
}

function take(news) {
  if (news.lastWords) lastWords = news.lastWords;
  if (news.lost) fail(news.lost);
  if (news.fault) fail("ended");
  else if (ready && (news.ended || news.closed)) close(); // a phone that failed still speaks
}

// ---------------------------------------------------------------- what can fail

function watch() {
  const [track] = stream.getAudioTracks();
  track.onmute = track.onended = () => fail("muted");
  node.port.onmessage = ({ data }) => data.lost && fail(data.lost);
  node.onprocessorerror = () => fail("broken");
  worker.onerror = () => fail("broken");
  context.onstatechange = () => context?.state !== "running" && fail("broken");
}

addEventListener("visibilitychange", () => document.hidden && ready && fail("hidden"));
addEventListener("pagehide", () => ready && fail("hidden"));

// Fall silent, show red, say the last words, and tell the coach.
function fail(why) {
  if (!ready) return;
  ready = false;
  worker.postMessage({ lost: why });
  show(why);
  stream.getTracks().forEach((track) => track.stop());
  node.port.postMessage({ lost: why });
  if (why === "broken" || context.state !== "running") sayWithoutSoundCard();
}

// The sound card is gone, so the browser's own player says the last words.
function sayWithoutSoundCard() {
  if (!lastWords) return;
  const wav = new DataView(new ArrayBuffer(44 + 2 * lastWords.length));
  const text = (place, letters) => [...letters].forEach((each, i) => wav.setUint8(place + i, each.charCodeAt(0)));
  text(0, "RIFF");
  wav.setUint32(4, 36 + 2 * lastWords.length, true);
  text(8, "WAVEfmt ");
  [[16, 16, 4], [20, 1, 2], [22, 1, 2], [24, RATE, 4], [28, 2 * RATE, 4], [32, 2, 2], [34, 16, 2]].forEach(
    ([place, number, bytes]) => (bytes === 4 ? wav.setUint32(place, number, true) : wav.setUint16(place, number, true)),
  );
  text(36, "data");
  wav.setUint32(40, 2 * lastWords.length, true);
  lastWords.forEach((sample, i) => wav.setInt16(44 + 2 * i, 32767 * sample, true));
  new Audio(URL.createObjectURL(new Blob([wav], { type: "audio/wav" }))).play().catch(() => null);
}

function close() {
  ready = false;
  worker?.terminate();
  stream?.getTracks().forEach((track) => track.stop());
  context?.close().catch(() => null);
  [context, stream, node, worker, lastWords] = [null, null, null, null, null];
}

// Show what failed: in red if a session was under way, else as a sentence.
function show(why) {
  const before = ["denied", "busy", "unreachable", "unusable"].includes(why);
  const sentence = why && $(`why-${why}`).textContent;
  $("phone-trouble").hidden = !before;
  $("phone-trouble").textContent = sentence;
  $("phone-lost").hidden = !why || before;
  $("phone-why").textContent = sentence;
}

$("phone-again").addEventListener("click", () => {
  close();
  show("");
});

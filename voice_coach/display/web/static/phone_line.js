// A worker: the line between the phone's sound card and the coach. A page that is busy drawing does
// not hold it up.
//
// Sound comes down in the stream of one answer. It goes up in requests, one after the other: each
// takes all that has been heard since the one before, so a slow network makes them longer, not more.

const HEADER = 12; // bytes: three numbers
const FULL_SCALE = 32767;
const AGAIN = 50; // milliseconds until a report is sent again that did not arrive
const ONE_TRY = 1000; // milliseconds a report may take
const STILL = 600; // milliseconds without a report from the sound card after which it stands still

let card = null; // the port to the sound card
let line = ""; // the name of the line
let waiting = []; // reports that are not sent yet
let first = 0; // the number of the first sample of those
let sending = false;
let running = false; // whether a session is under way
let heardAt = 0; // when the sound card last reported

const at = (path) => new URL(`../phone/${path}`, import.meta.url);

onmessage = async ({ data }) => {
  if (data.card) {
    card = data.card;
    card.onmessage = ({ data }) => hear(data);
    postMessage(await connect());
  } else if (data.lost) lose(data.lost);
};

async function connect() {
  const answer = await fetch(at("connect"), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  }).catch(() => null);
  if (!answer?.ok) return { refused: answer?.status === 409 ? "busy" : "unreachable" };
  ({ line } = await answer.json());
  listen();
  return { connected: true };
}

// ---------------------------------------------------------------- down

async function listen() {
  const answer = await fetch(at(`down?line=${line}`)).catch(() => null);
  const reader = answer?.ok ? answer.body.getReader() : null;
  let rest = new Uint8Array(0);
  while (reader) {
    const { value, done } = await reader.read().catch(() => ({ done: true }));
    if (done) break;
    const bytes = new Uint8Array(rest.length + value.length);
    bytes.set(rest);
    bytes.set(value, rest.length);
    rest = take(bytes);
  }
  // Without the coach the sound card falls silent by itself, and says why.
  if (!running) postMessage({ closed: true });
}

// Pass on all whole frames; return what is left.
function take(bytes) {
  const view = new DataView(bytes.buffer);
  let start = 0;
  while (start + HEADER <= bytes.length) {
    const [kind, number, count] = [0, 4, 8].map((place) => view.getUint32(start + place, true));
    const end = start + HEADER + 2 * count;
    if (end > bytes.length) break;
    const samples = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      samples[i] = view.getInt16(start + HEADER + 2 * i, true) / FULL_SCALE;
    }
    pass(kind, number, samples);
    start = end;
  }
  return bytes.slice(start);
}

function pass(kind, number, samples) {
  if (kind === 1) {
    [waiting, first, running, heardAt] = [[], 0, true, performance.now()];
  }
  if (kind === 3) postMessage({ lastWords: samples });
  if (kind === 4) {
    running = false;
    postMessage({ ended: true, fault: number === 1 });
  }
  card.postMessage({ kind, first: number, samples });
}

// ---------------------------------------------------------------- up

function hear(report) {
  heardAt = performance.now();
  if (!running) return;
  waiting.push(report);
  if (!sending) send();
}

async function send() {
  sending = true;
  while (waiting.length && running) {
    const reports = waiting;
    waiting = [];
    const body = written(reports);
    while (running && !(await arrived(body))) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
    first += reports.reduce((sum, each) => sum + each.heard.length, 0);
  }
  sending = false;
}

function written(reports) {
  const count = reports.reduce((sum, each) => sum + each.heard.length, 0);
  const view = new DataView(new ArrayBuffer(HEADER + 4 * count));
  [first, reports.at(-1).missed, count].forEach((each, i) => view.setUint32(4 * i, each, true));
  let place = HEADER;
  for (const name of ["heard", "played"]) {
    for (const report of reports) {
      for (const sample of report[name]) {
        const number = Math.round(Math.max(-1, Math.min(1, sample)) * FULL_SCALE);
        view.setInt16(place, number, true);
        place += 2;
      }
    }
  }
  return view.buffer;
}

// Tell whether the coach has a report, or no longer wants one.
async function arrived(body) {
  const answer = await fetch(at(`up?line=${line}`), {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body,
    signal: AbortSignal.timeout(ONE_TRY),
  }).catch(() => null);
  return answer !== null;
}

// ---------------------------------------------------------------- when something is lost

function lose(why) {
  if (!line) return;
  running = false;
  fetch(at(`lost?line=${line}`), {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ why }),
  }).catch(() => null);
}

setInterval(() => {
  if (running && performance.now() - heardAt > STILL) postMessage({ lost: "broken" });
}, 100);

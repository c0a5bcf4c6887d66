// The page: shows the newest snapshot and sends what is touched. It decides nothing.

import { beat } from "./breath.js";
import { AudioClock } from "./clock.js";
import { send as sendOnce } from "./command.js";
import { lead, show as showFigure } from "./figure.js";
import { fit } from "./fit.js";
import { listen } from "./listen.js";
import { begin, isPhone } from "./phone.js";

const URGENT = ["h", "x", "q", "pain", "stop"]; // keys and commands that are sent until they arrive
const TRIES = 5;
const AGAIN = 300; // milliseconds until the next try
const SEEN = 1500; // milliseconds for which it is shown that a command arrived
const NOTED = 8000; // the same, that it did not
const NEXT_DIGIT = 1000; // milliseconds to wait for a second digit
const QUIET = -60; // dBFS, where the level begins
const SMALLEST = 0.34; // size of the breath's circle when all air is out, as a share of its largest

const $ = (id) => document.getElementById(id);
const clock = new AudioClock();
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const seconds = () => performance.now() / 1000;

let snapshot = null; // the newest snapshot
let left = null; // the session whose end was closed to go home
let cards = null;

// ---------------------------------------------------------------- snapshots

function hear(message) {
  if (message.lost) {
    lose();
    return;
  }
  alive();
  if (message.snapshot) take(JSON.parse(message.snapshot));
}

function take(news) {
  if (snapshot?.session !== news.session) {
    clock.reset();
    cards = null;
  }
  snapshot = news;
  if (news.view) clock.hear(news.view.now + news.age, seconds());
  render();
}

function alive() {
  document.body.classList.remove("is-lost");
  $("lost").hidden = true;
  $("closed").hidden = true;
}

function lose() {
  const closed = snapshot?.view?.over && !snapshot.home;
  document.body.classList.toggle("is-lost", !closed);
  $("lost").hidden = closed;
  $("closed").hidden = !closed;
  clock.reset();
}

// ---------------------------------------------------------------- commands

// Choose what to do. On a phone, the touch also opens its microphone and its loudspeaker.
async function start(choice) {
  if (isPhone() && screen() === "home" && !(await begin())) return;
  send({ choose: choice });
}

async function send(what) {
  // Pain and stop may arrive twice without harm, so they are tried again.
  const urgent = URGENT.includes(what.key ?? what.command);
  for (let tries = urgent ? TRIES : 1; tries > 0; tries--) {
    const how = await sendOnce(what);
    note(how, how === "notArrived" ? NOTED : SEEN);
    if (how !== "notArrived") return;
    if (tries > 1) await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
}

let noted = 0;

function note(what, milliseconds) {
  clearTimeout(noted);
  $("sent").dataset.what = what;
  put("sent", document.body.dataset[what]);
  tell(document.body.dataset[what]);
  noted = setTimeout(() => put("sent", ""), milliseconds);
}

let digits = "";
let waiting = 0;

function choose() {
  const card = cards?.cards[Number(digits) - 1];
  digits = "";
  clearTimeout(waiting);
  if (card) send({ choose: card.id });
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const on = event.target.closest?.("button, summary, input, a, label");
  if (on && [" ", "Enter"].includes(event.key)) return; // the browser handles it
  if (event.key === "Escape") $("switches").open = false;
  let key = event.key === "Enter" ? " " : event.key.toLowerCase();
  if (key.length !== 1 || (key !== " " && !$("letter-keys").checked)) return;
  if (screen() !== "session" && screen() !== "alarm" && screen() !== "choosing") return;
  if (key >= "0" && key <= "9") {
    if (screen() !== "choosing" || !cards) return;
    digits += key;
    clearTimeout(waiting);
    if (10 * Number(digits) > cards.cards.length) choose();
    else waiting = setTimeout(choose, NEXT_DIGIT);
    return;
  }
  if (key === " ") event.preventDefault();
  digits = "";
  send({ key });
});

// ---------------------------------------------------------------- rendering

function screen() {
  if (!snapshot) return "waiting";
  if (snapshot.starting) return "starting";
  const view = snapshot.view;
  const over = !snapshot.running && snapshot.session === left;
  if (snapshot.home && (snapshot.session === 0 || over)) return "home";
  if (!view) return snapshot.running ? "starting" : snapshot.home ? "home" : "waiting";
  if (view.alarm && view.state !== "pain confirmation") return "alarm";
  if (!snapshot.running || view.over) return "end";
  return view.choosing ? "choosing" : "session";
}

function put(id, text, stays = false) {
  const element = typeof id === "string" ? $(id) : id;
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === "" && !stays;
}

function arc(id, share) {
  $(id).style.strokeDasharray = `${share.toFixed(4)} 1`;
  $(id).classList.toggle("empty", share <= 0);
}

function lines(id, sentences, now = "") {
  const list = $(id);
  const text = sentences.join("\n");
  if (list.dataset.shown !== text) {
    list.dataset.shown = text;
    list.replaceChildren(
      ...sentences.map((sentence) => {
        const item = document.createElement("li");
        item.textContent = sentence;
        return item;
      }),
    );
  }
  for (const item of list.children) item.classList.toggle("now", item.textContent === now);
}

function render() {
  const where = screen();
  const body = document.body;
  const view = snapshot.view;
  if (body.dataset.screen !== where) {
    body.dataset.screen = where;
    scrollTo(0, 0);
  }
  body.dataset.state = view && where !== "home" ? view.state : "";
  body.dataset.outcome = (view && where !== "home" && view.outcome) || "";
  const choosing = where === "home" || where === "choosing";
  $("home").hidden = !choosing;
  $("session").hidden = !["session", "starting", "end"].includes(where);
  $("alarm").hidden = where !== "alarm";
  $("end").hidden = !snapshot.ending || !["end", "alarm"].includes(where);
  if (!$("end").hidden) renderEnding(snapshot.ending);
  $("foot").hidden = !["session", "choosing"].includes(where) || !snapshot.running;
  $("back-home").hidden = !(snapshot.home && !snapshot.running);
  if (choosing) renderHome(where);
  if (where === "starting") renderStart();
  if (view && !["home", "starting"].includes(where)) renderView(view, where);
  document.title = title(view, where);
  keepAwake(snapshot.running);
  if (!$("session").hidden) fit($("headline"));
}

function renderEnding({ sentences, steps }) {
  lines("summary", sentences);
  const list = $("steps-done");
  const key = JSON.stringify([snapshot.session, steps]);
  if (list.dataset.shown === key) return;
  list.dataset.shown = key;
  const whole = steps.reduce((sum, each) => sum + each.seconds, 0);
  const hurt = snapshot.view.outcome === "pain";
  $("time-line").replaceChildren(
    ...steps.map((step, place) => {
      const part = document.createElement("i");
      part.style.flexGrow = String(step.seconds / whole);
      part.classList.toggle("hurt", hurt && place === steps.length - 1);
      return part;
    }),
  );
  list.replaceChildren(
    ...steps.map((step) => {
      const item = $("step-done").content.cloneNode(true).firstElementChild;
      for (const name of ["title", "side", "time"]) put(item.querySelector(`.${name}`), step[name]);
      const figure = item.querySelector(".small");
      showFigure(figure, step.figure).then(() => lead(figure, 1));
      return item;
    }),
  );
}

function keep() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([snapshot.ending.page], { type: "text/html" }));
  link.download = `${snapshot.view.routine || "session"}.html`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function renderStart() {
  for (const id of ["routine", "recording", "place", "who", "phase", "left", "round"]) put(id, "");
  put("saying", "", true);
  put("headline", document.body.dataset.starting);
  showFigure($("figure"), null);
  arc("ring-steps", 0);
  arc("ring-time", 0);
  $("stage").dataset.phase = "";
}

function title(view, where) {
  const app = document.body.dataset.title;
  if (!view || where === "home" || where === "starting") return app;
  return [view.headline, view.routine].filter(Boolean).join(" · ") || app;
}

function renderView(view, where) {
  put("routine", view.routine);
  put("recording", view.recording);
  put("place", view.outcome ? "" : view.place);
  put("who", view.who);
  put("headline", view.headline);
  put("saying", view.saying || view.hint, true);
  $("saying").classList.toggle("hint", !view.saying);
  put("phase", view.phase);
  put("left", view.left);
  put("round", view.round);
  $("session").dataset.hands = view.hands;
  $("session").classList.toggle("to-partner", view.to_partner);
  $("stage").dataset.phase = view.breath ? "breath" : view.left ? "hold" : "";
  arc("ring-steps", view.steps ? view.step / view.steps : 0);
  showFigure($("figure"), view.figure);
  put("heard-words", view.heard);
  $("heard").classList.toggle("fresh", view.fresh);
  $("heard").hidden = !view.heard;
  put("listening", view.listening);
  const level = view.level === null ? 0 : Math.max(0, 1 - view.level / QUIET);
  $("level").hidden = view.level === null;
  $("level").setAttribute("aria-valuenow", String(Math.round(view.level ?? QUIET)));
  $("level").firstChild.style.transform = `scaleX(${Math.min(1, level).toFixed(3)})`;
  renderButtons(view);
  if (where === "alarm") {
    put("alarm-headline", view.headline);
    put("alarm-over", view.alarm.over);
    lines("note", view.alarm.note, view.saying);
    put("signs-head", view.alarm.signs_head);
    lines("signs-list", view.alarm.signs);
    $("signs").hidden = !view.alarm.signs.length;
  }
  tell([view.headline, view.who].filter(Boolean).join(", "));
}

function renderButtons(view) {
  const groups = { buttons: view.buttons.filter((b) => b.key), "more-buttons": view.buttons.filter((b) => !b.key) };
  for (const [id, wanted] of Object.entries(groups)) {
    const group = $(id);
    const there = new Map([...group.children].map((each) => [each.dataset.command, each]));
    wanted.forEach((button, place) => {
      const element = there.get(button.command) ?? makeButton(button);
      there.delete(button.command);
      if (element.dataset.label !== button.label + button.key_name) {
        element.dataset.label = button.label + button.key_name;
        element.firstChild.textContent = button.label;
        element.lastChild.textContent = button.key_name;
        element.lastChild.hidden = !button.key_name;
        if (button.key) element.setAttribute("aria-keyshortcuts", button.key === " " ? "Space" : button.key);
      }
      element.classList.toggle("primary", button.key === " ");
      if (group.children[place] !== element) group.insertBefore(element, group.children[place] ?? null);
    });
    for (const element of there.values()) element.remove();
  }
  $("more").hidden = !groups["more-buttons"].length;
}

function makeButton({ command }) {
  const element = document.createElement("button");
  element.type = "button";
  element.dataset.command = command;
  element.append(document.createElement("span"), document.createElement("kbd"));
  element.lastChild.setAttribute("aria-hidden", "true");
  element.addEventListener("click", () => send({ command }));
  return element;
}

async function renderHome(where) {
  lines("notices", snapshot.notices);
  $("past").hidden = $("ask-me").hidden = where !== "home";
  const asking = where === "choosing";
  put("home-title", asking ? snapshot.view.headline : document.body.dataset.title);
  put("tagline", asking ? snapshot.view.saying || snapshot.view.hint : document.body.dataset.tagline);
  $("last").hidden = where !== "home" || !snapshot.ending;
  if (cards) return;
  cards = { cards: [], plans: [] };
  const answer = await fetch("home").catch(() => null);
  if (!answer?.ok) {
    cards = null;
    return;
  }
  cards = await answer.json();
  $("cards").replaceChildren(...cards.cards.map(makeCard));
  $("plans").replaceChildren(...cards.plans.map(makePlan));
  $("planned").hidden = !cards.plans.length;
  const picture = $("history");
  picture.parentElement.hidden = !cards.history;
  $("no-history").hidden = Boolean(cards.history);
  if (cards.history) {
    picture.alt = cards.history;
    picture.src = `history.svg?${snapshot.session}`;
  }
}

function makeCard(card) {
  const item = $("card").content.cloneNode(true).firstElementChild;
  const part = (name) => item.querySelector(`.${name}`);
  for (const name of ["title", "minutes", "summary", "things", "strong"]) {
    put(part(`card-${name}`), card[name]);
  }
  const emblem = part("emblem");
  showFigure(emblem, card.figure).then(() => lead(emblem, 1));
  for (const [begins, ends] of [["pointerenter", "pointerleave"], ["focusin", "focusout"]]) {
    item.addEventListener(begins, () => lead(emblem, $("figures-move").checked ? null : 1));
    item.addEventListener(ends, () => lead(emblem, 1));
  }
  item.firstElementChild.addEventListener("click", () => start(card.id));
  return item;
}

function makePlan(plan) {
  const item = $("plan").content.cloneNode(true).firstElementChild;
  put(item.querySelector("b"), plan.area);
  const lengths = item.querySelector("span");
  lengths.setAttribute("aria-label", plan.area);
  for (const length of plan.lengths) {
    const button = document.createElement("button");
    button.type = "button";
    put(button, length.label);
    button.addEventListener("click", () => start(length.id));
    lengths.append(button);
  }
  return item;
}

// For a screen reader, if switched on: the coach's own voice says everything anyway.
function tell(sentence) {
  if ($("announcer").textContent !== sentence) $("announcer").textContent = sentence;
}

// ---------------------------------------------------------------- movement

let longest = { step: "", seconds: 0 };

function draw() {
  requestAnimationFrame(draw);
  const view = snapshot?.view;
  const now = clock.now(seconds());
  if (!view || now === null || !["session", "end"].includes(document.body.dataset.screen)) return;
  const circle = $("breath");
  const pace = view.breath && beat(view.breath, view.rounds, now);
  const full = pace ? pace.full : 0;
  const shown = calm.matches ? Math.round(full) : full;
  circle.style.transform = `scale(${(SMALLEST + (1 - SMALLEST) * shown).toFixed(4)})`;
  circle.dataset.phase = pace ? pace.phase : "";
  drawHeardBreath($("heard-breath"), view, now);
  lead($("figure"), moved(view, pace));
  const step = `${snapshot.session} ${view.step}`;
  if (view.seconds_left === null) arc("ring-time", 0);
  else {
    if (longest.step !== step || view.seconds_left > longest.seconds) {
      longest = { step, seconds: view.seconds_left };
    }
    arc("ring-time", Math.max(0, view.seconds_left - (now - view.now)) / longest.seconds);
  }
}

// The breath that is heard, as a second line on the time of the round, from left to right.
function drawHeardBreath(line, view, now) {
  const { breath: cued, heard_breath: heard } = view;
  line.hidden = !cued;
  if (!cued || !heard) return void (line.firstChild.style.width = "0");
  const share = (at) => Math.min(1, Math.max(0, (at - cued.start) / (cued.end - cued.start)));
  const first = share(heard.began);
  line.firstChild.style.left = `${(100 * first).toFixed(1)}%`;
  line.firstChild.style.width = `${(100 * (share(heard.ended ?? now) - first)).toFixed(1)}%`;
}

// How far the figure has moved: with the breath, fully in a hold; null while it moves by itself.
function moved(view, pace) {
  if (!$("figures-move").checked) return 1;
  if (pace) return pace.phase === "out" ? pace.fraction : 1 - pace.fraction;
  return ["telling", "waiting"].includes(view.state) ? null : 1;
}

let awake = null;

async function keepAwake(wanted) {
  if (!wanted) {
    awake?.release();
    awake = null;
  } else if (!awake && document.visibilityState === "visible") {
    awake = { release: () => {} };
    try {
      awake = await navigator.wakeLock.request("screen");
      awake.addEventListener("release", () => (awake = null));
    } catch {
      // the screen may go dark; the coach goes on
    }
  }
}

// ---------------------------------------------------------------- switches

function remember(id, change) {
  const box = $(id);
  const kept = localStorage.getItem(id);
  if (kept !== null) box.checked = kept === "true";
  box.addEventListener("change", () => {
    localStorage.setItem(id, String(box.checked));
    change(box.checked);
  });
  change(box.checked);
}

remember("speak-screen", (on) => $("announcer").setAttribute("aria-live", on ? "polite" : "off"));
remember("letter-keys", () => {});
remember("figures-move", () => {});
$("ask-me").addEventListener("click", () => start(""));
$("save").addEventListener("click", keep);
$("last").addEventListener("click", () => {
  left = null;
  render();
});
$("back-home").addEventListener("click", () => {
  left = snapshot.session;
  cards = null;
  render();
});
$("full-screen").addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
});
addEventListener("resize", () => snapshot && render());

listen(hear, isPhone());
draw();

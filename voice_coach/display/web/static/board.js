// The board: shows the newest snapshot of all rooms and sends what is touched. It decides nothing.

import { send } from "./command.js";
import { listen } from "./listen.js";

const NOTED = 8000; // milliseconds for which it is shown how a command went

const $ = (id) => document.getElementById(id);
let choices = [];

let banner = ""; // what the newest snapshot says is wrong

function hear(message) {
  const before = document.body.classList.contains("is-lost");
  document.body.classList.toggle("is-lost", Boolean(message.lost));
  if (message.lost) {
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    if (!before) put($("banner"), document.body.dataset.lost.replace("{time}", time));
  } else if (message.snapshot) take(JSON.parse(message.snapshot));
  else put($("banner"), banner);
}

function take(news) {
  choices = news.choices;
  banner = news.banner;
  put($("banner"), banner);
  put($("alert"), news.alert);
  $("no-rooms").hidden = news.rooms.length > 0;
  lines($("notes"), news.notes);
  keep($("rooms"), news.rooms, (room) => room.name, makeRoom, fillRoom);
  fillPeople(news);
  document.title = [news.alert, document.body.dataset.title].filter(Boolean).join(" · ");
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === "";
}

function lines(list, sentences) {
  keep(list, sentences.map((text, place) => ({ text, place })), ({ place }) => place,
    () => document.createElement("li"), (item, { text }) => put(item, text));
}

// Bring the items of a list into this order; what is there already stays, with what is typed in it.
function keep(list, wanted, keyOf, make, fill) {
  const there = new Map([...list.children].map((item) => [item.dataset.key, item]));
  wanted.forEach((each, place) => {
    const key = String(keyOf(each));
    const item = there.get(key) ?? make(each);
    there.delete(key);
    item.dataset.key = key;
    fill(item, each);
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
  });
  for (const item of there.values()) item.remove();
}

const made = (id) => $(id).content.cloneNode(true).firstElementChild;

function makeRoom({ name }) {
  const item = made("room");
  const [select, button] = item.querySelector("form").elements;
  for (const [value, title] of choices) select.add(new Option(title, value));
  item.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (select.value) tell({ start: select.value, room: name }, "asked");
    select.value = "";
    button.disabled = true;
  });
  select.addEventListener("change", () => (button.disabled = !select.value));
  button.disabled = true;
  item.querySelector(".coming").addEventListener("click", () =>
    tell({ say: "coming", room: name }, "comingAsked"));
  return item;
}

function fillRoom(item, room) {
  const part = (name) => item.querySelector(name);
  item.dataset.look = room.look;
  put(part("h2"), room.name);
  put(part(".headline"), room.headline);
  put(part(".detail"), room.detail);
  part(".coming").hidden = !room.announces;
  part(".start").hidden = !room.starts;
  part("select").setAttribute("aria-label", room.start_what);
  part(".none-today").hidden = room.today.length > 0;
  lines(part(".today"), room.today);
  keep(part(".alarms"), room.alarms, (alarm) => alarm.id, (alarm) => makeAlarm(room.name, alarm),
    (each, alarm) => put(each.firstElementChild, alarm.text));
}

function makeAlarm(name, { id }) {
  const item = made("alarm");
  item.querySelector("button").addEventListener("click", () => tell({ acknowledge: id, room: name }, ""));
  return item;
}

// People and plans

const LONGEST = 10000; // bytes of a file that are read: more than a plan may have

function fillPeople(news) {
  options($("assign").elements.room, news.rooms.map((room) => room.name).sort());
  options($("assign").elements.minutes, news.minutes.map(String));
  put($("refused"), news.refused);
  $("no-people").hidden = news.people.length > 0;
  keep($("people"), news.people, (person) => person.name, makePerson, fillPerson);
}

// Offer these; what is chosen stays chosen while it is there.
function options(select, wanted) {
  if ([...select.options].map((option) => option.value).join("\n") === wanted.join("\n")) return;
  const chosen = select.value;
  select.replaceChildren(...wanted.map((each) => new Option(each)));
  if (wanted.includes(chosen)) select.value = chosen;
}

function makePerson({ name, forget_sure: sure }) {
  const item = made("person");
  item.querySelector(".withdraw").addEventListener("click", () =>
    tell({ withdraw: item.dataset.assignment }, ""));
  item.querySelector(".forget").addEventListener("click", () => {
    if (confirm(sure)) tell({ forget: name }, "");
  });
  return item;
}

function fillPerson(item, person) {
  const part = (name) => item.querySelector(name);
  item.dataset.assignment = person.assignment;
  put(part("h3"), person.name);
  put(part(".plan"), person.plan);
  part(".withdraw").hidden = person.assignment === "";
  part(".results").setAttribute("aria-label", person.results_of);
  part(".results").hidden = person.results.length === 0;
  lines(part(".results"), person.results);
}

$("assign").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const { to, room, minutes, plan } = form.elements;
  const text = await plan.files[0].slice(0, LONGEST).text();
  const how = await tell({ assign: text, to: to.value, room: room.value, minutes: Number(minutes.value) }, "assigned");
  if (how === "arrived") form.reset();
});

let noted = 0;

// Send a command, and say how that went; what has arrived is said with `arrived`, if at all.
async function tell(what, arrived) {
  const how = await send(what);
  const sent = $("sent");
  clearTimeout(noted);
  sent.dataset.what = how;
  put(sent, document.body.dataset[how === "arrived" ? arrived : how] ?? "");
  noted = setTimeout(() => put(sent, ""), NOTED);
  return how;
}

listen(hear);

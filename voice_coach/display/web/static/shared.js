// One connection for all tabs: a browser opens six to one address, and commands need one of them.

import { Connection } from "./connection.js";

const tabs = [];
const connection = new Connection((message) => tabs.forEach((tab) => tab.postMessage(message)));

addEventListener("connect", ({ ports: [tab] }) => {
  tabs.push(tab);
  connection.open();
});

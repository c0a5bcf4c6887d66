// Hears what the server tells: through one connection for all tabs, where the browser can share it.

import { Connection } from "./connection.js";

export function listen(hear, alone = false) {
  if (!window.SharedWorker || alone) {
    new Connection(hear).open();
    return;
  }
  const { port } = new SharedWorker(new URL("./shared.js", import.meta.url), { type: "module" });
  port.onmessage = ({ data }) => hear(data);
}

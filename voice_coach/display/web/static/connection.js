// The connection to the coach: tells each snapshot as text, each pulse, and when the coach is lost.

const LOST = 3000; // milliseconds without news after which the coach counts as lost
const AGAIN = 700; // milliseconds until it connects again

export class Connection {
  constructor(tell) {
    this.tell = tell;
    setInterval(() => this.source && performance.now() - this.heardAt > LOST && this.lose(), 500);
  }

  // A new connection is sent the newest snapshot at once.
  open() {
    clearTimeout(this.timer);
    this.source?.close();
    this.heardAt = performance.now();
    this.source = new EventSource(new URL("../events", import.meta.url));
    this.source.onmessage = ({ data }) => this.hear({ snapshot: data });
    this.source.addEventListener("pulse", () => this.hear({}));
    this.source.onerror = () => this.lose();
  }

  hear(message) {
    this.heardAt = performance.now();
    this.tell(message);
  }

  lose() {
    this.source.close();
    this.source = null;
    this.tell({ lost: true });
    this.timer = setTimeout(() => this.open(), AGAIN);
  }
}

// Sends one command of a page to its server, and tells how that went.

const PATIENCE = 2000; // milliseconds for an answer; it takes hundredths of a second

// Give "arrived", "nothingNow" or "notArrived".
export async function send(what) {
  const answer = await fetch("command", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(what),
    signal: AbortSignal.timeout(PATIENCE),
  }).catch(() => null);
  if (answer?.ok) return "arrived";
  return answer?.status === 409 ? "nothingNow" : "notArrived";
}

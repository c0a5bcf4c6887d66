// How far a breath has come. Times are those of the audio clock, in seconds.

// Return the phase at `now`, the share of it that is over, and how full the lungs are, 0 to 1.
// Later rounds count as equal to the one in the snapshot, until the next snapshot.
export function beat({ start, turn, end, number }, rounds, now) {
  const round = end - start;
  const later = Math.max(0, Math.floor((now - start) / round));
  const into = now - start - Math.min(later, rounds - 1 - number) * round;
  const phase = into < turn - start ? "in" : "out";
  const over = phase === "in" ? into / (turn - start) : (into - (turn - start)) / (end - turn);
  const fraction = Math.min(1, Math.max(0, over));
  const eased = (1 - Math.cos(Math.PI * fraction)) / 2;
  return { phase, fraction, full: phase === "in" ? eased : 1 - eased };
}

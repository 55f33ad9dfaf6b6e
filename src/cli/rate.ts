// How fast a run goes, from the times of its steps: recent enough to follow a change, long enough to be calm.

export interface Rate {
  /** Step number `step` ended `time` seconds after the attempt began. */
  observe(step: number, time: number): void;
  /** Steps a second over the window; 0 until two steps were seen. */
  stepsPerSecond(): number;
}

/** The window ends with the last step and spans `seconds`, or two steps where those take longer. */
export function createRate(seconds = 20): Rate {
  const interval = seconds / 200;
  const marks: { step: number; time: number }[] = [];
  let last = { step: 0, time: 0 };
  return {
    observe(step, time) {
      const newest = marks.at(-1);
      if (newest && last.time - newest.time >= interval) marks.push(last);
      if (!newest) marks.push({ step, time });
      last = { step, time };
      while (marks.length > 1 && marks[1].time <= time - seconds) marks.shift();
    },
    stepsPerSecond() {
      const first = marks[0];
      return first && last.time > first.time ? (last.step - first.step) / (last.time - first.time) : 0;
    },
  };
}

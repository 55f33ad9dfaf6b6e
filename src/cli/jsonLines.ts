// Events as lines of JSON: one object a line, the values of a step beside its number.
import { type TrainerEvent } from '../trainer/events';

/** JSON has no word for them, so a number that is not finite is the string "NaN", "Infinity" or "-Infinity". */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? String(inner) : inner,
  );
}

/** The line of an event, without its line end. */
export function eventLine(event: TrainerEvent): string {
  if (event.event !== 'step') return toJson(event);
  const { values, ...rest } = event;
  return toJson({ ...rest, ...values });
}

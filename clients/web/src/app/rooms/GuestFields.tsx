import { type GuestWish, HOURS, PURGES, withHours, withOpening } from "#app/rooms/hours.ts";
import { Field } from "#app/ui/Field.tsx";
import { Select } from "#app/ui/Select.tsx";
import { useServerTime } from "#app/ui/useServerTime.ts";
import { VERBATIM } from "#app/ui/verbatim.ts";

interface Props {
  readonly wish: GuestWish;
  /** What the server found wrong, by its names. */
  readonly faults: Readonly<Record<string, string>>;
  readonly onChange: (wish: GuestWish) => void;
}

/** What a room of guests wants to know more than others. */
export function GuestFields({ wish, faults, onChange }: Props) {
  const now = useServerTime();
  return (
    <>
      <Select
        label="Open"
        value={wish.hours}
        choices={HOURS}
        onChange={(hours) => onChange(withHours(wish, hours, now()))}
      />
      {wish.hours === "set" && (
        <>
          <Field
            label="Opens"
            type="datetime-local"
            hint="Until then guests wait at the door. Empty: at once."
            value={wish.opens}
            fault={faults.opens_at}
            onChange={(event) => onChange(withOpening(wish, event.target.value))}
          />
          <Field
            label="Closes"
            type="datetime-local"
            hint="Empty: until you close it."
            value={wish.closes}
            fault={faults.closes_at}
            onChange={(event) => onChange({ ...wish, closes: event.target.value })}
          />
        </>
      )}
      <Field
        label="Password"
        hint="Optional: guests need it beside the link."
        {...VERBATIM}
        minLength={4}
        value={wish.password}
        fault={faults.password}
        onChange={(event) => onChange({ ...wish, password: event.target.value })}
      />
      <Select
        label="When it is over"
        value={wish.purge}
        choices={PURGES}
        onChange={(purge) => onChange({ ...wish, purge })}
      />
    </>
  );
}

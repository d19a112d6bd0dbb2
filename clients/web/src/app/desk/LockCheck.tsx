import { Check } from "#app/ui/Check.tsx";

interface Props {
  readonly isLocked: boolean;
  readonly isBusy: boolean;
  readonly onChange: (isLocked: boolean) => void;
}

export function LockCheck({ isLocked, isBusy, onChange }: Props) {
  return (
    <Check
      label="Lock the door"
      hint="Nobody more comes in. Who is in stays."
      isOn={isLocked}
      isDisabled={isBusy}
      onChange={onChange}
    />
  );
}

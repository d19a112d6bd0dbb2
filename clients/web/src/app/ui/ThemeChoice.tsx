import { chooseTheme, THEMES, type Theme, useTheme } from "#app/theme.ts";

interface Props {
  /** Alone at the foot of a page it needs no heading for the eye. */
  readonly isPlain?: boolean;
  /** Hears what was chosen, after this browser wears it. */
  readonly onChoose?: (theme: Theme) => void;
}

/** Light, dark, or as the system has it. */
export function ThemeChoice({ isPlain = false, onChoose }: Props) {
  const theme = useTheme();
  return (
    <fieldset>
      <legend className={isPlain ? "sr-only" : "px-2 pb-1 text-xs font-semibold text-soft"}>
        Theme
      </legend>
      <div className="flex rounded-lg bg-panel p-0.5">
        {THEMES.map((choice) => (
          <label
            key={choice}
            className="flex min-h-10 grow cursor-pointer items-center justify-center rounded-md px-2 text-sm text-soft hover:text-ink has-checked:bg-raised has-checked:font-medium has-checked:text-ink has-checked:shadow-float has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="theme"
              className="sr-only"
              checked={theme === choice}
              onChange={() => {
                chooseTheme(choice);
                onChoose?.(choice);
              }}
            />
            {WORDS[choice]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const WORDS: Readonly<Record<Theme, string>> = { system: "System", light: "Light", dark: "Dark" };
